"""Pings, written down as messages that are owed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.clocks import Clock
from bot.domain.escalation import Audience, Ping, Step
from bot.domain.metric import Metric
from bot.domain.ticket import Ticket
from bot.ports import Outgoing
from bot.usecases.desk import Desk, triage_card_key


@dataclass(frozen=True, slots=True)
class Come:
    """A step of a clock that has come; `at` is its own instant, however late it is noticed."""

    clock: Clock
    step: Step
    at: datetime


async def tell(desk: Desk, ticket: Ticket, come: Sequence[Come], owed: Sequence[Ping]) -> None:
    """Owe each reader one message about all of these steps. The first of them is in its key, so
    that a step that comes up again (a re-triage to the same deadline) is not told twice."""
    first, *besides = come
    for ping in owed:
        for channel in _channels(desk, ping):
            in_triage = ping.audience is Audience.TRIAGE
            await desk.work.outbox.say(
                Outgoing(
                    ping_key(ticket, first, ping, channel),
                    "ping",
                    channel,
                    under=triage_card_key(ticket) if in_triage else None,
                    ticket_id=ticket.id,
                    facts={
                        "clock": first.clock.name,
                        "step": ping.step.value,
                        "at": first.at.isoformat(),
                        "besides": [
                            [one.clock.name, one.step.value, one.at.isoformat()] for one in besides
                        ],
                        "audience": ping.audience.value,
                        "readers": list(ping.readers),
                        "now": desk.now.isoformat(),
                    },
                )
            )


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
    return ping.readers
