"""From the pings that are owed to what is still news of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.escalation import Audience, Rung, come_since, still_stands
from bot.domain.ladder import Step
from bot.domain.promised import ClockState
from bot.domain.sheet import TicketSheet
from bot.ports import Json, Outgoing
from bot.usecases.desk import Desk
from bot.usecases.reading import sheets_of
from bot.usecases.telling import TOLD, ping_key
from bot.views.message import Message
from bot.views.ping import ping
from bot.views.pings import breaches, several

News = tuple[TicketSheet, Step]


async def ping_message(desk: Desk, owed: Outgoing, of: TicketSheet) -> Message | None:
    """None where the ticket got a severity without a clock while its ping was on its way, or
    another deadline, or where a later step's own ping says it."""
    facts = owed.facts
    about = await _news(desk, of, facts, owed.channel)
    about = [one for one in about if one[0].met_at is None] or about
    if not about or about[0][0].clock is ClockState.NONE:
        return None
    (sheet, step), *besides = about
    return ping(
        sheet,
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
    sheets = await sheets_of(desk, {part["ticket"] for part in parts})
    about = [
        one
        for part in parts
        for one in await _news(desk, sheets[part["ticket"]], part, owed.channel)
    ]
    if Audience(parts[0]["audience"]) is Audience.MANAGERS:
        return breaches([sheet for sheet, _ in about], now=noticed_at)
    left = [one for one in about if one[0].met_at is None]
    if len(left) == 1:
        [(sheet, step)] = left
        return ping(sheet, step, Audience.ENGINEER, (owed.channel,), now=noticed_at)
    return several(left, now=noticed_at) if left else None


@dataclass(frozen=True, slots=True)
class _Owed:
    clock: str
    rung: Rung
    audience: Audience
    channel: str
    named: frozenset[str]  # whom the ladder names for it


async def _news(desk: Desk, of: TicketSheet, facts: Json, channel: str) -> list[News]:
    """What of a ping is to be said, and by the name of which step."""
    found = []
    audience, named = Audience(facts["audience"]), frozenset(facts.get("named", ()))
    for clock, name, at in [(facts["clock"], facts["step"], facts["at"]), *facts["besides"]]:
        rung = Rung(_step(name), datetime.fromisoformat(at))
        sheet = of.about(clock)
        step = await _called(desk, sheet, _Owed(clock, rung, audience, channel, named))
        if step is not None:
            found.append((sheet, step))
    return found


async def _called(desk: Desk, sheet: TicketSheet, owed: _Owed) -> Step | None:
    """By the name of which step it is told; None: not at all, for a later one's own ping says it.
    Where Slack was away over two steps, and the later one names others, it is told as that."""
    if owed.audience is Audience.MANAGERS:
        return owed.rung.step
    if not still_stands(sheet, owed.rung):
        return None
    later = come_since(sheet, owed.rung, desk.now)
    if sheet.met_at is not None or not later:
        return owed.rung.step
    if owed.audience is Audience.TRIAGE or await _is_told(desk, sheet, owed, later):
        return None
    return later[-1].step


async def _is_told(desk: Desk, sheet: TicketSheet, owed: _Owed, later: Sequence[Rung]) -> bool:
    """Whether the same reader has a ping of one of these steps, or is about to: a step that names
    all of these people, too, may have come at this very moment."""
    if any(owed.named <= frozenset(rung.tell) for rung in later):
        return True
    keys = [
        ping_key(sheet.ticket.id, owed.clock, rung, owed.audience, owed.channel) for rung in later
    ]
    return bool(await desk.work.periods.said_in(TOLD, keys))


def _step(name: str) -> Step:
    """What a step is called now ("warning" was 75 %)."""
    return Step.WARNING if name == "warning" else Step(name)
