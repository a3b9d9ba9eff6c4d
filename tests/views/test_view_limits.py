"""Tests that Slack accepts every message for user text of any content and length, and that user
text never acts as markup.
"""

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.agreements.agreement import Agreement, ChangeKind
from bot.domain.agreements.money import Money
from bot.domain.agreements.period import Period
from bot.domain.agreements.plan import Category
from bot.domain.agreements.proposal import Downgrade, Proposal
from bot.domain.agreements.quota import Standing, Usage
from bot.domain.agreements.recurring_task import OpenTask
from bot.domain.agreements.statement import Adjustment, Line, Statement
from bot.domain.escalation.decision import Audience
from bot.domain.escalation.ladder import Step
from bot.domain.ids import AgreementId, ChannelId, ClientId, UserId
from bot.domain.reports.digest import Attainment, ComingLine, Digest, DigestLine, QuotaLine, Review
from bot.domain.sla.clocks.deadline import ClockState
from bot.domain.sla.targets.sla_target import Severity
from bot.domain.sla.targets.target import ClockTime, NoClock, Target
from bot.domain.ticket import Side, Source, TicketState
from bot.domain.tickets.cause import Passage
from bot.domain.tickets.cause import Step as CauseStep
from bot.domain.tickets.ticket_view import TicketView, client_ticket_view
from bot.slack_ts import MessageTs
from bot.views.agreements.agreement_changes import (
    agreed_message,
    agreement_ended,
    ends_soon,
    proposal_lines,
    taken_back_lines,
)
from bot.views.agreements.change_agreement import agree_modal, agree_preview_modal
from bot.views.agreements.plan import plan_text, plans_text
from bot.views.agreements.recurring_tasks import duties_text
from bot.views.agreements.statements import quota_notice, statement_message
from bot.views.agreements.withdraw_downgrade import take_back_modal
from bot.views.card_lines import message_link
from bot.views.escalation.ping import page, ping
from bot.views.escalation.pings import breaches, several
from bot.views.intake.add_message import add_modal
from bot.views.intake.ask import ask_card, ask_modal, asked_note
from bot.views.intake.open_ticket import open_modal
from bot.views.intake.where_to_write import where_to_write
from bot.views.operations.alarm import alarm
from bot.views.refusals import refusal
from bot.views.reports.digest import digest, review_message
from bot.views.reports.home import outsiders_home, staff_home
from bot.views.reports.lists import client_list, quota_list, ticket_list, ticket_shown
from bot.views.tickets.client_card import client_card
from bot.views.tickets.closing.merge import joined_note, merge_modal, merged_note
from bot.views.tickets.closing.reopen import reopened_note
from bot.views.tickets.closing.resolve import ended, resolution_note, resolve_modal
from bot.views.tickets.handling.assign import assign_modal, handed_over
from bot.views.tickets.handling.note import note, note_modal
from bot.views.tickets.handling.reply import reply_message, reply_modal
from bot.views.tickets.handling.snooze import snooze_modal, woken
from bot.views.tickets.mirror import Said, mirrored
from bot.views.tickets.triage.category import category_modal, not_covered_note
from bot.views.tickets.triage.cause import cause_modal
from bot.views.tickets.triage_card import triage_card
from tests.views.slack_limits import check_home, check_inert, check_message, check_view
from tests.views.ticket_views import (
    AUTHOR,
    CLIENT,
    DUE,
    ENGINEER,
    LATE,
    OPENED,
    PLAN,
    UNTRIAGED,
    ZONE,
    sla_target,
    ticket_view,
)

PIECES = st.sampled_from(
    [
        "<!channel>",
        "<@U1>",
        "<http://x|y>",
        "<!date^1^{date}|x>",
        "&amp;",
        "&",
        ">",
        "\u202e",
        "\u200f",
        "😀👩‍👩‍👧",
        "\ud800",
        "```",
        "*",
        "\n",
        " ",
        "word",
        "שלום",
        "a" * 200,
    ]
)
LINK = message_link("CACME0001", MessageTs.parse("1773392400.000100"), "see it")
WORDS = st.builds(
    lambda pieces, times: ("".join(pieces) * times)[:40_000],
    st.lists(PIECES, max_size=12),
    st.sampled_from([1, 1, 7, 400, 40_000]),
)
STEPS = st.sampled_from([Step("50%"), Step.WARNING, Step.DUE, Step("+30m"), Step.LAST])
LONGEST = settings(max_examples=settings().max_examples // 4, deadline=None)
COUNTS = st.integers(0, 10**9)


@st.composite
def severities(draw: st.DrawFn) -> tuple[Severity, ...]:
    """Draw severities with a few kinds of text, enough for several rows of buttons."""
    count = draw(st.integers(0, 30))
    labels, definitions = (draw(st.lists(WORDS, min_size=1, max_size=3)) for _ in range(2))
    return tuple(
        Severity(f"s{number}", labels[number % len(labels)], definitions[-1])
        for number in range(count)
    )


@st.composite
def ticket_views(draw: st.DrawFn) -> TicketView:
    """Draw a ticket in any state whose texts are all hostile."""
    chosen = draw(severities())
    targets: list[Target] = [ClockTime(DUE - OPENED), NoClock(draw(WORDS))]
    clocks = st.sampled_from(targets)
    sla_targets = tuple(sla_target(severity, draw(clocks)) for severity in chosen)
    plan = replace(
        PLAN, name=draw(WORDS), sla_targets=sla_targets, where_to_write=draw(WORDS), channels=()
    )
    kinds = (Category("bug", draw(WORDS), True), Category("training", draw(WORDS), False))
    plan = replace(plan, categories=kinds)
    ids = st.sampled_from([None, *(severity.id for severity in chosen)])
    of = ticket_view(
        source=draw(st.sampled_from(Source)),
        opened_by=draw(WORDS),
        summary=draw(WORDS),
        resolution=draw(WORDS),
        severity=draw(ids),
        severity_by=draw(st.sampled_from([None, *Side])),
        state=draw(st.sampled_from(TicketState)),
        assignee=draw(st.sampled_from([None, ENGINEER])),
        first_response_at=draw(st.sampled_from([None, DUE])),
        resolved_at=draw(st.sampled_from([None, DUE])),
        merged_into=draw(st.sampled_from([None, "ACME-1"])),
        category=draw(st.sampled_from([None, "bug", "training"])),
        fault=draw(WORDS),
    )
    return replace(
        of,
        client=replace(
            CLIENT, name=draw(WORDS), channel_id=draw(st.sampled_from([None, ChannelId("C1")]))
        ),
        plan=plan,
        clock=draw(st.sampled_from(ClockState)),
        breached_at=draw(st.sampled_from([None, DUE])),
        standing=draw(
            st.none() | st.builds(Standing, COUNTS, st.none() | COUNTS, st.just(Money(2500, "USD")))
        ),
    )


@LONGEST
@given(ticket_views(), st.sampled_from([None, OPENED, DUE]))
def test_slack_accepts_the_cards_and_notes_of_any_ticket(
    of: TicketView, now: datetime | None
) -> None:
    check_message(triage_card(of, now=now))
    for build in (client_card, resolution_note, reopened_note, merged_note):
        check_message(build(client_ticket_view(of)))
    if note := not_covered_note(client_ticket_view(of)):
        check_message(note)
    check_message(where_to_write(of.plan))
    check_message(ticket_shown(of, OPENED))
    check_message(woken(of))
    check_message(ended(of, ENGINEER))
    check_message(joined_note(of, ENGINEER, LINK))
    for reader in (ENGINEER, AUTHOR):
        check_message(handed_over(of, AUTHOR, ENGINEER, reader))


@pytest.mark.thorough
@LONGEST
@given(ticket_views(), st.integers(0, 300), st.integers(0, 300), WORDS)
def test_slack_accepts_any_home(of: TicketView, mine: int, others: int, name: str) -> None:
    line = DigestLine("ACME-3", name, name, DUE, ENGINEER)
    figures = Digest(date(2026, 3, 16), ZONE, (line,) * mine, (line,) * others, (), (), ())
    duty = OpenTask("ACME", name, "report", name, date(2026, 3, 16), ENGINEER, overdue=True)
    for shown in (None, figures):
        check_home(staff_home([of] * mine, [of] * others, (duty,) * mine, shown, OPENED))
    check_home(outsiders_home())


@pytest.mark.thorough
@LONGEST
@given(ticket_views(), st.integers(0, 300), WORDS, WORDS)
def test_slack_accepts_any_answer_to_a_command(
    of: TicketView, count: int, name: str, plan: str
) -> None:
    used = Usage(10**9, 20, Money(10**12, "USD"))
    for text in (
        ticket_list("Your queue", [of] * count, OPENED, nothing="Nothing."),
        quota_list([(name, plan, used), (name, plan, None)] * count),
        client_list([(name, name, plan)] * count),
        duties_text(
            "Duties",
            [OpenTask(name, name, name, plan, date(2026, 3, 16), ENGINEER, overdue=True)] * count,
            nothing="Nothing.",
        ),
        plan_text(of.plan),
        plans_text([of.plan] * (count // 10 + 1)),
    ):
        assert 0 < len(text) <= 4000
        check_inert(text)


@pytest.mark.thorough
@LONGEST
@given(ticket_views(), STEPS, st.sampled_from(Audience), st.integers(0, 300))
def test_slack_accepts_any_ping(
    of: TicketView, step: Step, audience: Audience, readers: int
) -> None:
    check_message(ping(of, step, audience, [ENGINEER] * readers, now=DUE))
    check_message(several([(of, step)] * (readers + 2), now=DUE))
    check_message(breaches([of] * (readers + 2), now=DUE))
    assert all(page(of, step))


@pytest.mark.thorough
@LONGEST
@given(WORDS, WORDS)
def test_slack_accepts_any_reply_refusal_or_alarm(words: str, name: str) -> None:
    check_message(reply_message(words, name))
    check_message(asked_note(AUTHOR, words))
    check_message(ask_card())
    check_message(refusal(words))
    check_message(note(ENGINEER, words))
    for deleted in (True, False):
        shared_message = Said(words, (name,) * 30, LINK, edited=True, deleted=deleted)
        check_message(mirrored(AUTHOR, [shared_message] * (3 if len(words) > 1000 else 60)))
    check_message(alarm(words))


@LONGEST
@given(WORDS, st.sampled_from(ChangeKind), st.booleans(), st.integers(0, 300))
def test_slack_accepts_any_agreement_change(
    name: str, kind: ChangeKind, yes: bool, many: int
) -> None:
    before = Agreement(AgreementId(1), ClientId(1), name, name, OPENED, None, None, name, zone=ZONE)
    version = replace(
        before,
        kind=kind,
        plan_id="x",
        ends_at=DUE if yes else None,
        engineer=UserId(ENGINEER),
        anchor_day=9,
    )
    names = {"plan": name, "before_plan": name, "then": name, "client": name if yes else ""}
    check_message(agreed_message(version, before, **names, in_force=yes))
    withdrawn = replace(before, withdrawn_at=DUE, effective_from=DUE)
    check_message(agreed_message(version, withdrawn, **names, in_force=yes))
    check_message(ends_soon(version, client=name, plan=name, days=7, then=name))
    check_message(agreement_ended())
    plan = replace(PLAN, name=name, price=None, price_words=name)
    of = Proposal(
        client=replace(CLIENT, name=name),
        before=before,
        before_plan=PLAN if yes else None,
        version=version,
        plan=plan,
        then=before if yes else None,
        then_plan=plan if yes else None,
        withdrawn=(before,) * 3,
        kept=(),
        open_keys=("ACME-12",) * many,
        used=many,
    )
    lines = proposal_lines(of)
    check_view(agree_preview_modal("ACME", lines, "x" * 3000))
    back = Downgrade(replace(CLIENT, name=name), before, version, name, name)
    check_view(take_back_modal("ACME", taken_back_lines(back), 10**9))
    plans = [(f"plan-{number}", name) for number in range(many + 1)]
    check_view(agree_modal("ACME", plans, replace(version, terms=name[:2500])))


@pytest.mark.thorough
@LONGEST
@given(WORDS, WORDS, st.integers(0, 120), st.booleans())
def test_slack_accepts_any_statement(words: str, name: str, lines: int, for_client: bool) -> None:
    line = Line(
        words,
        OPENED,
        name,
        ChannelId("CACME0001"),
        MessageTs.parse("1773392400.000100"),
        name,
        1,
        0,
        Money(2500, "USD"),
        words,
    )
    changed = Adjustment(
        words,
        OPENED,
        name,
        None,
        None,
        counted=True,
        was=None,
        now=Money(2500, "USD"),
        why=words[:100],
    )
    of = Statement(
        "ACME",
        name,
        ZONE,
        Period(OPENED, DUE),
        DUE,
        (name,) * 3,
        (line,) * lines,
        (changed,) * (lines // 2),
    )
    check_message(statement_message(of, for_client=for_client))
    check_message(
        quota_notice(percent=100, used=9, included=9, price=None, plan=name, until=DUE, zone=ZONE)
    )


@LONGEST
@given(severities(), st.integers(0, 250), WORDS, st.booleans())
def test_slack_accepts_any_dialog(
    chosen: tuple[Severity, ...], clients: int, name: str, yes: bool
) -> None:
    check_view(resolve_modal("LONGESTKEY-123456789", chosen, severity_needed=yes))
    check_view(reply_modal("LONGESTKEY-123456789", by_slack=yes))
    check_view(assign_modal("LONGESTKEY-123456789", ENGINEER if yes else None))
    others = [(f"K-{number}", name) for number in range(clients + 1)]
    check_view(merge_modal("LONGESTKEY-123456789", others))
    check_view(snooze_modal("LONGESTKEY-123456789", OPENED))
    check_view(ask_modal("C0ACME", chosen))
    check_view(add_modal("C0ACME", MessageTs.parse("1773392400.000100"), name, others))
    check_view(open_modal([("K1", name)], words=name))
    check_view(note_modal("LONGESTKEY-123456789"))
    passages = [
        Passage(OPENED, CauseStep.OPENED, name),
        Passage(OPENED, CauseStep.DUE, detail=name),
    ]
    check_view(cause_modal(LATE, passages))
    ticket_with_cause = replace(LATE.ticket, cause="other", cause_words=name)
    check_view(cause_modal(replace(LATE, ticket=ticket_with_cause), passages))
    kinds = [Category(f"k{number}", name, yes) for number in range(clients)]
    check_view(category_modal("LONGESTKEY-123456789", kinds, "k0", name))
    check_view(open_modal([(f"K{number}", name) for number in range(clients + 1)]))


@pytest.mark.thorough
@LONGEST
@given(WORDS, WORDS, st.integers(0, 300))
def test_slack_accepts_any_digest(name: str, plan: str, count: int) -> None:
    line = DigestLine(UNTRIAGED.ticket.key, name, plan, DUE, ENGINEER)
    figures = Digest(
        date(2026, 3, 16),
        ZONE,
        (line,) * count,
        (line,) * count,
        (line,) * count,
        (Attainment(plan, name, 7, 1, 3),) * count,
        (QuotaLine(name, 10**9, 20, Money(10**12, "USD")),) * count,
        (ComingLine(name, date(2026, 3, 16), plan, ends=True),) * count,
        (OpenTask(name, name, name, name, date(2026, 3, 16), ENGINEER, overdue=True),) * count,
    )
    check_message(digest(figures))
    kept = (Attainment(plan, name, 7, 1, 3),) * count
    day = date(2026, 3, 16)
    check_message(review_message(Review(day, day, ZONE, (line,) * count, kept)))
