"""The context that every use case shares: an open transaction at a fixed instant, with helpers."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Protocol

from bot.domain.actor import Actor
from bot.domain.agreements.billing_cycles import Cycle, billing_period, cycle_at
from bot.domain.agreements.messages import QuotaNotice
from bot.domain.agreements.period import Period
from bot.domain.agreements.plan import Catalog, Plan
from bot.domain.agreements.quota import counts, notice_due
from bot.domain.destinations import Channel, Thread, ThreadUnder
from bot.domain.ids import ChannelId, ClientId
from bot.domain.intake.messages import ClientRequest
from bot.domain.messages import Message, Outgoing
from bot.domain.reports.digest import EVERY_DAY
from bot.domain.ticket import Ticket
from bot.domain.ticket_events import ChangeEvent, RecordedEvent, TicketChanges, TicketEvent
from bot.domain.tickets.messages import ClientCard, TriageCard
from bot.ports.work import Work


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

    triage_channel: ChannelId
    managers_channel: ChannelId
    digest_at: time
    zone: str
    digest_days: frozenset[int] = EVERY_DAY
    has_pager: bool = False

    @property
    def triage(self) -> Channel:
        """Return the triage channel as a destination."""
        return Channel(self.triage_channel)

    @property
    def managers(self) -> Channel:
        """Return the managers' channel as a destination."""
        return Channel(self.managers_channel)

    def under_triage_card(self, ticket: Ticket) -> ThreadUnder:
        """Return the ticket's thread in the triage channel, which its card starts."""
        return ThreadUnder(self.triage_channel, triage_card_key(ticket))


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
        percent, included = notice_due(plan.quota, used), plan.quota.included
        if percent is None or included is None or client.channel_id is None:
            return
        if period.end <= self.now:
            return
        notice = QuotaNotice(
            percent=percent,
            used=used,
            included=included,
            price=str(plan.quota.overage) if plan.quota.overage else None,
            plan=plan.name,
            until=period.end,
            zone=plan.zone,
        )
        key = f"quota:{client.id}:{plan.id}:{period.start.isoformat()}:{percent}"
        channel = Channel(client.channel_id)
        await self.work.outbox.say(Outgoing(key, channel, notice))

    async def billing_period(self, client_id: ClientId, instant: datetime) -> Period:
        """Return the billing period whose quota a ticket opened at `instant` uses."""
        return billing_period(await self.work.clients.versions(client_id), instant)

    async def cycle_at(self, client_id: ClientId, instant: datetime) -> Cycle:
        """Return the client's billing cycle at `instant`."""
        return cycle_at(await self.work.clients.versions(client_id), instant)

    async def refresh_cards(self, ticket: Ticket) -> None:
        """Have both cards of the ticket (client's channel and triage) rendered again."""
        await self.work.outbox.refresh(client_card_key(ticket), triage_card_key(ticket))


OpenDesk = Callable[[], AbstractAsyncContextManager[Desk]]  # opens a transaction, and ends it


def client_card_key(ticket: Ticket) -> str:
    """Return the idempotency key of the ticket's card in the client's thread."""
    return f"client-card:{ticket.id}"


def triage_card_key(ticket: Ticket) -> str:
    """Return the idempotency key of the ticket's card in the triage channel."""
    return f"triage-card:{ticket.id}"


def asked_key(ticket: Ticket) -> str:
    """Return the idempotency key of the message that posts the client's words from the dialog."""
    return f"asked:{ticket.id}"


def client_thread(ticket: Ticket, channel_id: ChannelId) -> Thread | ThreadUnder:
    """Return the ticket's thread in the client's channel.

    Until Slack has shown the message that begins the thread, it is addressed by idempotency key.
    """
    if ticket.thread_ts is None:
        return ThreadUnder(channel_id, asked_key(ticket))
    return Thread(channel_id, ticket.thread_ts)


def to_client(ticket: Ticket, key: str, message: Message, channel_id: ChannelId) -> Outgoing:
    """Return a message for the ticket's thread in the client's channel."""
    return Outgoing(key, client_thread(ticket, channel_id), message)


def cards(ticket: Ticket, places: Places) -> list[Outgoing]:
    """Return the ticket's card for the client's thread (if it has a channel) and for the triage
    channel."""
    messages, ticket_id = [], ticket.id
    if ticket.channel_id is not None:
        if ticket.thread_ts is None:
            channel = Channel(ticket.channel_id)
            messages.append(Outgoing(asked_key(ticket), channel, ClientRequest(ticket_id)))
        card = ClientCard(ticket_id)
        messages.append(to_client(ticket, client_card_key(ticket), card, ticket.channel_id))
    messages.append(Outgoing(triage_card_key(ticket), places.triage, TriageCard(ticket_id)))
    return messages
