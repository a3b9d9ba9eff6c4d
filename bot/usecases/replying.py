"""An engineer's answer, written in triage and shown to the client in the engineer's name."""

from dataclasses import dataclass, replace

from bot.clock import instant_of
from bot.domain.ticket import Ticket
from bot.errors import Refusal
from bot.ports import Outgoing
from bot.usecases.clock import staff_wrote
from bot.usecases.desk import ASKED, Desk, staff_member, ticket_by_key, to_client
from bot.usecases.discretion import check_discreet
from bot.usecases.given_time import NoSuchTime, instant_given


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer that may be sent as it stands, in `name`, to `channel_id`."""

    ticket: Ticket
    channel_id: str
    words: str
    name: str


async def draft(desk: Desk, key: str, actor: str, words: str) -> Draft:
    """What the client would read; its writer looks at it once more before it is sent. Raises
    Refusal with what is to be mended."""
    member = await staff_member(desk, actor)
    ticket = await ticket_by_key(desk, key)
    if ticket.channel_id is None:
        raise Refusal(f"{key} came by {ticket.source}: answer there, then record the answer here.")
    if not ticket.is_open:
        raise Refusal(f"{ticket.key} is {ticket.state} by now: reopen it first, then answer.")
    if not words.strip():
        raise Refusal("Write the answer first: the client reads it in their channel.")
    await check_discreet(desk, ticket, words)
    return Draft(ticket, ticket.channel_id, words.strip(), member.name)


async def reply(desk: Desk, key: str, actor: str, words: str, *, gesture: str) -> Ticket:
    """Owe the client these words in the ticket's thread. `gesture` names the submission: the
    same one delivered twice is one answer. They count as an answer once Slack shows them."""
    answer = await draft(desk, key, actor, words)
    ticket = answer.ticket
    if not await desk.work.periods.begin("reply", gesture, "", desk.now):
        return ticket
    key, said = f"reply:{ticket.id}:{gesture}", {"name": answer.name, "words": answer.words}
    await desk.work.outbox.say(to_client(ticket, key, "reply", answer.channel_id, by=actor, **said))
    await desk.note(ticket, actor, "replied")
    return ticket


async def record_answer(
    desk: Desk, key: str, actor: str, words: str, given_at: str, *, gesture: str
) -> Ticket:
    """Record an answer that was given outside Slack, at `given_at` (wall time in the plan's zone,
    "" for now). `gesture` names the submission: the same one delivered twice is one answer."""
    await staff_member(desk, actor)
    ticket = await ticket_by_key(desk, key)
    at = instant_given(given_at, (await desk.plan_of(ticket)).zone, desk.now)
    if at < ticket.opened_at.replace(second=0, microsecond=0):  # people type no seconds
        raise NoSuchTime(f"{key} was reported later than that: check the time of the answer.")
    if not await desk.work.periods.begin("answer", gesture, "", desk.now):
        return ticket
    at = max(at, ticket.opened_at)
    await desk.note(ticket, actor, "answer_recorded", at=at, words=words.strip())
    await staff_wrote(desk, ticket, actor, at)
    return ticket


def answers(message: Outgoing) -> bool:
    """Whether a person's words are in it, which answer the ticket once Slack shows them."""
    return message.kind in {"reply", "resolution"} and message.ticket_id is not None


def is_followed(message: Outgoing) -> bool:
    """Whether something follows for its ticket once Slack shows it."""
    return answers(message) or message.kind == ASKED


async def delivered(desk: Desk, message: Outgoing, ts: str) -> None:
    """Slack shows a message of ours: a person's words in it answer the ticket, at its `ts`; the
    client's own begin its thread."""
    if message.kind == ASKED and message.ticket_id is not None:
        ticket = await desk.work.tickets.get(message.ticket_id)
        await desk.work.tickets.save(replace(ticket, thread_ts=ts))
        await desk.refresh_cards(ticket)
    if answers(message) and message.ticket_id is not None:
        ticket = await desk.work.tickets.get(message.ticket_id)
        await staff_wrote(desk, ticket, message.facts["by"], instant_of(ts))
