"""Queueing pings: the messages that tell people about the steps of an escalation ladder."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.escalation.decision import Audience, Ping, Rung
from bot.domain.ids import TicketId
from bot.domain.messages import PAGER, Outgoing
from bot.domain.sla.clocks.sla_clock import SlaClock
from bot.domain.sla.targets.metric import Metric
from bot.domain.ticket import Ticket
from bot.slack_ts import ts_of
from bot.usecases.desk import Desk, triage_card_key

PINGS = "pings"
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


async def owe_pings(
    desk: Desk, ticket: Ticket, reached: Sequence[ReachedStep], pings: Sequence[Ping]
) -> list[Outgoing]:
    """Queue a ping about these steps for each reader.

    The idempotency key names the first step, so that a repeated step (a re-triage to the same due
    time) sends nothing more. Pings to people and managers are returned, for `together` to queue.
    """
    direct = []
    first, *others = reached
    named = sorted(
        {name for step in reached for rung in (step.rung, *step.before) for name in rung.tell}
    )
    for ping in pings:
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
                        [step.clock.name, str(step.rung.step), step.rung.at.isoformat()]
                        for step in others
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


async def batch_by_reader(desk: Desk, pings: Sequence[Outgoing]) -> None:
    """Queue the pings, with a single message for a reader who has several.

    Rule: "several due at once for one reader become one message". A ping that was queued before is
    not repeated; the managers' earlier message is refreshed instead, since its breach may be
    withdrawn.
    """
    fresh = await desk.work.idempotency.claim_each(
        PING_KEYS, [ping.key for ping in pings], desk.now
    )
    by_reader: dict[str, list[Outgoing]] = {}
    for ping in pings:
        if ping.key in fresh:
            by_reader.setdefault(ping.channel, []).append(ping)
    for reader, unsent in by_reader.items():
        if len(unsent) > 1:
            parts = [ping.facts | {"ticket": ping.ticket_id} for ping in unsent]
            facts = {"parts": parts, "now": desk.now.isoformat()}
            key = f"pings:{reader}:{ts_of(desk.now)}:{unsent[0].key}"
            await desk.work.idempotency.set_message(PING_KEYS, [ping.key for ping in unsent], key)
            await desk.work.outbox.say(Outgoing(key, PINGS, reader, facts=facts))
        else:
            await desk.work.outbox.say(*unsent)
    managers = desk.places.managers_channel
    await refresh_pings(
        desk, [ping.key for ping in pings if ping.channel == managers and ping.key not in fresh]
    )


async def refresh_pings(desk: Desk, keys: Sequence[str]) -> None:
    """Refresh the messages that contain the pings with these keys."""
    if keys:
        containing = await desk.work.idempotency.messages_of(PING_KEYS, keys)
        await desk.work.outbox.refresh(*{containing.get(key, key) for key in keys})


def ping_key(ticket_id: TicketId, clock: str, rung: Rung, audience: Audience, channel: str) -> str:
    """Return the idempotency key of a ping: ticket, clock, step, instant, audience and reader."""
    seconds, first = int(rung.at.timestamp()), clock.startswith(f"{Metric.FIRST_RESPONSE}:")
    about = ticket_id if first else f"{ticket_id}/{clock}"
    return f"ping:{about}:{rung.step}:{seconds}:{audience}:{channel}"


def _channels(desk: Desk, ping: Ping) -> tuple[str, ...]:
    """Return the channels or user IDs that the ping goes to."""
    if ping.audience is Audience.TRIAGE:
        return (desk.places.triage_channel,)
    if ping.audience is Audience.MANAGERS:
        return (desk.places.managers_channel,)
    if ping.audience is Audience.PAGER:
        return (PAGER,) if desk.places.has_pager else ()
    return ping.readers
