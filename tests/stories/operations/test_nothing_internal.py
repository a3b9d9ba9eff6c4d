"""A client reads no internal word, although the story uses every feature of the desk.

Each internal word contains a mark. The messages in the client's channel, the whispers to its
people, and their dialogs contain no mark, and no text of the store that this module does not allow.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Text

from bot.domain.agreements.agreement import ChangeKind
from bot.domain.escalation.decision import Audience
from bot.domain.operations.staff import Role
from bot.domain.sla.targets.metric import Metric
from bot.domain.ticket import Side, Source, TicketState
from storage.tables import metadata
from tests import ids
from tests.story import Story, story

MARK = "zzinternal"
CATALOGUE = Path(__file__).parent / "marked.toml"
TERMS = f"# {MARK} terms\nzone = 'UTC'\n"
# Columns with fixed words of the program, which have another meaning on a card.
FIXED_WORD_COLUMNS = {
    *(
        "agreements.kind",
        "clients.intake",
        "clocks.metric",
    ),
    *("clocks.severity", "events.kind", "messages.side", "outbox.kind", "outbox.state"),
    *("periods.kind", "staff.role", "tickets.severity", "tickets.severity_by", "tickets.source"),
    *("tickets.state", "timers.clock", "timers.kind", "timers.step"),
}
STEPS = {"75%", "due", "last"}
FIXED_WORDS = {
    *TicketState,
    *Side,
    *Metric,
    *Role,
    *Audience,
    *STEPS,
    *ChangeKind,
    *Source,
    "deskbell",
}
# Columns that the story leaves empty: nothing fails or moves, and finished deliveries are deleted.
EMPTY_COLUMNS = {
    *("backfills.channel_id", "former_channels.channel_id", "former_channels.became"),
    *("clocks.why", "inbox.body", "outbox.error", "wordings.file_names"),
}


class Acme:
    """The client, with everything that its people can read."""

    def __init__(self, tale: Story, channel: str, ann: str) -> None:
        self.tale, self.channel, self.ann = tale, channel, ann
        self.dialogs: list[Any] = []

    def sees(self) -> str:
        """Return, in lower case, the calls to its channel and its people, and their dialogs."""
        calls = [
            dict(call.args)
            for call in self.tale.sandbox.calls()
            if call.args.get("channel") == self.channel
            or call.args.get("user_id") == self.ann
            or call.args.get("user") == self.ann
        ]
        return json.dumps([calls, self.dialogs]).lower()

    async def asks(self, words: str) -> None:
        messages = self.tale.sandbox.messages(self.channel)
        card = next(card for card in messages if "Ask for help" in str(card.blocks))
        await self.tale.presses(self.ann, card, ids.ASK)
        self.dialogs += [view.definition for view in self.tale.sandbox.views_open(self.ann)]
        await self.tale.fills_in(self.ann, words=words, severity="slight")


async def staff_do_everything(tale: Story) -> None:
    """Let staff write everything that is for staff only."""
    for words in (
        "take ACME-1",
        f"note ACME-1 {MARK} note",
        f"fault ACME-1 {MARK} fault",
        f"category ACME-1 {MARK}-bug",
        "severity ACME-1 grave",
        "snooze ACME-1 2h",
        "wait ACME-1",
        "go-on ACME-1",
        f"assign ACME-1 @{MARK} eli",
        "assign ACME-1 @eli",
        f"reply ACME-1 It is as with {MARK} Globex",
        f"resolve ACME-1 It is as with {MARK} Globex",
    ):
        await tale.asks(tale.dana, words)
    for words in (f"client ACME intake {MARK}", "client ACME intake asked"):
        await tale.asks(tale.mo, words)
    await tale.asks(tale.mo, "away @dana 3d cover @mo")
    await tale.asks(tale.mo, "hours @mo Mon-Sun 00:01-23:59 Pacific/Chatham")


async def play_everything(tale: Story, acme: Acme, other: str, ben: str) -> None:
    channel, ann = acme.channel, acme.ann
    await tale.says(ben, other, f"{MARK} words of another")
    files = [{"name": "our.log"}]
    ts = await tale.says(ann, channel, "Our server is down", files=files)
    later = await tale.says(ann, channel, "And the printer", thread_ts=ts)
    await staff_do_everything(tale)
    await acme.asks("Invoices, please")
    await tale.asks(tale.eli, f"note ACME-2 {MARK} note")
    await tale.asks(tale.eli, "merge ACME-2 GLOBEX-1")
    await tale.asks(tale.eli, f"category ACME-2 {MARK}-training")
    await tale.asks(tale.eli, "open")
    report = {"client": "ACME", "source": "phone", "reported_by": f"{MARK} caller"}
    await tale.fills_in(tale.eli, **report, reported_at="", words=f"{MARK} report")
    await tale.asks(tale.eli, "severity ACME-3 slight")
    assert "goes on as part of" in await tale.asks(tale.eli, "merge ACME-3 ACME-2")
    edited = await tale.says(ann, channel, "And the scanner", thread_ts=ts)
    await tale.sandbox.edit(ann, channel, edited, "And the copier")
    await tale.sandbox.delete(ann, channel, later)
    for hours in (1, 6, 24, 24, 24):
        await tale.forward(hours=hours)  # pings, breaches, digests, reminders
    for words in ("reply ACME-1 We restart it", "resolve ACME-1 Restarted"):
        await tale.asks(tale.eli, words)
        if words.startswith("reply"):
            await tale.fills_in(tale.eli)
    await tale.presses(ann, tale.thread(channel, ts)[0], ids.rate(2))
    await tale.presses(ann, tale.thread(channel, ts)[0], ids.NOT_SOLVED)
    await tale.presses(ann, tale.thread(channel, ts)[0], ids.WITHDRAW)
    await tale.asks(tale.eli, "resolve ACME-2 Restarted")
    assert "was late" in await tale.asks(tale.eli, f"cause ACME-1 other {MARK} cause")
    await reach_the_statements(tale)
    await tale.sandbox.open_home(ann)
    await tale.forward(seconds=2)


async def reach_the_statements(tale: Story) -> None:
    """Change the agreement, exceed the quota, waive a ticket, and let two months end."""
    await tale.asks(tale.mo, "client ACME intake every")
    await tale.asks(tale.mo, "plan ACME change")
    given = {
        ids.PLAN: f"{MARK}-gold",
        ids.CYCLE_DAY: "1",
        ids.STATEMENTS: ids.TO_CLIENT,
        ids.TERMS: TERMS,
        ids.BACKUP: tale.mo,
    }
    assert await tale.fills_in(tale.mo, **given) == {}
    assert await tale.fills_in(tale.mo) == {}
    channel = next(
        str(c) for (c,) in tale.rows("SELECT channel_id FROM clients WHERE key = 'ACME'")
    )
    for number in range(3):
        await tale.forward(minutes=9)
        person = tale.sandbox.add_user(f"Colleague {number}")
        tale.sandbox.join(person, channel)
        await tale.says(person, channel, "Billed, perhaps")
    await tale.asks(tale.mo, f"waive ACME-4 {MARK} waived")
    await tale.asks(tale.eli, f"fault ACME-5 {MARK} fault")
    for _ in range(2):
        await tale.forward(days=31)
    assert "each morning" in await tale.asks(tale.mo, f"subscribe {MARK}-gold")
    answer = await tale.asks(tale.mo, f"duties ACME {MARK}-review 2026-04-08")
    assert answer.endswith("is done.")


async def test_no_internal_word_reaches_a_client(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running(deskbell_catalog=(str(CATALOGUE),)):
        fay, gus = (tale.sandbox.add_user(f"{MARK} {name}") for name in ("Fay", "Gus"))
        plan = f"marked/{MARK}-gold"
        channel, ann = await tale.add_client(plan=plan, engineer=fay, terms=TERMS)
        tale.rows("UPDATE agreements SET backup = ?", gus)
        tale.rows("UPDATE staff SET name = ? WHERE user_id IN (?, ?)", f"{MARK} staff", fay, gus)
        other, ben = await tale.add_client("Globex", plan=plan)
        for key in ("ACME", "GLOBEX"):
            tale.rows("UPDATE clients SET name = ? WHERE key = ?", f"{MARK} {key}", key)
        acme = Acme(tale, channel, ann)

        await play_everything(tale, acme, other, ben)

        seen = acme.sees()
        for words in ("Restarted", "We restart it", "User training", "Invoices, please"):
            assert words.lower() in seen
        hidden = (MARK, tale.triage, tale.managers, "GLOBEX", other, ben, fay, gus, tale.mo)
        for word in (*hidden, "breach", "is late", "at risk", "987654"):
            assert word.lower() not in seen, word
        kept = texts_of_the_store(tale)
        assert {
            column for column, stored_texts in kept.items() if not stored_texts
        } == EMPTY_COLUMNS
        for column, stored_texts in kept.items():
            for word in stored_texts - may_be_read(tale, acme):
                assert word.lower() not in seen, (column, word)
        staff_read = json.dumps([dict(call.args) for call in tale.sandbox.calls()]).lower()
        assert staff_read.count(MARK) > 10  # texts for staff have marks


def may_be_read(tale: Story, acme: Acme) -> set[str]:
    """Return the texts of the store that the client may read: people, tickets, places, messages.

    The name of a severity is in the payload of its button.
    """
    people = {acme.ann, tale.dana, tale.eli}
    tickets = {"grave", "Grave", "slight", "Slight", "User training", "Gold", "EUR 45.00"}
    tickets |= {"ACME", *(f"ACME-{number}" for number in range(1, 10))}
    messages = {"Billed, perhaps", "Invoices, please", "We restart it", "Restarted", "Eli"}
    here = [message for message in tale.sandbox.all_messages() if message.channel == acme.channel]
    people |= {str(message.user) for message in here}
    stamps = {message.ts for message in here}
    places = {acme.channel, *stamps, *(ts[:11] for ts in stamps)}  # a minute begins at a second
    marks = {str((message.metadata or {}).get("event_payload", {}).get("key")) for message in here}
    return people | tickets | messages | places | marks | FIXED_WORDS


def texts_of_the_store(tale: Story) -> dict[str, set[str]]:
    """Return the texts of each column, also the texts within JSON."""
    texts_by_column: dict[str, set[str]] = {}
    for table in metadata.sorted_tables:
        for column in table.columns:
            name = f"{table.name}.{column.name}"
            if not isinstance(column.type, Text | JSON) or name in FIXED_WORD_COLUMNS:
                continue
            rows = tale.rows(f"SELECT {column.name} FROM {table.name}")  # noqa: S608 (no user input)
            values = [
                json.loads(value)
                if isinstance(column.type, JSON) and isinstance(value, str)
                else value
                for (value,) in rows
            ]
            texts_by_column[name] = {
                word for value in values for word in texts(value) if len(word) > 3
            }
    return texts_by_column


def as_read(kind: Any, value: Any) -> Any:
    """Return a stored value as PostgreSQL does; SQLite keeps JSON as text."""
    return json.loads(value) if isinstance(kind, JSON) and isinstance(value, str) else value


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from texts(list(value.values()))
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
