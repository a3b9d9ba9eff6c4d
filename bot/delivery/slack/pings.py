"""From the pings that are owed to what is still news of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.escalation.decision import Audience, Rung
from bot.domain.escalation.ladder import Step
from bot.domain.messages import Outgoing
from bot.domain.sla.clocks.deadline import ClockState
from bot.domain.tickets.ping_news import come_since, still_stands
from bot.domain.tickets.ticket_view import TicketView
from bot.json_types import Json
from bot.usecases.desk import Desk
from bot.usecases.escalation.pings import PING_KEYS, ping_key
from bot.usecases.tickets.ticket_views import view_tickets
from bot.views.escalation.ping import ping
from bot.views.escalation.pings import breaches, several
from bot.views.message import Message

News = tuple[TicketView, Step]


async def ping_message(desk: Desk, owed: Outgoing, of: TicketView) -> Message | None:
    """None where the ticket got a severity without a clock while its ping was on its way, or
    another deadline, or where a later step's own ping says it."""
    facts = owed.facts
    about = await _news(desk, of, facts, owed.channel)
    about = [one for one in about if one[0].met_at is None] or about
    if not about or about[0][0].clock is ClockState.NONE:
        return None
    (ticket_view, step), *besides = about
    return ping(
        ticket_view,
        step,
        Audience(facts["audience"]),
        tuple(facts["readers"]),
        now=datetime.fromisoformat(facts["now"]),
        besides=besides,
        to_all=bool(facts.get("to_all")),
        instead_of=facts.get("instead_of", 0),
    )


async def pings_message(desk: Desk, owed: Outgoing) -> Message | None:
    """What is left of several that are owed to one reader together; of breaches each, for one that
    has been withdrawn is said to be so."""
    parts, noticed_at = owed.facts["parts"], datetime.fromisoformat(owed.facts["now"])
    ticket_views = await view_tickets(desk, {part["ticket"] for part in parts})
    about = [
        one
        for part in parts
        for one in await _news(desk, ticket_views[part["ticket"]], part, owed.channel)
    ]
    if Audience(parts[0]["audience"]) is Audience.MANAGERS:
        return breaches([ticket_view for ticket_view, _ in about], now=noticed_at)
    left = [one for one in about if one[0].met_at is None]
    if len(left) == 1:
        [(ticket_view, step)] = left
        return ping(ticket_view, step, Audience.ENGINEER, (owed.channel,), now=noticed_at)
    return several(left, now=noticed_at) if left else None


@dataclass(frozen=True, slots=True)
class _Owed:
    clock: str
    rung: Rung
    audience: Audience
    channel: str
    named: frozenset[str]  # whom the ladder names for it


async def _news(desk: Desk, of: TicketView, facts: Json, channel: str) -> list[News]:
    """What of a ping is to be said, and by the name of which step."""
    found = []
    audience, named = Audience(facts["audience"]), frozenset(facts.get("named", ()))
    for clock, name, at in [(facts["clock"], facts["step"], facts["at"]), *facts["besides"]]:
        rung = Rung(_step(name), datetime.fromisoformat(at))
        ticket_view = of.about(clock)
        step = await _called(desk, ticket_view, _Owed(clock, rung, audience, channel, named))
        if step is not None:
            found.append((ticket_view, step))
    return found


async def _called(desk: Desk, ticket_view: TicketView, owed: _Owed) -> Step | None:
    """By the name of which step it is told; None: not at all, for a later one's own ping says it.
    Where Slack was away over two steps, and the later one names others, it is told as that."""
    if owed.audience is Audience.MANAGERS:
        return owed.rung.step
    if not still_stands(ticket_view, owed.rung):
        return None
    later = come_since(ticket_view, owed.rung, desk.now)
    if ticket_view.met_at is not None or not later:
        return owed.rung.step
    if owed.audience is Audience.TRIAGE or await _is_told(desk, ticket_view, owed, later):
        return None
    return later[-1].step


async def _is_told(desk: Desk, ticket_view: TicketView, owed: _Owed, later: Sequence[Rung]) -> bool:
    """Whether the same reader has a ping of one of these steps, or is about to: a step that names
    all of these people, too, may have come at this very moment."""
    if any(owed.named <= frozenset(rung.tell) for rung in later):
        return True
    keys = [
        ping_key(ticket_view.ticket.id, owed.clock, rung, owed.audience, owed.channel)
        for rung in later
    ]
    return bool(await desk.work.idempotency.messages_of(PING_KEYS, keys))


def _step(name: str) -> Step:
    """What a step is called now ("warning" was 75 %)."""
    return Step.WARNING if name == "warning" else Step(name)
