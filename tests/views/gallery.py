"""Draws every message, card, dialog and Home for `docs/cards.md`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.domain.agreements.agreement import Agreement, ChangeKind
from bot.domain.agreements.money import Money
from bot.domain.agreements.period import Period
from bot.domain.agreements.plan import Category, Quota
from bot.domain.agreements.proposal import Downgrade, Proposal
from bot.domain.agreements.quota import Standing, Usage
from bot.domain.agreements.recurring_task import OpenTask
from bot.domain.agreements.statement import Adjustment, Line, Statement
from bot.domain.escalation.decision import Audience
from bot.domain.escalation.ladder import Step
from bot.domain.ids import AgreementId, ChannelId, ClientId, UserId
from bot.domain.reports.digest import Attainment, ComingLine, Digest, DigestLine, QuotaLine, Review
from bot.domain.ticket import Side, Source, TicketState
from bot.domain.tickets.cause import Passage
from bot.domain.tickets.cause import Step as CauseStep
from bot.domain.tickets.ticket_view import TicketView, client_ticket_view
from bot.slack_ts import MessageTs
from bot.views import refusals
from bot.views import refusals as refusals_module
from bot.views.agreements import agreement_changes as agreement
from bot.views.agreements import change_agreement as agreement_modals
from bot.views.agreements import plan, withdraw_downgrade
from bot.views.agreements import recurring_tasks as duties
from bot.views.agreements import statements as money
from bot.views.escalation import ping, pings
from bot.views.intake import add_message, edits, open_ticket, where_to_write, which_ticket
from bot.views.intake import ask as ask_module
from bot.views.operations import alarm, out_of_use
from bot.views.reports import digest, digest_csv, home
from bot.views.reports import lists as listing
from bot.views.reports.chart import attainment_chart
from bot.views.reports.digest import review_message
from bot.views.sla import why
from bot.views.tickets import client_card, mirror, triage_card
from bot.views.tickets.closing import merge, reopen
from bot.views.tickets.closing import merge as merge_module
from bot.views.tickets.closing import resolve as resolve_module
from bot.views.tickets.handling import assign, snooze
from bot.views.tickets.handling import assign as assign_module
from bot.views.tickets.handling import note as note_module
from bot.views.tickets.handling import reply as reply_module
from bot.views.tickets.handling import snooze as snooze_module
from bot.views.tickets.triage import category as category_module
from bot.views.tickets.triage import cause
from bot.views.tickets.triage import severity as severity_module
from tests.views.drawing import drawn
from tests.views.ticket_views import (
    ANSWERED,
    AUTHOR,
    CLOCKS,
    CRITICAL,
    CRITICAL_SHEET,
    DUE,
    ENGINEER,
    LATE,
    OPENED,
    PLAN,
    READER,
    RESOLVED,
    UNTRIAGED,
    WARN,
    ZONE,
    ticket_view,
)

PAGE = Path(__file__).parents[2] / "docs" / "cards.md"
COMMAND = "python -m tests.views.gallery"
FIRST = f"""# Every card

What people see, drawn as wide as a phone: ▾ and … are what a menu offers, ? what is asked before a
press counts. Made by `{COMMAND}` from the builders in `bot/views`; a test holds
that it is what they build.
"""
MONTH_BEGINS, MONTH_ENDS = (
    datetime(2026, month, day, 19, 0, tzinfo=UTC) for month, day in ((2, 28), (3, 31))
)
_PLACE = (ChannelId("C0ACME"), MessageTs.parse("1773392400.000100"), "Standard")
STATEMENT = Statement(
    "ACME",
    "Acme",
    ZONE,
    Period(MONTH_BEGINS, MONTH_ENDS),
    MONTH_ENDS,
    ("Standard",),
    (
        Line("ACME-21", OPENED, AUTHOR, *_PLACE, 20, 20, None),
        Line("ACME-22", OPENED, AUTHOR, *_PLACE, 21, 20, Money(2500, "USD")),
        Line("ACME-23", OPENED, "Ann", None, None, "Standard", 22, 20, Money(2500, "USD"), "Ours"),
    ),
    (
        Adjustment(
            "ACME-9",
            OPENED,
            AUTHOR,
            *_PLACE[:2],
            counted=False,
            was=Money(2500, "USD"),
            now=None,
            why="it was no ticket",
        ),
    ),
)
SEVERITIES = [sla_target.severity for sla_target in PLAN.sla_targets]
KINDS = [Category("bug", "Bug resolution", True), Category("training", "User training", False)]
BEYOND = replace(UNTRIAGED, standing=Standing(21, 20, Money(2500, "USD")))
UNCOVERED = replace(
    ticket_view(category="training", counted=False),
    plan=replace(PLAN, categories=tuple(KINDS)),
    standing=None,
)
FAULT = replace(ticket_view(fault="Our update broke it", counted=False), standing=None)
WITHDRAWN = replace(ticket_view(state=TicketState.WITHDRAWN, counted=False, resolved_at=WARN))
DISMISSED = replace(ticket_view(state=TicketState.DISMISSED, counted=False, resolved_at=WARN))
MERGED = ticket_view(
    state=TicketState.MERGED, counted=False, resolved_at=WARN, merged_into="ACME-1"
)
PHONED = ticket_view(source=Source.PHONE, channel_id=None, thread_ts=None, opened_by="Ann Lee")
HEALTH = OpenTask(
    *("ACME", "Acme", "health-report", "Monthly system health report"),
    *(date(2026, 3, 14), ENGINEER, True),
)
REVIEW = OpenTask(
    *("GLOBEX", "Globex", "account-review", "Quarterly account review"),
    *(date(2026, 3, 20), None, False),
)
PASSAGES = (
    Passage(OPENED, CauseStep.OPENED, AUTHOR),
    Passage(OPENED + timedelta(hours=1), CauseStep.TAKEN, ENGINEER),
    Passage(DUE, CauseStep.DUE, detail="first response"),
    Passage(DUE + timedelta(minutes=20), CauseStep.ANSWERED, ENGINEER),
)
BUSY = Digest(
    date(2026, 3, 16),
    ZONE,
    (DigestLine("ACME-3", "Acme", "Critical", DUE, ENGINEER),),
    (DigestLine("GLOBEX-7", "Globex", None, OPENED, None, found_late=True),),
    (),
    (Attainment("Standard", "Acme", 7, 9, 10), Attainment("Standard", "Acme", 30, 37, 38)),
    (QuotaLine("Acme", 21, 20, Money(2500, "USD")),),
    (ComingLine("Globex", date(2026, 3, 20), "Included", ends=True),),
    (HEALTH, REVIEW),
    (("unseen", 2), ("", 1)),
)
QUIET = Digest(date(2026, 3, 16), ZONE, (), (), (), (), ())


@dataclass(frozen=True)
class Picture:
    """A drawing. `by` is the builder of its content."""

    title: str
    by: Callable[..., Any]
    shown: Any


def pictures() -> Iterator[Picture]:
    yield from _for_clients()
    yield from _for_staff()
    yield from _pings()
    yield from _money()
    yield from _used()
    yield from _agreements()
    yield from _dialogs()
    yield from _answers()


def _for_clients() -> Iterator[Picture]:
    cards: dict[str, TicketView] = {
        "new": UNTRIAGED,
        "the client has said how severe": ticket_view(severity="critical", severity_by=Side.CLIENT),
        "answered": ANSWERED,
        "waiting for the client": ticket_view(ticket_view=ANSWERED, waiting_since=WARN),
        "beyond the quota": BEYOND,
        "not covered": UNCOVERED,
        "resolved": RESOLVED,
        "withdrawn": WITHDRAWN,
        "not a ticket": DISMISSED,
        "merged": MERGED,
    }
    for title, of in cards.items():
        card = client_card.client_card(client_ticket_view(of))
        yield Picture(f"The client's card, {title}", client_card.client_card, card)
    rated = client_card.client_card(client_ticket_view(ticket_view(ticket_view=RESOLVED, rating=4)))
    yield Picture("The client's card, rated", client_card.client_card, rated)
    resolved, again = client_ticket_view(RESOLVED), client_ticket_view(ANSWERED)
    yield Picture(
        "Resolved", resolve_module.resolution_note, resolve_module.resolution_note(resolved)
    )
    yield Picture("Open again", reopen.reopened_note, reopen.reopened_note(again))
    yield Picture(
        "Merged", merge_module.merged_note, merge_module.merged_note(client_ticket_view(MERGED))
    )
    uncovered = category_module.not_covered_note(client_ticket_view(UNCOVERED))
    yield Picture("Not covered", category_module.not_covered_note, uncovered)
    words = "An expired certificate; the new one works. Please try once more."
    yield Picture(
        "An engineer's reply", reply_module.reply_message, reply_module.reply_message(words, "Dana")
    )
    yield Picture(
        "No support in Slack", where_to_write.where_to_write, where_to_write.where_to_write(PLAN)
    )
    yield Picture("The card that stands in a channel", ask_module.ask_card, ask_module.ask_card())
    asked = ask_module.asked_note(AUTHOR, "Invoices cannot be posted since noon.")
    yield Picture("The words of whoever pressed it", ask_module.asked_note, asked)
    words = "There is no ticket ACME-99 here: check the key on its card."
    yield Picture("A refusal", refusals.refusal, refusals.refusal(words))


def _for_staff() -> Iterator[Picture]:
    card = triage_card.triage_card
    yield Picture("The triage card, new", card, card(UNTRIAGED))
    reads = replace(CRITICAL, signs=("cannot be posted",))
    plan = replace(
        PLAN, sla_targets=(replace(PLAN.sla_targets[0], severity=reads), *PLAN.sla_targets[1:])
    )
    suggests = card(replace(UNTRIAGED, plan=plan))
    yield Picture("The triage card, new, with a suggestion", card, suggests)
    yield Picture("The triage card, at risk", card, card(CRITICAL_SHEET, now=WARN))
    yield Picture("The triage card, late", card, card(LATE, now=DUE))
    received_late = ticket_view(found_at=OPENED + timedelta(hours=1))
    yield Picture("The triage card, found late", card, card(received_late))
    yield Picture("The triage card, answered", card, card(ANSWERED))
    asleep = ticket_view(snoozed_until=OPENED + timedelta(days=1))
    gone = replace(ticket_view(assignee=READER), engineer=UserId(ENGINEER), away=True)
    yield Picture("The triage card of somebody who is away", card, card(gone))
    yield Picture("The triage card, snoozed", card, card(asleep))
    yield Picture("The triage card, by phone", card, card(PHONED))
    yield Picture("The triage card, not covered", card, card(UNCOVERED))
    yield Picture("The triage card, our own fault", card, card(FAULT))
    yield Picture("The triage card, resolved", card, card(RESOLVED))
    yield Picture("The triage card, rated", card, card(ticket_view(ticket_view=RESOLVED, rating=4)))
    yield Picture("The triage card, withdrawn", card, card(WITHDRAWN))
    yield Picture("The triage card, not a ticket", card, card(DISMISSED))
    yield Picture("The triage card, merged", card, card(MERGED))
    yield Picture("The client deleted a message", edits.deleted_note, edits.deleted_note(AUTHOR))
    link = "<https://slack.com/archives/C0ACME/p1773392400000100|see it>"
    words, files = "It says *period closed*.\nSee the picture.", ("screen.png", "server.log")
    wrote = mirror.Said(words, files, link, edited=True, deleted=False)
    announced = replace(wrote, file_names=("check_file_info:F0ACME",), edited=False)
    both = [wrote, announced, replace(wrote, deleted=True)]
    yield Picture("The client's words", mirror.mirrored, mirror.mirrored(AUTHOR, both))
    link = triage_card.client_thread(MERGED)
    joined = merge_module.joined_note(MERGED, ENGINEER, link)
    yield Picture("Merged into this", merge_module.joined_note, joined)
    yield Picture(
        "Resolved by somebody else", resolve_module.ended, resolve_module.ended(RESOLVED, READER)
    )
    yield Picture("No longer snoozed", snooze_module.woken, snooze_module.woken(CRITICAL_SHEET))
    yield Picture(
        "A note", note_module.note, note_module.note(ENGINEER, "They restart it each Monday.")
    )
    handed = assign_module.handed_over(UNTRIAGED, READER, ENGINEER, ENGINEER)
    yield Picture("Given to you", assign_module.handed_over, handed)
    taken = assign_module.handed_over(UNTRIAGED, ENGINEER, ENGINEER, READER)
    yield Picture("Taken over from you", assign_module.handed_over, taken)
    tickets = [("ACME-3", "Invoices cannot be posted"), ("ACME-4", "The printer is jammed")]
    asked = which_ticket.which_ticket("C0ACME", MessageTs.parse("1773392400.000100"), tickets)
    yield Picture("Which ticket is meant", which_ticket.which_ticket, asked)
    yield Picture("The digest, a busy day", digest.digest, digest.digest(BUSY))
    listed = duties.duties_text("Duties, overdue or due soon", [HEALTH, REVIEW], nothing="")
    story = cause.story_text(LATE, PASSAGES)
    yield Picture("Why was this late, asked by command", cause.story_text, story)
    yield Picture("Why was this late", cause.cause_modal, cause.cause_modal(LATE, PASSAGES))
    yield Picture("The digest as a file", digest_csv.csv_message, digest_csv.csv_message(BUSY))
    yield Picture("Recurring duties", duties.duties_text, listed)
    yield Picture("The digest, a quiet day", digest.digest, digest.digest(QUIET))
    words = "The message client-card:7 was refused by Slack (is_archived): unarchive C0ACME."
    yield Picture("An alarm", alarm.alarm, alarm.alarm(words))
    mine = home.staff_home([CRITICAL_SHEET], [LATE], [HEALTH], BUSY, WARN)
    yield Picture("The Home of a manager", home.staff_home, mine)
    empty = home.staff_home([], [], [], None, WARN)
    yield Picture("The Home of an engineer who is done", home.staff_home, empty)
    yield Picture("The Home of everybody else", home.outsiders_home, home.outsiders_home())


def _pings() -> Iterator[Picture]:
    steps = (
        ("three quarters, in triage", CRITICAL_SHEET, Step.WARNING, Audience.TRIAGE, WARN),
        ("three quarters, to the engineer", CRITICAL_SHEET, Step.WARNING, Audience.ENGINEER, WARN),
        ("due, untriaged", UNTRIAGED, Step.DUE, Audience.TRIAGE, DUE),
        ("late whatever its severity", UNTRIAGED, Step.LAST, Audience.TRIAGE, DUE),
        ("still late, to the engineer", LATE, Step("+30m"), Audience.ENGINEER, DUE),
        ("late, in triage", LATE, Step.DUE, Audience.TRIAGE, DUE),
        ("a breach, to managers", LATE, Step.DUE, Audience.MANAGERS, DUE),
        ("noticed late", LATE, Step.DUE, Audience.MANAGERS, DUE + timedelta(hours=2)),
        ("a breach that was none", ANSWERED, Step.DUE, Audience.MANAGERS, DUE),
    )
    for title, of, step, audience, now in steps:
        message = ping.ping(of, step, audience, [ENGINEER], now=now)
        yield Picture(f"Ping: {title}", ping.ping, message)
    together = pings.several([(LATE, Step.DUE), (CRITICAL_SHEET, Step.WARNING)], now=WARN)
    yield Picture("Ping: several together", pings.several, together)
    message = ping.ping(LATE, Step("+30m"), Audience.ENGINEER, [ENGINEER], now=DUE, instead_of=2)
    yield Picture("Ping: in the place of what came while nobody served", ping.ping, message)
    broken = pings.breaches([LATE, ANSWERED], now=DUE)
    yield Picture("Ping: several breaches, to managers", pings.breaches, broken)


def _money() -> Iterator[Picture]:
    ticket_facts: dict[str, Any] = {
        "included": 20,
        "price": "USD 25.00",
        "plan": "Standard",
        "until": MONTH_ENDS,
    }
    for percent, used in ((80, 16), (100, 20)):
        notice = money.quota_notice(percent=percent, used=used, zone=ZONE, **ticket_facts)
        yield Picture(f"Quota used to {percent} %", money.quota_notice, notice)
    build = money.statement_message
    yield Picture("A statement, for managers", build, build(STATEMENT, for_client=False))
    yield Picture("A statement, for the client", build, build(STATEMENT, for_client=True))


STANDARD = Agreement(
    AgreementId(1),
    ClientId(1),
    "ecosire",
    "standard",
    OPENED,
    UserId(ENGINEER),
    None,
    zone=ZONE,
    anchor_day=1,
    agreed_at=OPENED,
)


def _used() -> Iterator[Picture]:
    used, build = Usage(22, 20, None), money.quota_message
    shown = build("Acme", "1 to 31 March 2026", used, STATEMENT.lines)
    yield Picture("/desk quota ACME", build, shown)


def _agreements() -> Iterator[Picture]:
    agreed_message = agreement.agreed_message
    priority = replace(
        STANDARD, id=AgreementId(2), plan_id="priority", kind=ChangeKind.UPGRADE, ends_at=MONTH_ENDS
    )
    included = replace(
        STANDARD,
        id=AgreementId(3),
        plan_id="included",
        kind=ChangeKind.DOWNGRADE,
        effective_from=MONTH_ENDS,
    )
    names = {"plan": "Priority", "before_plan": "Standard", "then": "Standard", "client": ""}
    message = agreed_message(priority, STANDARD, **names, in_force=False)
    yield Picture("An upgrade for some months", agreed_message, message)
    names = {"plan": "Included", "before_plan": "Standard", "then": "", "client": "Acme"}
    message = agreed_message(included, STANDARD, **names, in_force=False)
    yield Picture("A downgrade, for managers", agreed_message, message)
    message = agreed_message(included, STANDARD, **names | {"client": None}, in_force=True)
    yield Picture("A downgrade that has come", agreed_message, message)
    names = {"plan": "Standard", "before_plan": "Included", "then": "", "client": ""}
    message = agreed_message(STANDARD, replace(included, withdrawn_at=DUE), **names, in_force=False)
    yield Picture("A downgrade that is taken back", agreed_message, message)
    soon = agreement.ends_soon(priority, client="Acme", plan="Priority", days=30, then="Standard")
    yield Picture("A term ends soon", agreement.ends_soon, soon)
    ended = agreement.agreement_ended
    yield Picture("The agreement has ended", ended, ended())
    plans = [("included", "Included"), ("standard", "Standard"), ("priority", "Priority")]
    ask = agreement_modals.agree_modal
    yield Picture("Change an agreement", ask, ask("ACME", plans, STANDARD))
    of = Proposal(
        client=UNTRIAGED.client,
        before=STANDARD,
        before_plan=PLAN,
        version=priority,
        plan=replace(PLAN, name="Priority", price=Money(79900, "USD"), quota=Quota(None, None)),
        then=STANDARD,
        then_plan=PLAN,
        withdrawn=(included,),
        kept=(),
        open_keys=("ACME-3",),
        used=7,
    )
    back = Downgrade(UNTRIAGED.client, STANDARD, included, "Standard", "Included")
    take_back = withdraw_downgrade.take_back_modal
    lines = agreement.taken_back_lines(back)
    yield Picture("Take back a downgrade", take_back, take_back("ACME", lines, 3))
    show = agreement_modals.agree_preview_modal
    shown = show("ACME", agreement.proposal_lines(of), "ACME")
    yield Picture("What a change would mean", show, shown)


def _dialogs() -> Iterator[Picture]:
    key, clients = "ACME-3", [("ACME", "Acme"), ("GLOBEX", "Globex")]
    resolve, reply = resolve_module.resolve_modal, reply_module.reply_modal
    yield Picture("Resolve", resolve, resolve(key, SEVERITIES, severity_needed=True))
    yield Picture("Reply", reply, reply(key, by_slack=True))
    words = "An expired certificate; the new one works. Please try once more."
    shown = reply_module.preview_modal(key, words, "Dana")
    yield Picture("Reply, as the client will read it", reply_module.preview_modal, shown)
    refused = refusals_module.refused_modal("This is for the support team.")
    yield Picture("What cannot be done any more", refusals_module.refused_modal, refused)
    yield Picture("Record an answer", reply, reply(key, by_slack=False))
    yield Picture(
        "Severity", severity_module.severity_modal, severity_module.severity_modal(key, SEVERITIES)
    )
    yield Picture("Assign", assign.assign_modal, assign.assign_modal(key, ENGINEER))
    kinds = category_module.category_modal(key, KINDS, "training", "Our update broke it")
    yield Picture("Category", category_module.category_modal, kinds)
    others = [("ACME-1", "Invoices cannot be posted"), ("ACME-2", "The printer is jammed")]
    yield Picture("Merge", merge.merge_modal, merge.merge_modal(key, others))
    yield Picture("Snooze", snooze.snooze_modal, snooze.snooze_modal(key, OPENED))
    yield Picture("Note", note_module.note_modal, note_module.note_modal(key))
    yield Picture("Open a ticket", open_ticket.open_modal, open_ticket.open_modal(clients))
    ask = ask_module.ask_modal("C0ACME", SEVERITIES)
    yield Picture("Ask for help (clients)", ask_module.ask_modal, ask)
    others = [("ACME-1", "Invoices cannot be posted")]
    add = add_message.add_modal(
        "C0ACME", MessageTs.parse("1773392400.000100"), "It works again", others
    )
    yield Picture("Add to a ticket", add_message.add_modal, add)
    yield Picture("Why is it due then?", why.why_modal, why.why_modal(UNTRIAGED, CLOCKS))
    gone = out_of_use.dialog_out_of_use
    yield Picture("A dialog that is gone", gone, gone())
    gone = out_of_use.shortcut_out_of_use
    yield Picture("A shortcut that is gone", gone, gone())


def _answers() -> Iterator[Picture]:
    show, used = listing, Usage(21, 20, Money(2500, "USD"))
    mine = show.ticket_list("Your queue", [LATE, UNTRIAGED], WARN, nothing="")
    yield Picture("/desk", show.ticket_list, mine)
    yield Picture("/desk show ACME-3", show.ticket_shown, show.ticket_shown(LATE, DUE))
    quota = show.quota_list([("Acme", "Standard", used), ("Orbit", "", None)])
    yield Picture("/desk quota", show.quota_list, quota)
    chart = attainment_chart(BUSY.attainment, 30)
    if chart is not None:
        yield Picture("The digest's picture, for who does not see it", attainment_chart, chart)
    days = (date(2026, 3, 2), date(2026, 3, 8))
    line = DigestLine("ACME-3", "Acme", "Critical", DUE, ENGINEER)
    kept = (Attainment("Standard", "Acme", 8, 12, 13),)
    of_week = review_message(Review(*days, ZONE, (line,), kept))
    yield Picture("/desk digest week", review_message, of_week)
    yield Picture("/desk plan ACME", plan.plan_text, plan.plan_text(PLAN))
    yield Picture("/desk plan", plan.plans_text, plan.plans_text([PLAN]))
    clients = show.client_list([("ACME", "Acme", "Standard")])
    yield Picture("/desk client", show.client_list, clients)
    yield Picture("/desk why ACME-3", why.why_text, why.why_text(UNTRIAGED, CLOCKS))


def page() -> str:
    parts = [f"## {picture.title}\n\n```\n{drawn(picture.shown)}\n```\n" for picture in pictures()]
    return "\n".join([FIRST, *parts])


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
