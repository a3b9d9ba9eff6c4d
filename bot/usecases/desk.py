"""The context that every use case shares: an open transaction at a fixed instant, with helpers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any, Protocol

from bot.domain.actor import Actor
from bot.domain.agreements.billing_cycles import Cycle, billing_period, cycle_at
from bot.domain.agreements.period import Period
from bot.domain.agreements.plan import Catalog, Plan
from bot.domain.agreements.quota import counts, notice_due
from bot.domain.ids import ChannelId, ClientId
from bot.domain.messages import Outgoing
from bot.domain.reports.digest import EVERY_DAY
from bot.domain.ticket import Ticket
from bot.domain.ticket_events import ChangeEvent, RecordedEvent, TicketChanges, TicketEvent
from bot.ports.work import Work

QUOTA_NOTICE = "quota_notice"


class Plans(Protocol):
    """The catalogues in force, and every earlier version that a ticket is pinned to."""

    @property
    def catalogs(self) -> Sequence[Catalog]: ...

    async def plan(
        self, work: Work, catalog_version_id: int, plan_id: str, terms: str | None = None
    ) -> Plan:
        """Return a plan of a catalogue version with the agreement's own `terms` applied."""
        ...


@dataclass(frozen=True, slots=True)
class Places:
    """The vendor's own channels and the time of the digest.

    `digest_at` is local wall time in the IANA `zone`, on the `digest_days` (0 = Monday).
    """

    triage_channel: str
    managers_channel: str
    digest_at: time
    zone: str
    digest_days: frozenset[int] = EVERY_DAY
    has_pager: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """An open transaction (`work`) with its configuration. `now` (aware, UTC) was read once, when
    the transaction began."""

    work: Work
    plans: Plans
    places: Places
    now: datetime

    async def plan_of(self, ticket: Ticket) -> Plan:
        """Return the plan version that the ticket is pinned to, with its agreement's own terms."""
        agreement = await self.work.clients.agreement(ticket.agreement_id)
        return await self.plans.plan(
            self.work, ticket.catalog_version_id, ticket.plan_id, agreement.terms
        )

    async def note(
        self, ticket: Ticket, actor: Actor, event: TicketEvent, *, at: datetime | None = None
    ) -> None:
        """Append an event to the ticket's history, `at` an instant (aware, UTC; default: now)."""
        recorded = RecordedEvent(ticket.id, at or self.now, actor, event)
        await self.work.history.append([recorded])

    async def change(
        self,
        before: Ticket,
        after: Ticket,
        actor: Actor,
        event: Callable[[TicketChanges], ChangeEvent],
        *,
        at: datetime | None = None,
    ) -> Ticket:
        """Save a changed ticket, record the change in its history and refresh its cards.

        `event` makes the event from the changes; usually it is the class of the event. `counted`
        (whether the ticket uses quota) is derived from the ticket and its plan; if it changes, the
        cards of later tickets are refreshed too. Return the saved ticket.
        """
        after = replace(after, counted=counts(after, await self.plan_of(after)))
        await self.work.tickets.save(after)
        await self.note(after, actor, event(TicketChanges.between(before, after)), at=at)
        await self.refresh_cards(after)
        if before.counted != after.counted:
            await self.count_anew(after)
        return after

    async def count_anew(self, ticket: Ticket) -> None:
        """Refresh the positions in the quota after a ticket began or ceased to count.

        "A ticket that reaches us late takes its own place in that order": the cards of the tickets
        opened after it show another position. Does nothing if the plan has no quota.
        """
        plan = await self.plan_of(ticket)
        if plan.quota.included is not None:
            period = await self.billing_period(ticket.client_id, ticket.opened_at)
            for later in await self.work.tickets.after(ticket, period):
                await self.refresh_cards(later)
            await self._notify_quota(ticket, plan, period)

    async def _notify_quota(self, ticket: Ticket, plan: Plan, period: Period) -> None:
        """Post the quota notice in the client's channel, once a period for each threshold.

        Rule: "told before it costs: at 80 %, at 100 %". A late ticket of a period that has ended
        causes no notice: its price goes on a statement.
        """
        client = await self.work.clients.by_id_for_update(ticket.client_id)
        used = await self.work.tickets.used(client.id, plan.id, period)
        percent = notice_due(plan.quota, used)
        if percent is None or client.channel_id is None or period.end <= self.now:
            return
        facts = {
            "percent": percent,
            "used": used,
            "included": plan.quota.included,
            "price": str(plan.quota.overage) if plan.quota.overage else "",
            "plan": plan.name,
            "until": period.end.isoformat(),
            "zone": plan.zone,
        }
        key = f"quota:{client.id}:{plan.id}:{period.start.isoformat()}:{percent}"
        await self.work.outbox.say(Outgoing(key, QUOTA_NOTICE, client.channel_id, facts=facts))

    async def billing_period(self, client_id: ClientId, instant: datetime) -> Period:
        """Return the billing period whose quota a ticket opened at `instant` uses."""
        return billing_period(await self.work.clients.versions(client_id), instant)

    async def cycle_at(self, client_id: ClientId, instant: datetime) -> Cycle:
        """Return the client's billing cycle at `instant`."""
        return cycle_at(await self.work.clients.versions(client_id), instant)

    async def refresh_cards(self, ticket: Ticket) -> None:
        """Have both cards of the ticket (client's channel and triage) rendered again."""
        await self.work.outbox.refresh(client_card_key(ticket), triage_card_key(ticket))


def client_card_key(ticket: Ticket) -> str:
    """Return the idempotency key of the ticket's card in the client's thread."""
    return f"client-card:{ticket.id}"


def triage_card_key(ticket: Ticket) -> str:
    """Return the idempotency key of the ticket's card in the triage channel."""
    return f"triage-card:{ticket.id}"


ASKED = "asked"  # kind of message: the words of a client who asked without a message


def asked_key(ticket: Ticket) -> str:
    """Return the idempotency key of the message that posts the client's words from the dialog."""
    return f"{ASKED}:{ticket.id}"


def to_client(ticket: Ticket, key: str, kind: str, channel_id: ChannelId, **facts: Any) -> Outgoing:
    """Return a message for the ticket's thread in the client's channel.

    Until Slack has shown the message that begins the thread, it is addressed by idempotency key.
    """
    under = asked_key(ticket) if ticket.thread_ts is None else None
    return Outgoing(key, kind, channel_id, ticket.thread_ts, under, ticket.id, facts)


def cards(ticket: Ticket, places: Places) -> list[Outgoing]:
    """Return the ticket's card for the client's thread (if it has a channel) and for the triage
    channel."""
    messages = []
    if ticket.channel_id is not None:
        if ticket.thread_ts is None:
            words = asked_key(ticket)
            messages.append(Outgoing(words, ASKED, ticket.channel_id, ticket_id=ticket.id))
        messages.append(
            to_client(ticket, client_card_key(ticket), "client_card", ticket.channel_id)
        )
    messages.append(
        Outgoing(triage_card_key(ticket), "triage_card", places.triage_channel, ticket_id=ticket.id)
    )
    return messages
