"""Renders the outbox's messages as text and blocks."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime

from bot.delivery.slack.pings import ping_message, pings_message
from bot.domain.agreements.agreement import Agreement
from bot.domain.agreements.billing_cycles import in_force
from bot.domain.messages import Outgoing
from bot.domain.ticket import Ticket
from bot.domain.tickets.ticket_view import TicketView, client_ticket_view
from bot.slack_ts import instant_of
from bot.usecases.agreements.billing_periods import AGREED, ENDS_SOON, stated
from bot.usecases.agreements.plan_in_force import plan_in_force
from bot.usecases.alarm import ALARM
from bot.usecases.desk import ASKED, QUOTA_NOTICE, Desk
from bot.usecases.escalation.pings import PINGS
from bot.usecases.reports.digest import ATTAINMENT_DAYS, DIGEST_FACTS, PICTURED_DAYS, REVIEW_FACTS
from bot.usecases.tickets.mirror import MIRROR
from bot.views.agreements.agreement_changes import agreed_message, agreement_ended, ends_soon
from bot.views.agreements.statements import quota_notice, statement_message
from bot.views.card_lines import message_link
from bot.views.intake.ask import ask_card, asked_note
from bot.views.intake.edits import deleted_note
from bot.views.intake.where_to_write import where_to_write
from bot.views.intake.which_ticket import which_ticket
from bot.views.message import Message
from bot.views.operations.alarm import alarm
from bot.views.reports.chart import attainment_chart
from bot.views.reports.digest import digest
from bot.views.reports.digest_csv import csv_message
from bot.views.tickets.client_card import client_card
from bot.views.tickets.closing.merge import joined_note, merged_note
from bot.views.tickets.closing.reopen import reopened_note
from bot.views.tickets.closing.resolve import ended, resolution_note
from bot.views.tickets.handling.assign import handed_over
from bot.views.tickets.handling.note import note
from bot.views.tickets.handling.reply import reply_message
from bot.views.tickets.handling.snooze import woken
from bot.views.tickets.mirror import Said, mirrored
from bot.views.tickets.triage.category import not_covered_note
from bot.views.tickets.triage_card import client_thread, triage_card


async def render(
    desk: Desk, outgoing: Outgoing, ticket_views: Mapping[int, TicketView]
) -> Message | None:
    """Return the current message for an outbox row; None if it is no longer needed.

    A card shows the ticket's state at the time of sending; `ticket_views` has it by ticket ID.
    """
    if outgoing.kind in _OF_DESK:
        return await _OF_DESK[outgoing.kind](desk, outgoing)
    ticket_id = outgoing.ticket_id
    if ticket_id is None:
        raise LookupError(f"no way to say {outgoing.kind}")
    if outgoing.kind == MIRROR:
        return await _mirrored(desk, outgoing, ticket_views[ticket_id].ticket)
    if outgoing.kind == "ping":
        return await ping_message(desk, outgoing, ticket_views[ticket_id])
    return _OF_TICKET[outgoing.kind](ticket_views[ticket_id], outgoing, desk.now)


async def _alarm(_: Desk, outgoing: Outgoing) -> Message:
    return alarm(outgoing.facts["words"])


async def _digest(_: Desk, outgoing: Outgoing) -> Message:
    return digest(DIGEST_FACTS.validate_python(outgoing.facts), ATTAINMENT_DAYS)


async def _digest_picture(_: Desk, outgoing: Outgoing) -> Message | None:
    return attainment_chart(DIGEST_FACTS.validate_python(outgoing.facts).attainment, PICTURED_DAYS)


async def _digest_csv(_: Desk, outgoing: Outgoing) -> Message:
    if "review" in outgoing.facts:
        return csv_message(REVIEW_FACTS.validate_python(outgoing.facts["review"]))
    return csv_message(DIGEST_FACTS.validate_python(outgoing.facts["digest"]))


async def _which_ticket(desk: Desk, outgoing: Outgoing) -> Message:
    tickets = [(key, words) for key, words in outgoing.facts["tickets"]]
    channel = await desk.work.channels.current(outgoing.facts["channel"])
    return which_ticket(channel, outgoing.facts["ts"], tickets)


async def _where_to_write(desk: Desk, outgoing: Outgoing) -> Message:
    plan = await desk.plans.plan(
        desk.work, outgoing.facts["catalog_version_id"], outgoing.facts["plan_id"]
    )
    return where_to_write(plan)


async def _agreement_ended(_: Desk, __: Outgoing) -> Message:
    return agreement_ended()


async def _agreed(desk: Desk, outgoing: Outgoing) -> Message:
    versions = {
        version.id: version
        for version in await desk.work.clients.versions(outgoing.facts["client"])
    }
    agreed, before = versions[outgoing.facts["agreed"]], versions[outgoing.facts["before"]]
    for_managers = outgoing.channel == desk.places.managers_channel
    return agreed_message(
        agreed,
        before,
        plan=await _named(desk, agreed),
        before_plan=await _named(desk, before),
        then=await _named(desk, _following(versions.values(), agreed)),
        client=await _client_name(desk, agreed.client_id) if for_managers else "",
        in_force=bool(outgoing.facts["in_force"]),
    )


async def _ends_soon(desk: Desk, outgoing: Outgoing) -> Message | None:
    """Return the notice that an agreement ends; None if its term was changed meanwhile."""
    versions = {
        version.id: version
        for version in await desk.work.clients.versions(outgoing.facts["client"])
    }
    agreed = versions[outgoing.facts["agreed"]]
    following = _following(versions.values(), agreed)
    if following is None or agreed.ends_at is None or following.effective_from != agreed.ends_at:
        return None
    return ends_soon(
        agreed,
        client=await _client_name(desk, agreed.client_id),
        plan=await _named(desk, agreed),
        days=outgoing.facts["days"],
        then=await _named(desk, following),
    )


def _following(versions: Iterable[Agreement], agreed: Agreement) -> Agreement | None:
    """Return the agreement in force after the end of an agreement's term."""
    return in_force(list(versions), agreed.ends_at) if agreed.ends_at else None


async def _client_name(desk: Desk, client_id: int) -> str:
    return next(client.name for client in await desk.work.clients.all() if client.id == client_id)


async def _named(desk: Desk, agreement: Agreement | None) -> str:
    """Return the name of the agreement's plan; "" if there is no agreement."""
    if agreement is None or not agreement.has_plan:
        return ""
    at = min(desk.now, agreement.effective_from)
    return (await plan_in_force(desk, agreement, at)).name


async def _ask_card(_: Desk, __: Outgoing) -> Message:
    return ask_card()


async def _mirrored(desk: Desk, outgoing: Outgoing, ticket: Ticket) -> Message | None:
    """Return the current text of a ticket's messages.

    The message that opened the ticket is on its card, so only its files are included.
    """
    facts, wordings = outgoing.facts, desk.work.wordings
    records = await wordings.of_ticket(ticket.id, facts["by"], facts["since"], facts["until"])
    texts = [
        Said(
            record.message.text,
            record.message.file_names,
            message_link(record.message.channel_id, record.message.ts, "see it"),
            edited=record.since_ts != record.message.ts,
            deleted=record.deleted,
        )
        for record in records
        if record.message.file_names
        or record.deleted
        or instant_of(record.message.ts) != ticket.opened_at
    ]
    return mirrored(facts["by"], texts) if texts else None


async def _quota_notice(_: Desk, outgoing: Outgoing) -> Message:
    facts = dict(outgoing.facts)
    until = datetime.fromisoformat(facts.pop("until"))
    return quota_notice(until=until, **facts)


async def _statement(desk: Desk, outgoing: Outgoing) -> Message | None:
    start = datetime.fromisoformat(outgoing.facts["start"])
    for statement in await stated(desk, outgoing.facts["client"]):
        if statement.period.start == start:
            for_client = outgoing.channel != desk.places.managers_channel
            return statement_message(statement, for_client=for_client)
    return None


_OF_DESK: dict[str, Callable[[Desk, Outgoing], Awaitable[Message | None]]] = {
    ALARM: _alarm,
    AGREED: _agreed,
    "agreement_ended": _agreement_ended,
    "ask_card": _ask_card,
    ENDS_SOON: _ends_soon,
    "digest": _digest,
    "digest_picture": _digest_picture,
    "digest_csv": _digest_csv,
    PINGS: pings_message,
    QUOTA_NOTICE: _quota_notice,
    "statement": _statement,
    "where_to_write": _where_to_write,
    "which_ticket": _which_ticket,
}
_OF_TICKET: dict[str, Callable[[TicketView, Outgoing, datetime], Message | None]] = {
    "client_card": lambda ticket_view, *_: client_card(client_ticket_view(ticket_view)),
    "reopened": lambda ticket_view, *_: reopened_note(client_ticket_view(ticket_view)),
    "resolution": lambda ticket_view, *_: resolution_note(client_ticket_view(ticket_view)),
    "deleted": lambda _, outgoing, __: deleted_note(outgoing.facts["by"]),
    "handed": lambda ticket_view, outgoing, _: handed_over(
        ticket_view, outgoing.facts["by"], outgoing.facts["to"], outgoing.facts["reader"]
    ),
    "ended": lambda ticket_view, outgoing, _: ended(ticket_view, outgoing.facts["by"]),
    "woken": lambda ticket_view, *_: woken(ticket_view) if ticket_view.ticket.is_open else None,
    ASKED: lambda ticket_view, *_: asked_note(
        ticket_view.ticket.opened_by, ticket_view.ticket.summary
    ),
    "merged": lambda ticket_view, *_: merged_note(client_ticket_view(ticket_view)),
    "joined": lambda ticket_view, outgoing, _: joined_note(
        ticket_view, outgoing.facts["by"], client_thread(ticket_view)
    ),
    "not_covered": lambda ticket_view, *_: not_covered_note(client_ticket_view(ticket_view)),
    "note": lambda _, outgoing, __: note(outgoing.facts["by"], outgoing.facts["words"]),
    "reply": lambda _, outgoing, __: reply_message(outgoing.facts["words"], outgoing.facts["name"]),
    "triage_card": lambda ticket_view, _, now: triage_card(ticket_view, now=now),
}
