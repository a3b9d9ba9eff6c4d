"""The desk at one instant: an open transaction and what every use-case needs beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from types import MappingProxyType
from typing import Any, Protocol

from bot.domain.billing import Cycle, billing_period, cycle_at
from bot.domain.client import StaffMember
from bot.domain.digest import EVERY_DAY
from bot.domain.escalation import People
from bot.domain.period import Period
from bot.domain.plan import Catalog, Plan
from bot.domain.quota import counts, notice_due
from bot.domain.ticket import WORDS_LENGTH, Ticket
from bot.errors import Refusal
from bot.ports import Event, Outgoing, Work

# A client's words are kept with their messages, where a deletion can erase them; never in the
# history, which nothing leaves.
WORDS = "summary"
QUOTA_NOTICE = "quota_notice"


class Plans(Protocol):
    """The catalogues that this desk serves, and every version that a ticket is pinned to."""

    @property
    def catalogs(self) -> Sequence[Catalog]: ...

    async def plan(
        self, work: Work, catalog_version_id: int, plan_id: str, terms: str = ""
    ) -> Plan:
        """A plan as a version of its catalogue says it, with an agreement's own terms in it."""
        ...


@dataclass(frozen=True, slots=True)
class Places:
    """Where the vendor's people read, and when: `digest_at` is local wall time in `zone`, on the
    `digest_days` (0 = Monday)."""

    triage_channel: str
    managers_channel: str
    digest_at: time
    zone: str
    digest_days: frozenset[int] = EVERY_DAY
    has_pager: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """`now` was read once, at the door: aware, in UTC."""

    work: Work
    plans: Plans
    places: Places
    now: datetime

    async def plan_of(self, ticket: Ticket) -> Plan:
        agreement = await self.work.clients.agreement(ticket.agreement_id)
        return await self.plans.plan(
            self.work, ticket.catalog_version_id, ticket.plan_id, agreement.terms
        )

    async def note(
        self, ticket: Ticket, actor: str, kind: str, *, at: datetime | None = None, **after: object
    ) -> None:
        """Put one line into the ticket's history."""
        event = Event(ticket.id, at or self.now, actor, kind, {}, after)
        await self.work.history.append([event])

    async def change(
        self,
        before: Ticket,
        after: Ticket,
        actor: str,
        kind: str,
        *,
        at: datetime | None = None,
        besides: Mapping[str, object] = MappingProxyType({}),
    ) -> Ticket:
        """Save a ticket, put what changed (and what else is to be known of it) into its history,
        and have its cards shown anew. Whether it counts against the quota follows from the rest."""
        after = replace(after, counted=counts(after, await self.plan_of(after)))
        differing = [
            name
            for name in Ticket.__dataclass_fields__
            if name != WORDS and getattr(before, name) != getattr(after, name)
        ]
        event = Event(
            after.id,
            at or self.now,
            actor,
            kind,
            {name: plain(getattr(before, name)) for name in differing},
            {name: plain(getattr(after, name)) for name in differing} | dict(besides),
        )
        await self.work.tickets.save(after)
        await self.work.history.append([event])
        await self.refresh_cards(after)
        if before.counted != after.counted:
            await self.count_anew(after)
        return after

    async def count_anew(self, ticket: Ticket) -> None:
        """A ticket has come to count, or counts no more: "a ticket that reaches us late takes its
        own place in that order", and the cards of those that were opened after it say another
        number."""
        plan = await self.plan_of(ticket)
        if plan.quota.included is not None:
            period = await self.billing_period(ticket.client_id, ticket.opened_at)
            for later in await self.work.tickets.after(ticket, period):
                await self.refresh_cards(later)
            await self._tell_before_it_costs(ticket, plan, period)

    async def _tell_before_it_costs(self, ticket: Ticket, plan: Plan, period: Period) -> None:
        """In the client's channel, once each a period: "told before it costs: at 80 %, at 100 %".
        What is found late in a period that has ended tells nothing: its money is on a statement."""
        client = await self.work.clients.by_id(ticket.client_id)
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

    async def billing_period(self, client_id: int, instant: datetime) -> Period:
        """In which period a client's quota counts what is opened at an instant."""
        return billing_period(await self.work.clients.versions(client_id), instant)

    async def cycle_at(self, client_id: int, instant: datetime) -> Cycle:
        """To which billing cycle that period belongs."""
        return cycle_at(await self.work.clients.versions(client_id), instant)

    async def refresh_cards(self, ticket: Ticket) -> None:
        await self.work.outbox.refresh(client_card_key(ticket), triage_card_key(ticket))


class NotStaff(Refusal):
    """Somebody who is not on the vendor's staff asked for what only staff may do."""

    def __init__(self) -> None:
        super().__init__(
            "This is for the support team. Write in your channel and we will take it from there."
        )


class NoSuchTicket(Refusal):
    """Said in the same words for a ticket that does not exist and for another client's."""

    def __init__(self, key: str) -> None:
        super().__init__(f"There is no ticket {key} here: check the key on its card.")


async def staff_member(desk: Desk, user_id: str) -> StaffMember:
    """The staff member who acts; raises NotStaff. Looked up each time, whatever an old button
    says."""
    member = await desk.work.staff.get(user_id)
    if member is None:
        raise NotStaff
    return member


def check_length(words: str, length: int = WORDS_LENGTH) -> None:
    """Raises Refusal for words that nothing would show whole."""
    if (over := len(words.strip()) - length) > 0:
        raise Refusal(f"That is {over} characters too long: shorten it to {length}.")


async def people_of(desk: Desk, ticket: Ticket, plan: Plan) -> People:
    """Who acts for a ticket: whoever is named now acts also for what was opened before, and who is
    no longer on staff acts for nothing."""
    named = await desk.work.clients.agreement_at(ticket.client_id, desk.now)
    agreement = named or await desk.work.clients.agreement(ticket.agreement_id)
    staff = {one.user_id: one for one in await desk.work.staff.all()}
    if not plan.named_engineer:
        return People(None, None, staff)
    return People(agreement.engineer, agreement.backup, staff)


async def ticket_by_key(desk: Desk, key: str) -> Ticket:
    ticket = await desk.work.tickets.by_key(key)
    if ticket is None:
        raise NoSuchTicket(key)
    return ticket


def client_card_key(ticket: Ticket) -> str:
    return f"client-card:{ticket.id}"


def triage_card_key(ticket: Ticket) -> str:
    return f"triage-card:{ticket.id}"


ASKED = "asked"  # the words of a client who asked without a message


def asked_key(ticket: Ticket) -> str:
    return f"{ASKED}:{ticket.id}"


def to_client(ticket: Ticket, key: str, kind: str, channel_id: str, **facts: Any) -> Outgoing:
    """Something to be said in the ticket's thread with its client."""
    under = asked_key(ticket) if ticket.thread_ts is None else None
    return Outgoing(key, kind, channel_id, ticket.thread_ts, under, ticket.id, facts)


def cards(ticket: Ticket, places: Places) -> list[Outgoing]:
    """The ticket's card in the client's thread (if it has one) and in the triage channel."""
    owed = []
    if ticket.channel_id is not None:
        if ticket.thread_ts is None:
            words = asked_key(ticket)
            owed.append(Outgoing(words, ASKED, ticket.channel_id, ticket_id=ticket.id))
        owed.append(to_client(ticket, client_card_key(ticket), "client_card", ticket.channel_id))
    owed.append(
        Outgoing(triage_card_key(ticket), "triage_card", places.triage_channel, ticket_id=ticket.id)
    )
    return owed


def plain(value: object) -> object:
    """A field as JSON has it: instants in ISO 8601."""
    return value.isoformat() if isinstance(value, datetime) else value
