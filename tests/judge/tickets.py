"""Works out from the ledger alone each ticket's messages and events."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.slack_ts import MessageTs
from tests.judge.ledger import Deed, Entry, Ledger, Post, Terms
from tests.oracle.clock_model import Event

NOTHING_ASKED = {"thanks", "thank you", "ok", "great", "perfect", "noted", ":+1:"}


@dataclass
class ExpectedTicket:
    """A ticket in its expected state. `log` holds the events that its clocks use, with instants."""

    name: str
    terms: Terms
    opened_at: datetime
    opened_by: str
    messages: set[str] = field(default_factory=set)
    severity: str | None = None
    severity_by_staff: bool = False
    is_open: bool = True
    ended: str = "resolved"  # how it ended, if it is not open
    merged: tuple[datetime, "ExpectedTicket"] | None = (
        None  # when it was merged, and into which ticket
    )
    assignee: str | None = None
    answered_by: set[str] = field(default_factory=set)
    answered_at: datetime | None = None
    waiting: bool = False
    resolutions: int = 0
    reopenings: int = 0
    replies: int = 0
    log: list[tuple[datetime, Event]] = field(default_factory=list)
    came_first: str = ""  # the `ts` of its thread's first message, if a later message arrived first

    @property
    def thread(self) -> tuple[str, str]:
        """Return channel and `ts` of the ticket's thread; empty for a report."""
        channel, ts = self.root
        return channel, self.came_first or ts

    @property
    def root(self) -> tuple[str, str]:
        """Return channel and `ts` of the message that opened the ticket; empty for a report."""
        channel, _, ts = self.name.partition(":")
        return ("", "") if channel == "report" else (channel, ts)

    @property
    def counts(self) -> bool:
        """Return whether the ticket counts.

        "Withdrawn before the first response" does not count, nor does a message that was marked as
        no ticket.
        """
        answered = self.answered_at is not None
        return self.is_open or self.ended == "resolved" or (self.ended == "withdrawn" and answered)

    def happened(self, at: datetime, what: str, severity: str = "", *, now: bool = False) -> None:
        self.log.append((at, Event(0, what, severity, now)))


class Reading:
    """Reads the ledger up to an entry."""

    def __init__(self, ledger: Ledger, entries: Iterable[Entry]) -> None:
        self.tickets: dict[str, ExpectedTicket] = {}
        self.none: set[tuple[str, str]] = set()  # messages that belong to no ticket
        self._ledger = ledger
        self._of: dict[tuple[str, str], ExpectedTicket] = {}
        self._written: dict[tuple[str, str], list[Post]] = {}  # at top level, by place and writer
        for entry in _in_order(entries):
            if isinstance(entry, Post):
                self._take_post(entry)
            elif isinstance(entry, Deed):
                self._take_deed(entry)

    def ticket_of(self, channel: str, ts: str) -> ExpectedTicket | None:
        return self._of.get((channel, ts))

    def _take_post(self, post: Post) -> None:
        by_staff = post.by in self._ledger.staff
        ticket = self._staff_post(post) if by_staff else self._client_post(post)
        if ticket is None:
            self.none.add((post.channel, post.ts))
        else:
            ticket.messages.add(post.ts)
            self._of[post.channel, post.ts] = ticket
        if post.thread_ts is None:
            self._written.setdefault((post.channel, post.by), []).append(post)

    def _staff_post(self, post: Post) -> ExpectedTicket | None:
        ticket = self._ticket_of_thread(post)
        if ticket is None and post.thread_ts is None:
            waiting = [
                ticket for ticket in self._open_in(post.channel) if ticket.answered_at is None
            ]
            ticket = waiting[0] if len(waiting) == 1 else None
        if ticket is not None:
            self._answer(ticket, post.by, post.at)
        return ticket

    def _client_post(self, post: Post) -> ExpectedTicket | None:
        ticket = self._ticket_of_thread(post) or self._ticket_joined(post)
        asks = post.has_file or post.text.casefold().strip(" .!") not in NOTHING_ASKED
        if ticket is None:
            return self._open_by_post(post) if asks else None
        if asks:
            if not ticket.is_open:
                self._reopen(ticket, post.at)
            ticket.waiting = False
            ticket.happened(post.at, "client_wrote")
        return ticket

    def _ticket_of_thread(self, post: Post) -> ExpectedTicket | None:
        ticket = self._of.get((post.channel, post.thread_ts)) if post.thread_ts else None
        while ticket is not None and ticket.merged is not None and ticket.merged[0] < post.at:
            ticket = ticket.merged[1]
        return ticket

    def _ticket_joined(self, post: Post) -> ExpectedTicket | None:
        """ "Follow-ups by the same person within 5 minutes join the ticket"."""
        if post.thread_ts is not None:
            return None
        terms = self._ledger.client_of(post.channel)
        assert terms is not None
        near = post.at - timedelta(minutes=terms.join_minutes)
        for other in reversed(self._written.get((post.channel, post.by), [])):
            ticket = self._of.get((other.channel, other.ts))
            if other.at >= near and ticket is not None:
                return ticket if ticket.is_open else None
        return None

    def _open_by_post(self, post: Post) -> ExpectedTicket:
        terms = self._ledger.client_of(post.channel)
        assert terms is not None
        return self._add_ticket(
            f"{post.channel}:{post.thread_ts or post.ts}", terms, post.at, post.by
        )

    def _add_ticket(self, name: str, terms: Terms, at: datetime, by: str) -> ExpectedTicket:
        ticket = self.tickets[name] = ExpectedTicket(name, terms, at, by)
        ticket.happened(at, "opened")
        return ticket

    def _open_in(self, channel: str) -> list[ExpectedTicket]:
        return [
            ticket
            for ticket in self.tickets.values()
            if ticket.root[0] == channel and ticket.is_open
        ]

    def _answer(self, ticket: ExpectedTicket, by: str, at: datetime) -> None:
        ticket.happened(at, "staff_wrote")
        ticket.answered_by.add(by)
        if ticket.answered_at is None:
            ticket.answered_at = at
            ticket.assignee = ticket.assignee or by

    def _reopen(self, ticket: ExpectedTicket, at: datetime) -> None:
        ticket.is_open, ticket.reopenings = True, ticket.reopenings + 1
        ticket.ended = "resolved"
        ticket.happened(at, "reopened")

    def _take_deed(self, deed: Deed) -> None:
        if deed.what in {"report", "flag", "ask"}:
            self._open_by_deed(deed)
        elif deed.what != "cause":  # a cause explains a breach and changes no ticket
            self._apply(self.tickets[deed.ticket], deed)

    def _open_by_deed(self, deed: Deed) -> None:
        """Open a ticket by an action: staff enter a report, or a :ticket: reaction makes a request
        of a message from then on, or the desk has posted the text that a client entered by the
        button.
        """
        if deed.what == "report":
            self._add_ticket(deed.ticket, self._ledger.client(deed.value), deed.at, deed.by)
            return
        channel, _, ts = deed.ticket.partition(":")
        terms = self._ledger.client_of(channel)
        assert terms is not None
        ticket = self._add_ticket(deed.ticket, terms, deed.at, deed.by)
        self.none.discard((channel, ts))
        if deed.what == "flag":
            ticket.messages.add(ts)
        self._of[channel, ts] = ticket

    def _withdraw(self, ticket: ExpectedTicket, deed: Deed) -> None:
        ticket.is_open, ticket.waiting = False, False
        ends = {"withdraw": "withdrawn", "dismiss": "dismissed", "merge": "merged"}
        ticket.ended = ends[deed.what]
        ticket.merged = (deed.at, self.tickets[deed.value]) if deed.what == "merge" else None
        ticket.happened(deed.at, "cancelled")

    def _apply(self, ticket: ExpectedTicket, deed: Deed) -> None:
        match deed.what:
            case "withdraw" | "dismiss" | "merge":
                self._withdraw(ticket, deed)
            case "severity":
                self._severity(ticket, deed)
            case "take":
                ticket.assignee = deed.by
            case "resolve":
                self._resolve(ticket, deed)
            case "reopen":
                self._reopen(ticket, deed.at)
            case "wait" | "go_on":
                ticket.waiting = deed.what == "wait"
                ticket.happened(deed.at, "waiting" if ticket.waiting else "resumed")
            case "reply":
                ticket.replies += 1
                self._answer(ticket, deed.by, deed.shown_at or deed.at)
            case "meant":  # its writer says which ticket their message belongs to
                self._choose_ticket(ticket, deed)
            case "answer":  # given outside Slack
                self._answer(ticket, deed.by, deed.at)
            case _:
                raise AssertionError(f"nobody knows what {deed.what} means")

    def _choose_ticket(self, ticket: ExpectedTicket, deed: Deed) -> None:
        place = (ticket.root[0], deed.value)
        self.none.discard(place)
        ticket.messages.add(deed.value)
        self._of[place] = ticket
        self._answer(ticket, deed.by, MessageTs.parse(deed.value).instant)

    def _severity(self, ticket: ExpectedTicket, deed: Deed) -> None:
        by_staff = deed.by in self._ledger.staff
        if ticket.severity_by_staff and not by_staff:
            return  # recorded only; the staff's decision stands
        if (ticket.severity, ticket.severity_by_staff) == (deed.value, by_staff):
            return
        ticket.severity, ticket.severity_by_staff = deed.value, by_staff
        ticket.happened(deed.at, "triaged", deed.value)

    def _resolve(self, ticket: ExpectedTicket, deed: Deed) -> None:
        """Resolve the ticket.

        The client sees the words of a person, so they count as a first response if there was none.
        """
        if deed.value and deed.value != ticket.severity:
            self._severity(ticket, deed)
        ticket.is_open, ticket.waiting = False, False
        ticket.resolutions += 1
        ticket.happened(deed.at, "resolved")
        self._answer(ticket, deed.by, deed.shown_at or deed.at)


def _in_order(entries: Iterable[Entry]) -> Sequence[Post | Deed]:
    """Return posts and deeds ordered by the instant at which they happened, however they were
    delivered.
    """
    acts = [entry for entry in entries if isinstance(entry, Post | Deed)]
    return sorted(acts, key=lambda entry: entry.at)
