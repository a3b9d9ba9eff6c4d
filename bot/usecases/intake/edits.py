"""Edits and deletions of messages.

Slack guarantees no order: either may arrive before the message itself. The record ends the same in
any order.
"""

from dataclasses import dataclass, replace

from bot.domain.intake.channel_message import ChannelMessage, Deletion, OnRecord
from bot.domain.intake.messages import DeletedMessageNote
from bot.domain.messages import Outgoing
from bot.domain.operations.client import Client
from bot.domain.ticket import Side, Ticket
from bot.domain.ticket_events import Deleted, Edited
from bot.slack_ts import MessageTs
from bot.usecases.access import person
from bot.usecases.agreements.plan_in_force import agreement_at
from bot.usecases.desk import Desk, triage_card_key
from bot.usecases.intake.open_ticket import summary_of
from bot.usecases.intake.receive_message import asks_for_nothing, from_client, receive_message
from bot.usecases.tickets.mirror import hear, is_beginning, mirror_anew

DELETED = "(the client deleted this message)"


@dataclass(frozen=True, slots=True)
class Edit:
    """A message as it reads since `since_ts`; `before` is its earlier version, if Slack gave it."""

    message: ChannelMessage
    since_ts: MessageTs
    before: ChannelMessage | None


async def edit_message(desk: Desk, edit: Edit) -> str:
    """Record an edit and return the outcome in words for the record.

    Slack also sends an edit for a preview, a reply or a change of our own: only changed words or
    files count.
    """
    client = await desk.work.clients.by_channel_for_update(edit.message.channel_id)
    if client is None:
        return "not a client's channel"
    if edit.before is not None and _has_same_content(edit.before, edit.message):
        return "it reads the same"
    known = await desk.work.wordings.current(edit.message.channel_id, edit.message.ts)
    if known is not None:
        return await _apply_edit(desk, client, known, edit)
    if not await _is_after_first_agreement(desk, client, edit.message):
        return "not a ticket: written before the client was with us"
    received = await receive_message(desk, edit.before or edit.message)
    known = await desk.work.wordings.current(edit.message.channel_id, edit.message.ts)
    if known is None:
        return received
    return f"{received}; {await _apply_edit(desk, client, known, edit)}"


async def _apply_edit(desk: Desk, client: Client, known: OnRecord, edit: Edit) -> str:
    """Keep both versions of the message; apply the edit unless a later edit is already on
    record."""
    if known.deleted:
        return "deleted already"
    same = _has_same_content(known.message, edit.message)
    if same and known.since_ts >= edit.since_ts:
        return "on record already"
    await desk.work.wordings.keep(known.message, known.since_ts)
    await desk.work.wordings.keep(edit.message, edit.since_ts)
    if known.since_ts >= edit.since_ts:
        return "edited again since"
    await desk.work.wordings.reword(edit.message, edit.since_ts)
    if same:
        return "on record already"
    return await _apply_new_words(desk, client, known, edit)


async def _apply_new_words(desk: Desk, client: Client, known: OnRecord, edit: Edit) -> str:
    """Apply the edit to the message's ticket, or receive the message anew.

    A message that asked for nothing before is received as if it had its new words from the start:
    the clock of a ticket starts at the message's own `ts`, as it would if the edit had arrived
    first ("the reading that is safer for the client (the earlier deadline)").
    """
    ticket = await _ticket(desk, known)
    outcome: str | None = None
    if known.side is Side.CLIENT and (ticket is None or asks_for_nothing(known.message)):
        said_at = edit.since_ts.instant
        ticket, outcome = await from_client(desk, client, edit.message, said_at=said_at)
        await desk.work.messages.settle(
            edit.message, Side.CLIENT, ticket.id if ticket else None, outcome
        )
    if ticket is None:
        return "edited"
    if known.side is Side.CLIENT:
        await hear(desk, ticket, edit.message)
    await _note_edit(desk, ticket, edit)
    return f"edited: {outcome} ({ticket.key})" if outcome else f"edited ({ticket.key})"


async def _note_edit(desk: Desk, ticket: Ticket, edit: Edit) -> None:
    """Show the edit in triage and record it in the history.

    The history is permanent, so it names the message only; both versions of the words are kept in
    the wordings, where a deletion erases them.
    """
    await mirror_anew(desk, ticket, edit.message)
    if await is_beginning(desk, ticket, edit.message):
        ticket = replace(ticket, summary=summary_of(edit.message))
        await desk.work.tickets.save(ticket)
        await desk.work.outbox.refresh(triage_card_key(ticket))
    author = await person(desk, edit.message.user_id)
    edited = Edited(edit.message.ts, edit.since_ts)
    await desk.note(ticket, author, edited, at=edit.since_ts.instant)


async def delete_message(desk: Desk, deletion: Deletion) -> str:
    """Erase the words of a deleted message; the message's stub and its ticket stay.

    Return the outcome in words for the record.
    """
    if await desk.work.clients.by_channel_for_update(deletion.channel_id) is None:
        return "not a client's channel"
    known = await desk.work.wordings.current(deletion.channel_id, deletion.ts)
    if known is None and deletion.before and await desk.work.staff.get(deletion.before.user_id):
        # A staff answer counts even if it is deleted later: the client has seen it.
        await receive_message(desk, deletion.before)
        known = await desk.work.wordings.current(deletion.channel_id, deletion.ts)
    if known is None:
        return await _record_deleted_stub(desk, deletion)
    if known.deleted:
        return "deleted already"
    await desk.work.wordings.erase(deletion.channel_id, deletion.ts, deletion.deleted_at)
    ticket = await _ticket(desk, known)
    if ticket is None:
        return "deleted"
    await _show_deletion(desk, ticket, known, deletion)
    return f"deleted ({ticket.key})"


async def _record_deleted_stub(desk: Desk, deletion: Deletion) -> str:
    """Record a stub for a message that was deleted before it reached us.

    The stub has no `client_msg_id`, so that a duplicate of the message that still stands is
    received.
    """
    reason = "deleted before it reached us"
    await desk.work.messages.record_stub(deletion, desk.now, reason)
    await desk.work.wordings.erase(deletion.channel_id, deletion.ts, deletion.deleted_at)
    return f"not a ticket: {reason}"


async def _show_deletion(desk: Desk, ticket: Ticket, known: OnRecord, deletion: Deletion) -> None:
    """Show the deletion in triage and record it in the history."""
    author = known.message.user_id
    actor = await person(desk, author)
    await desk.note(ticket, actor, Deleted(deletion.ts), at=deletion.deleted_at)
    await mirror_anew(desk, ticket, known.message)
    if await is_beginning(desk, ticket, known.message):
        await desk.work.tickets.save(replace(ticket, summary=DELETED))
        await desk.work.outbox.refresh(triage_card_key(ticket))
    if known.side is Side.CLIENT:
        key = f"deleted:{deletion.channel_id}:{deletion.ts}"
        message = DeletedMessageNote(ticket.id, author)
        await desk.work.outbox.say(Outgoing(key, desk.places.under_triage_card(ticket), message))


async def _ticket(desk: Desk, known: OnRecord) -> Ticket | None:
    """Return the ticket that the message belongs to, or None."""
    return (
        None if known.ticket_id is None else await desk.work.tickets.get_for_update(known.ticket_id)
    )


def _has_same_content(first: ChannelMessage, second: ChannelMessage) -> bool:
    """Return whether both versions have the same words and files."""
    return (first.text, first.file_names) == (second.text, second.file_names)


async def _is_after_first_agreement(desk: Desk, client: Client, message: ChannelMessage) -> bool:
    """Return whether the message is from after the start of the client's first agreement.

    An older message is no report that we missed.
    """
    at = message.ts.instant
    return (await agreement_at(desk, client, at)).effective_from <= at
