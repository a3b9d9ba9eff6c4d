"""Every feature of the desk is used, and each internal word bears a mark: no mark is in anything
that a client's channel is sent, that is whispered to its people or that opens before them."""

import json
from pathlib import Path
from typing import Any

from bot.views import ids
from tests.story import Story, story

MARK = "ZZINTERNAL"
ECOSIRE = Path(__file__).parents[2] / "bot" / "catalogs" / "ecosire.toml"
CHANGED = {  # what of a catalogue no client reads
    'vendor = "ECOSIRE"': f'vendor = "{MARK} vendor"',
    'signs = [\n    "down",': f'signs = [\n    "down {MARK}", "down",',
}


def catalogue(directory: Path) -> str:
    text = ECOSIRE.read_text("utf-8")
    for old, new in CHANGED.items():
        assert old in text, old
        text = text.replace(old, new)
    file = directory / f"{MARK.lower()}.toml"
    file.write_text(text, "utf-8")
    return str(file)


def seen_by_clients(tale: Story, channel: str, people: list[str]) -> str:
    """Every call that a client sees: into its channel, or to its people alone."""
    calls = [
        dict(call.args)
        for call in tale.sandbox.calls()
        if call.args.get("channel") == channel or call.args.get("user_id") in people
    ]
    views = [view.definition for one in people for view in tale.sandbox.views_open(one)]
    return json.dumps([calls, views])


async def staff_do_everything(tale: Story) -> None:
    """All that staff can write which is for themselves."""
    for words in (
        "take ACME-1",
        f"note ACME-1 {MARK} note",
        f"fault ACME-1 {MARK} fault",
        "category ACME-1 bug",
        "severity ACME-1 critical",
        "snooze ACME-1 2h",
        "wait ACME-1",
        "go-on ACME-1",
        f"assign ACME-1 @{MARK} eli",
        "assign ACME-1 @eli",
        f"reply ACME-1 It is as with {MARK} Globex",
        f"resolve ACME-1 It is as with {MARK} Globex",
    ):
        await tale.asks(tale.dana, words)
    for words in (f"client ACME intake {MARK}", "client ACME intake asked", "away @dana 3d"):
        await tale.asks(tale.mo, words)


async def ask(tale: Story, channel: str, ann: str, words: str) -> Any:
    card = next(one for one in tale.sandbox.messages(channel) if "Ask for help" in str(one.blocks))
    await tale.presses(ann, card, ids.ASK)
    await tale.fills_in(ann, words=words, severity="high")


async def test_no_mark_reaches_a_client(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running(deskbell_catalog=(catalogue(tmp_path),)):
        plan = f"{MARK.lower()}/priority"
        channel, ann = await tale.add_client(plan=plan, engineer=tale.dana)
        other, ben = await tale.add_client("Globex", plan=plan)
        tale.rows("UPDATE clients SET name = ? WHERE key = 'GLOBEX'", f"{MARK} Globex")
        await tale.says(ben, other, f"{MARK} words of another")
        ts = await tale.says(ann, channel, "Our server is down")
        later = await tale.says(ann, channel, "And the printer", thread_ts=ts)

        await staff_do_everything(tale)
        await ask(tale, channel, ann, "Invoices, please")
        await tale.asks(tale.eli, f"note ACME-2 {MARK} note")
        await tale.asks(tale.eli, "merge ACME-2 GLOBEX-1")
        await tale.asks(tale.eli, "category ACME-2 training")
        await tale.sandbox.delete(ann, channel, later)
        for hours in (1, 6, 24, 24, 24):
            await tale.forward(hours=hours)  # pings, breaches, digests, reminders
        for words in ("reply ACME-1 We restart it", "resolve ACME-1 Restarted"):
            await tale.asks(tale.eli, words)
            if words.startswith("reply"):
                await tale.fills_in(tale.eli)
        await tale.presses(ann, tale.thread(channel, ts)[0], ids.rate(2))
        await tale.presses(ann, tale.thread(channel, ts)[0], ids.NOT_SOLVED)
        await tale.sandbox.open_home(ann)
        await tale.forward(seconds=2)

        seen = seen_by_clients(tale, channel, [ann])
        assert "Restarted" in seen
        assert "We restart it" in seen
        assert "User training" in seen
        assert "Invoices, please" in seen
        for hidden in (MARK, MARK.lower(), tale.triage, tale.managers, "GLOBEX", other):
            assert hidden not in seen, hidden
        for word in ("breach", "is late", "at risk", "Globex"):
            assert word not in seen, word
        staff_read = json.dumps([dict(call.args) for call in tale.sandbox.calls()])
        assert staff_read.count(MARK) > 10  # the marks were there to be let slip
