"""Pings, written down as messages that are owed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.clock import ts_of
from bot.domain.clocks import Clock
from bot.domain.escalation import Audience, Ping
from bot.domain.ladder import Step
from bot.domain.metric import Metric
from bot.domain.ticket import Ticket
from bot.ports import PAGER, Outgoing
from bot.usecases.desk import Desk, triage_card_key

PINGS = "pings"


@dataclass(frozen=True, slots=True)
class Come:
    """A step of a clock that has come; `at` is its own instant, however late it is noticed."""

    clock: Clock
    step: Step
    at: datetime


async def tell(
    desk: Desk, ticket: Ticket, come: Sequence[Come], owed: Sequence[Ping]
) -> list[Outgoing]:
    """Owe each reader one message about all of these steps. The first of them is in its key, so
    that a step that comes up again (a re-triage to the same deadline) is not told twice. What is
    owed to people directly is returned: `together` owes it."""
    direct = []
    first, *besides = come
    for ping in owed:
        for channel in _channels(desk, ping):
            in_triage = ping.audience is Audience.TRIAGE
            message = Outgoing(
                ping_key(ticket, first, ping, channel),
                "ping",
                channel,
                under=triage_card_key(ticket) if in_triage else None,
                ticket_id=ticket.id,
                facts={
                    "clock": first.clock.name,
                    "step": str(ping.step),
                    "at": first.at.isoformat(),
                    "besides": [
                        [one.clock.name, str(one.step), one.at.isoformat()] for one in besides
                    ],
                    "audience": ping.audience.value,
                    "readers": list(ping.readers),
                    "to_all": ping.to_all,
                    "now": desk.now.isoformat(),
                },
            )
            if ping.audience is Audience.ENGINEER:
                direct.append(message)
            else:
                await desk.work.outbox.say(message)
    return direct


async def together(desk: Desk, owed: Sequence[Outgoing]) -> None:
    """Owe each person what is owed to them directly: "several due at once for one reader become
    one message". What they were told before, alone or with others, they are not told again."""
    fresh = await desk.work.periods.begin_each("told", [one.key for one in owed], desk.now)
    by_reader: dict[str, list[Outgoing]] = {}
    for one in owed:
        if one.key in fresh:
            by_reader.setdefault(one.channel, []).append(one)
    for reader, ones in by_reader.items():
        if len(ones) > 1:
            parts = [one.facts | {"ticket": one.ticket_id} for one in ones]
            facts = {"parts": parts, "now": desk.now.isoformat()}
            key = f"pings:{reader}:{ts_of(desk.now)}:{ones[0].key}"
            await desk.work.outbox.say(Outgoing(key, PINGS, reader, facts=facts))
        else:
            await desk.work.outbox.say(*ones)


def ping_key(ticket: Ticket, come: Come, ping: Ping, channel: str) -> str:
    """Names clock, step, instant and reader."""
    seconds, clock = int(come.at.timestamp()), come.clock
    about = ticket.id if clock.span.metric is Metric.FIRST_RESPONSE else f"{ticket.id}/{clock.name}"
    return f"ping:{about}:{ping.step}:{seconds}:{ping.audience}:{channel}"


def _channels(desk: Desk, ping: Ping) -> tuple[str, ...]:
    if ping.audience is Audience.TRIAGE:
        return (desk.places.triage_channel,)
    if ping.audience is Audience.MANAGERS:
        return (desk.places.managers_channel,)
    if ping.audience is Audience.PAGER:
        return (PAGER,) if desk.places.has_pager else ()
    return ping.readers
