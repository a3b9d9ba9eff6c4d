"""Queueing pings: the messages that tell people about the steps of an escalation ladder."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from bot.domain.destinations import Channel, Destination, Direct, Pager
from bot.domain.escalation.decision import Audience, Ping, Rung
from bot.domain.escalation.messages import ClockStep, Page, PingMessage, PingsTogether
from bot.domain.ids import TicketId
from bot.domain.messages import Outgoing
from bot.domain.sla.clocks.sla_clock import SlaClock
from bot.domain.sla.targets.metric import Metric
from bot.domain.ticket import Ticket
from bot.slack_ts import MessageTs
from bot.usecases.desk import Desk

PING_KEYS = "told"  # name of the periods that record which direct pings were queued


@dataclass(frozen=True, slots=True)
class ReachedStep:
    """An escalation step of a clock that has passed, at its own instant, however late it is
    noticed.

    `before` are earlier steps that share its ping.
    """

    clock: SlaClock
    rung: Rung
    before: tuple[Rung, ...] = ()

    @property
    def clock_step(self) -> ClockStep:
        """Return the step as pings name it."""
        return ClockStep(self.clock.name, self.rung.step, self.rung.at)


@dataclass(frozen=True, slots=True)
class DirectPing:
    """A ping to a person or to the managers, which may share a message with other pings.

    `key` is its idempotency key.
    """

    key: str
    reader: Direct | Channel
    ping: PingMessage


async def owe_pings(
    desk: Desk, ticket: Ticket, reached: Sequence[ReachedStep], pings: Sequence[Ping]
) -> list[DirectPing]:
    """Queue a ping about these steps for each reader.

    The idempotency key names the first step, so that a repeated step (a re-triage to the same due
    time) sends nothing more. Pings to people and managers are returned, for `batch_by_reader` to
    queue.
    """
    direct: list[DirectPing] = []
    for ping in pings:
        message = _message(desk, ticket, reached, ping)
        match ping.audience:
            case Audience.TRIAGE:
                await _owe(desk, desk.places.under_triage_card(ticket), message)
            case Audience.PAGER:
                if desk.places.has_pager:
                    await _owe(desk, Pager(), message)
            case Audience.MANAGERS:
                direct.append(_direct(desk.places.managers, message))
            case Audience.ENGINEER:
                direct += [_direct(Direct(reader), message) for reader in message.readers]
            case _:
                assert_never(ping.audience)
    return direct


def _message(desk: Desk, ticket: Ticket, reached: Sequence[ReachedStep], ping: Ping) -> PingMessage:
    """Return the ping about these steps."""
    rungs = [rung for step in reached for rung in (step.rung, *step.before)]
    return PingMessage(
        ticket.id,
        tuple(step.clock_step for step in reached),
        ping.audience,
        ping.readers,
        desk.now,
        tells=frozenset(name for rung in rungs for name in rung.tell),
        instead_of=len(reached[0].before),
        to_all=ping.to_all,
    )


async def _owe(desk: Desk, destination: Destination, ping: PingMessage) -> None:
    """Queue the ping for a thread, or as a page."""
    key = _key(ping, destination)
    page = Page(ping.ticket, ping.steps[0], ping.noticed_at)
    message = page if isinstance(destination, Pager) else ping
    await desk.work.outbox.say(Outgoing(key, destination, message))


def _direct(reader: Direct | Channel, ping: PingMessage) -> DirectPing:
    """Return the ping to a person or to the managers."""
    return DirectPing(_key(ping, reader), reader, ping)


def _key(ping: PingMessage, destination: Destination) -> str:
    """Return the idempotency key of the ping."""
    return ping_key(ping.ticket, ping.steps[0], ping.audience, destination.address)


async def batch_by_reader(desk: Desk, pings: Sequence[DirectPing]) -> None:
    """Queue the pings, with a single message for a reader who has several.

    Rule: "several due at once for one reader become one message". A ping that was queued before is
    not repeated; the managers' earlier message is refreshed instead, since its breach may be
    withdrawn.
    """
    fresh = await desk.work.idempotency.claim_each(
        PING_KEYS, [ping.key for ping in pings], desk.now
    )
    by_reader: dict[Direct | Channel, list[DirectPing]] = {}
    for ping in pings:
        if ping.key in fresh:
            by_reader.setdefault(ping.reader, []).append(ping)
    for reader, unsent in by_reader.items():
        await _owe_to(desk, reader, unsent)
    managers = desk.places.managers
    await refresh_pings(
        desk, [ping.key for ping in pings if ping.reader == managers and ping.key not in fresh]
    )


async def _owe_to(desk: Desk, reader: Direct | Channel, pings: Sequence[DirectPing]) -> None:
    """Queue these pings to a reader, in a single message."""
    if len(pings) == 1:
        await desk.work.outbox.say(Outgoing(pings[0].key, reader, pings[0].ping))
        return
    key = f"pings:{reader.address}:{MessageTs.at(desk.now)}:{pings[0].key}"
    await desk.work.idempotency.set_message(PING_KEYS, [ping.key for ping in pings], key)
    batch = PingsTogether(tuple(ping.ping for ping in pings), desk.now)
    await desk.work.outbox.say(Outgoing(key, reader, batch))


async def refresh_pings(desk: Desk, keys: Sequence[str]) -> None:
    """Refresh the messages that contain the pings with these keys."""
    if keys:
        containing = await desk.work.idempotency.messages_of(PING_KEYS, keys)
        await desk.work.outbox.refresh(*{containing.get(key, key) for key in keys})


def ping_key(ticket_id: TicketId, step: ClockStep, audience: Audience, address: str) -> str:
    """Return the idempotency key of a ping: ticket, clock, step, instant, audience and reader."""
    first = step.clock.startswith(f"{Metric.FIRST_RESPONSE}:")
    about = ticket_id if first else f"{ticket_id}/{step.clock}"
    return f"ping:{about}:{step.step}:{int(step.at.timestamp())}:{audience}:{address}"
