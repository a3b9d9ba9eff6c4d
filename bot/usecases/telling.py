"""Pings, written down as messages that are owed."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.clock import ts_of
from bot.domain.clocks import Clock
from bot.domain.escalation import Audience, Ping, Rung
from bot.domain.metric import Metric
from bot.domain.ticket import Ticket
from bot.ports import PAGER, Outgoing
from bot.usecases.desk import Desk, triage_card_key

PINGS = "pings"
TOLD = "told"  # on record as periods: which pings to people and managers were owed


@dataclass(frozen=True, slots=True)
class Come:
    """A step of a clock that has come, with its own instant, however late it is noticed; `before`
    are the steps in whose place it stands, too."""

    clock: Clock
    rung: Rung
    before: tuple[Rung, ...] = ()


async def tell(
    desk: Desk, ticket: Ticket, come: Sequence[Come], owed: Sequence[Ping]
) -> list[Outgoing]:
    """Owe each reader one message about all of these steps. The first of them is in its key, so
    that a step that comes up again (a re-triage to the same deadline) is not told twice. What is
    owed to people directly, and to managers, is returned: `together` owes it."""
    direct = []
    first, *besides = come
    named = sorted({who for one in come for rung in (one.rung, *one.before) for who in rung.tell})
    for ping in owed:
        for channel in _channels(desk, ping):
            in_triage = ping.audience is Audience.TRIAGE
            message = Outgoing(
                ping_key(ticket.id, first.clock.name, first.rung, ping.audience, channel),
                "ping",
                channel,
                under=triage_card_key(ticket) if in_triage else None,
                ticket_id=ticket.id,
                facts={
                    "clock": first.clock.name,
                    "step": str(first.rung.step),
                    "at": first.rung.at.isoformat(),
                    "besides": [
                        [one.clock.name, str(one.rung.step), one.rung.at.isoformat()]
                        for one in besides
                    ],
                    "instead_of": len(first.before),
                    "named": named,
                    "audience": ping.audience.value,
                    "readers": list(ping.readers),
                    "to_all": ping.to_all,
                    "now": desk.now.isoformat(),
                },
            )
            if ping.audience in {Audience.ENGINEER, Audience.MANAGERS}:
                direct.append(message)
            else:
                await desk.work.outbox.say(message)
    return direct


async def together(desk: Desk, owed: Sequence[Outgoing]) -> None:
    """Owe each reader what is owed to them: "several due at once for one reader become one
    message". What they were told before, alone or with others, they are not told again; where that
    has been withdrawn since it is shown anew."""
    fresh = await desk.work.periods.begin_each(TOLD, [one.key for one in owed], desk.now)
    by_reader: dict[str, list[Outgoing]] = {}
    for one in owed:
        if one.key in fresh:
            by_reader.setdefault(one.channel, []).append(one)
    for reader, ones in by_reader.items():
        if len(ones) > 1:
            parts = [one.facts | {"ticket": one.ticket_id} for one in ones]
            facts = {"parts": parts, "now": desk.now.isoformat()}
            key = f"pings:{reader}:{ts_of(desk.now)}:{ones[0].key}"
            await desk.work.periods.say_in(TOLD, [one.key for one in ones], key)
            await desk.work.outbox.say(Outgoing(key, PINGS, reader, facts=facts))
        else:
            await desk.work.outbox.say(*ones)
    managers = desk.places.managers_channel
    await said_anew(
        desk, [one.key for one in owed if one.channel == managers and one.key not in fresh]
    )


async def said_anew(desk: Desk, keys: Sequence[str]) -> None:
    """Show what was told, by the keys of its pings, as it stands now."""
    if keys:
        said_in = await desk.work.periods.said_in(TOLD, keys)
        await desk.work.outbox.refresh(*{said_in.get(key, key) for key in keys})


def ping_key(ticket_id: int, clock: str, rung: Rung, audience: Audience, channel: str) -> str:
    """Names clock, step, instant and reader."""
    seconds, first = int(rung.at.timestamp()), clock.startswith(f"{Metric.FIRST_RESPONSE}:")
    about = ticket_id if first else f"{ticket_id}/{clock}"
    return f"ping:{about}:{rung.step}:{seconds}:{audience}:{channel}"


def _channels(desk: Desk, ping: Ping) -> tuple[str, ...]:
    if ping.audience is Audience.TRIAGE:
        return (desk.places.triage_channel,)
    if ping.audience is Audience.MANAGERS:
        return (desk.places.managers_channel,)
    if ping.audience is Audience.PAGER:
        return (PAGER,) if desk.places.has_pager else ()
    return ping.readers
