"""One transaction, with every store interface."""

from typing import Protocol

from bot.ports.agreements import CatalogVersions, Duties, Statements
from bot.ports.escalation import Timers
from bot.ports.intake import Backfill, Messages, Wordings
from bot.ports.operations import (
    Audit,
    Channels,
    Clients,
    IdempotencyKeys,
    Inbox,
    Outbox,
    Staff,
    Vitals,
)
from bot.ports.reports import Homes, Subscriptions
from bot.ports.sla import Clocks
from bot.ports.tickets import History, Tickets


class Work(Protocol):
    """A transaction on the store, with all its repositories.

    Only the code that opened it commits it.
    """

    @property
    def clients(self) -> Clients: ...
    @property
    def channels(self) -> Channels: ...
    @property
    def staff(self) -> Staff: ...
    @property
    def tickets(self) -> Tickets: ...
    @property
    def clocks(self) -> Clocks: ...
    @property
    def timers(self) -> Timers: ...
    @property
    def history(self) -> History: ...
    @property
    def messages(self) -> Messages: ...
    @property
    def wordings(self) -> Wordings: ...
    @property
    def backfill(self) -> Backfill: ...
    @property
    def inbox(self) -> Inbox: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def homes(self) -> Homes: ...
    @property
    def idempotency(self) -> IdempotencyKeys: ...
    @property
    def statements(self) -> Statements: ...
    @property
    def duties(self) -> Duties: ...
    @property
    def subscriptions(self) -> Subscriptions: ...
    @property
    def catalogs(self) -> CatalogVersions: ...
    @property
    def audit(self) -> Audit: ...
    @property
    def vitals(self) -> Vitals: ...
