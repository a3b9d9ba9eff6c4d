"""Tests that messages are stored under their kind, and that rows of all releases can be read."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import get_args

import pytest
from sqlalchemy import update

from bot.domain.agreements.messages import (
    AgreementChanged,
    AgreementEndsSoon,
    QuotaNotice,
    StatementMessage,
)
from bot.domain.agreements.money import Money
from bot.domain.destinations import Channel, Destination, Direct, Pager, Thread, ThreadUnder
from bot.domain.escalation.decision import Audience
from bot.domain.escalation.ladder import Step, Tell
from bot.domain.escalation.messages import ClockStep, Page, PingMessage, PingsTogether
from bot.domain.ids import AgreementId, ChannelId, ClientId, TicketId, UserId
from bot.domain.intake.messages import (
    AgreementEnded,
    AskCard,
    ClientRequest,
    DeletedMessageNote,
    WhereToWrite,
    WhichTicketQuestion,
)
from bot.domain.messages import Message, Outgoing
from bot.domain.operations.alarms import (
    Consequence,
    NamedPlace,
    PlaceKind,
    PlaceRefuses,
    WordedAlarm,
)
from bot.domain.operations.messages import AlarmMessage, UnreadableMessage, Withdrawal
from bot.domain.reports.digest import ComingLine, Digest, DigestLine, QuotaLine, Review
from bot.domain.reports.messages import DigestCsv, DigestMessage, DigestPicture
from bot.domain.tickets.messages import (
    ClientCard,
    JoinedNote,
    MergedNote,
    MirroredMessages,
    NotCoveredNote,
    NoteMessage,
    ReopenedNote,
    ReplyMessage,
    ResolutionNote,
    ResolvedByAnother,
    TicketAssigned,
    TicketWoken,
    TriageCard,
)
from bot.json_types import Json
from bot.slack_ts import MessageTs
from storage.repositories.operations.outbox_messages import facts_of, message_of
from storage.store import Store
from storage.tables.operations import outbox
from tests.storage.desk_rows import NOON, claim, report, text_message

TICKET, ANN, DANA = TicketId(7), UserId("U0ANN"), UserId("U0DANA")
AT = datetime(2026, 3, 9, 14, 0, 0, 250_000, tzinfo=UTC)
FIRST = ClockStep("first_response:1", Step.DUE, AT)
OTHER = ClockStep("update:2", Step("75%"), AT)
PING = PingMessage(TICKET, (FIRST,), Audience.ENGINEER, (DANA,), NOON)
FULL_PING = PingMessage(
    TICKET,
    (FIRST, OTHER),
    Audience.TRIAGE,
    (DANA, ANN),
    NOON,
    tells=frozenset({Tell.ENGINEER, Tell.PAGER}),
    instead_of=2,
    to_all=True,
)
LINE = DigestLine(
    "ACME-1",
    "Acme",
    "Critical",
    AT,
    DANA,
    channel_id=ChannelId("C0TRIAGE"),
    ts=MessageTs.parse("1.5"),
)
DIGEST = Digest(
    day=date(2026, 3, 9),
    zone="Asia/Karachi",
    new_breaches=(LINE,),
    still_late=(),
    at_risk=(),
    attainment=(),
    quota=(QuotaLine("Acme", 4, 5, Money(15_000, "EUR")),),
)
REVIEW = Review(date(2026, 3, 1), date(2026, 3, 8), "Asia/Karachi", (LINE,), (), (("unseen", 2),))

MESSAGES: tuple[Message, ...] = (
    ClientCard(TICKET),
    TriageCard(TICKET),
    MirroredMessages(TICKET, ANN, MessageTs.parse("1773000000."), MessageTs.parse("1773000060.")),
    TicketAssigned(TICKET, ANN, DANA, DANA),
    TicketWoken(TICKET),
    NoteMessage(TICKET, ANN, "They restart it"),
    ReplyMessage(TICKET, ANN, "Ann", "Try it now"),
    NotCoveredNote(TICKET),
    ResolutionNote(TICKET, ANN),
    ResolvedByAnother(TICKET, ANN),
    ReopenedNote(TICKET),
    MergedNote(TICKET),
    JoinedNote(TICKET, ANN),
    AskCard(),
    ClientRequest(TICKET),
    WhichTicketQuestion(
        ChannelId("C1"), MessageTs.parse("1.5"), (("ACME-1", "Down"), ("ACME-2", "Slow"))
    ),
    WhereToWrite(3, "standard"),
    AgreementEnded(),
    DeletedMessageNote(TICKET, None),
    AgreementChanged(ClientId(1), AgreementId(2), AgreementId(1), in_force=True),
    AgreementEndsSoon(ClientId(1), AgreementId(2), 30),
    QuotaNotice(80, 4, 5, None, "Standard", AT, "Asia/Karachi"),
    StatementMessage(ClientId(1), AT),
    DigestMessage(DIGEST),
    DigestPicture(DIGEST),
    DigestCsv(DIGEST),
    DigestCsv(REVIEW),
    PING,
    FULL_PING,
    PingsTogether((PING, replace(FULL_PING, ticket=TicketId(8))), NOON),
    Page(TICKET, FIRST, NOON),
    AlarmMessage(WordedAlarm("Slack is away")),
    Withdrawal("triage-card:1", "a1b2", None, AT),
)


def test_a_missing_name_is_stored_as_an_empty_text() -> None:
    reply = ReplyMessage(TICKET, ANN, None, "Try it now")
    triage = NamedPlace(PlaceKind.TRIAGE, "CTRIAGE")
    refused = AlarmMessage(PlaceRefuses(triage, "is_archived", Consequence.WAITS_UNTIL_OPEN))
    coming = ComingLine("Acme", date(2026, 4, 1), None, ends=True)
    day = date(2026, 3, 2)
    digest = Digest(day, "UTC", (), (), (), (), (), (coming,), (), ((None, 2), ("other", 1)))
    stored_digest = facts_of(DigestMessage(digest))["digest"]

    assert facts_of(reply)["name"] == ""
    assert facts_of(refused)["place"]["name"] == ""
    assert stored_digest["coming"][0]["plan"] == ""
    assert stored_digest["causes"] == [["", 2], ["other", 1]]
    for message in (reply, refused, DigestMessage(digest)):
        ticket_id = TICKET if message is reply else None
        assert message_of(message.kind, facts_of(message), ticket_id) == message


def test_this_file_has_a_message_of_every_kind() -> None:
    assert {type(message) for message in MESSAGES} == set(get_args(Message))
    assert len({kind.kind for kind in get_args(Message)}) == len(get_args(Message))


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: str(message.kind))
def test_a_stored_message_is_read_unchanged(message: Message) -> None:
    ticket_id = Outgoing("key", Pager(), message).ticket_id
    facts = facts_of(message)
    assert "ticket" not in facts
    assert message_of(message.kind, facts, ticket_id) == message


def old_rows() -> Iterator[tuple[str, Json, Message]]:
    """Yield facts as earlier releases stored them, each with the message that is read."""
    step = {"clock": "first_response:1", "step": "due", "at": AT.isoformat()}
    ping = {"audience": "engineer", "readers": ["U0DANA"], "now": NOON.isoformat()}
    yield "ping", step | ping | {"besides": []}, PING
    with_pager = {"besides": [["update:2", "75%", AT.isoformat()]], "named": ["engineer", "pager"]}
    to_triage = {
        "audience": "triage",
        "readers": ["U0DANA", "U0ANN"],
        "instead_of": 2,
        "to_all": True,
    }
    yield "ping", step | ping | with_pager | to_triage, FULL_PING
    warning = replace(PING, steps=(FIRST._replace(step=Step.WARNING),))
    yield "ping", step | ping | {"besides": [], "step": "warning"}, warning
    besides = {"besides": [["update:2", "warning", AT.isoformat()]]}
    yield "ping", step | ping | besides, replace(PING, steps=(FIRST, OTHER))
    part = step | ping | {"besides": [], "ticket": 7}
    yield "pings", {"parts": [part], "now": NOON.isoformat()}, PingsTogether((PING,), NOON)
    first_release = replace(PING, steps=(FIRST._replace(at=AT.replace(microsecond=0)),))
    yield "ping", ping | {"step": "due"}, first_release
    pager = step | ping | {"audience": "pager", "besides": [], "instead_of": 0, "to_all": False}
    yield "page", pager, Page(TICKET, FIRST, NOON)

    withdrawal = {"key": "card", "ts": "1.5", "since": AT.isoformat()}
    yield "withdrawal", withdrawal, Withdrawal("card", "card", MessageTs.parse("1.5"), AT)
    yield "withdrawal", withdrawal | {"mark": "a1", "ts": None}, Withdrawal("card", "a1", None, AT)
    marked = withdrawal | {"mark": "a1", "ts": "a1"}  # as files were stored
    yield "withdrawal", marked, Withdrawal("card", "a1", None, AT)
    copy = MirroredMessages(TICKET, None, MessageTs.parse("1.5"), MessageTs.parse("1.50"))
    yield "mirror", {"channel": "C1", "ts": "1.5"}, copy
    digest = facts_of(DigestMessage(DIGEST))["digest"]
    yield "digest", digest, DigestMessage(DIGEST)
    yield "digest_picture", digest, DigestPicture(DIGEST)
    later_fields = {"coming", "duties", "causes", "held"}
    without_later_fields = {
        name: value for name, value in digest.items() if name not in later_fields
    }
    yield "digest", without_later_fields, DigestMessage(DIGEST)
    yield "digest_csv", {"digest": digest}, DigestCsv(DIGEST)
    yield "digest_csv", {"review": facts_of(DigestCsv(REVIEW))["report"]}, DigestCsv(REVIEW)
    yield "reopened", {"by": "U0ANN"}, ReopenedNote(TICKET)
    yield "deleted", {"by": "U0ANN"}, DeletedMessageNote(TICKET, ANN)
    quota = {"percent": 80, "used": 4, "included": 5, "plan": "Standard", "until": AT.isoformat()}
    free = QuotaNotice(80, 4, 5, "", "Standard", AT, "UTC")
    yield "quota_notice", quota | {"price": "", "zone": "UTC"}, free
    start = {"client": 1, "start": AT.isoformat()}
    yield "statement", start, StatementMessage(ClientId(1), AT)


@pytest.mark.parametrize(("kind", "facts", "message"), list(old_rows()))
def test_a_row_of_an_earlier_release_is_read(kind: str, facts: Json, message: Message) -> None:
    ticket_id = Outgoing("key", Pager(), message).ticket_id
    key = f"ping:7:due:{int(AT.timestamp())}:engineer:U0DANA"
    read = message_of(kind, facts, ticket_id, key)
    assert read == message
    assert facts_of(read) == facts_of(message)  # the texts of a `ts` as well


DESTINATIONS: tuple[Destination, ...] = (
    Channel(ChannelId("C1")),
    Channel(ChannelId("G1")),
    Thread(ChannelId("C2"), MessageTs.parse("1.5")),
    ThreadUnder(ChannelId("C3"), "triage-card:1"),
    Direct(UserId("U0DANA")),
    Direct(UserId("W0DANA")),
)


async def test_a_message_keeps_its_destination(store: Store) -> None:
    async with store.write(NOON) as work:
        await work.outbox.say(
            *(
                Outgoing(str(number), destination, AlarmMessage(WordedAlarm("x")))
                for number, destination in enumerate(DESTINATIONS)
            )
        )
    assert tuple(row.outgoing.destination for row in await claim(store)) == DESTINATIONS


async def test_a_page_that_an_earlier_release_stored_as_a_ping_is_read_as_a_page(
    store: Store,
) -> None:
    facts = {"clock": FIRST.clock, "step": "due", "at": AT.isoformat(), "besides": []}
    facts |= {"audience": "pager", "readers": [], "now": NOON.isoformat()}
    async with store.write(NOON) as work:
        ticket = TicketId((await work.tickets.add(report())).id)
        await work.outbox.say(Outgoing("page", Pager(), TriageCard(ticket)))
        await work.outbox._connection.execute(update(outbox).values(kind="ping", facts=facts))
    assert await claim(store) == []
    async with store.write(NOON) as work:
        [row] = await work.outbox.claim_pages(NOON, 5)
    assert row.outgoing == Outgoing("page", Pager(), Page(ticket, FIRST, NOON))


@pytest.mark.parametrize(
    ("kind", "facts"),
    [("alarm", {"text": "secret"}), ("of_a_newer_release", {}), ("ping", {"step": "due"})],
)
async def test_an_unreadable_row_does_not_hold_up_other_messages(
    store: Store, kind: str, facts: Json
) -> None:
    async with store.write(NOON) as work:
        await work.outbox.say(text_message("a", "C1"))
        await work.outbox._connection.execute(update(outbox).values(kind=kind, facts=facts))
        await work.outbox.say(text_message("b", "C2"))
    unreadable, readable = (row.outgoing.message for row in await claim(store))
    assert isinstance(unreadable, UnreadableMessage)
    assert unreadable.kind == kind
    assert "secret" not in unreadable.error
    assert readable == AlarmMessage(WordedAlarm("b"))
