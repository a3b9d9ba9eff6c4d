"""Text that people write has no effect: it mentions nobody, disguises no link, reverses no line,
and causes no failure by its length."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.domain.ids import UserId
from bot.usecases.operations.setup import add_staff
from tests import ids
from tests.story import Story, story

pytestmark = pytest.mark.any_store

ATTACKS = {
    "live markup": " ".join(
        (
            "<!channel> <!here|here> <!everyone> <!subteam^S1>",
            "<@U0SB000099> and <@U0SB000099|mo> in <#C0SB000002>",
            "<https://evil.example|https://good.example>",
            "\u202etxt.exe \u2066 \u200f ok",
            "&lt;!channel&gt; &amp;amp;",
        )
    ),
    "very long": "many words " * 4000,
}
LIVE_MARKUP = (
    "<!channel",
    "<!here",
    "<!everyone",
    "<@U0SB000099",
    "<https://evil",
    "<!subteam",
    "<#C0SB",
)


class Place:
    """Acme's critical ticket, and the channel in which Acme writes."""

    def __init__(self, tale: Story, channel: str, ann: str, ts: str) -> None:
        self.tale, self.channel, self.ann, self.ts = tale, channel, ann, ts

    async def dialog(self, action: str, **given: str) -> None:
        tale = self.tale
        await tale.presses(tale.dana, tale.triage_card("ACME-1"), action)
        errors = await tale.fills_in(tale.dana, **given)
        assert errors == {} or "too long" in str(errors)

    async def asks(self, words: str) -> None:
        await self.tale.asks(self.tale.dana, words)


async def posted(at: Place, evil: str) -> None:
    bo = at.tale.sandbox.add_user("Bo")
    at.tale.sandbox.join(bo, at.channel)
    await at.tale.says(bo, at.channel, evil[:40_000])


async def followed_up(at: Place, evil: str) -> None:
    await at.tale.says(at.ann, at.channel, evil[:40_000], thread_ts=at.ts)


async def edited(at: Place, evil: str) -> None:
    await at.tale.sandbox.edit(at.ann, at.channel, at.ts, evil[:40_000])
    await at.tale.settle()


async def asked(at: Place, evil: str) -> None:
    await at.tale.asks(at.tale.mo, "client ACME intake asked")
    card = at.tale.sandbox.messages(at.channel)[-1]
    await at.tale.presses(at.ann, card, ids.ASK)
    await at.tale.fills_in(at.ann, words=evil[:3000])


async def replied(at: Place, evil: str) -> None:
    await at.dialog(ids.REPLY, words=evil[:2900])
    await at.tale.fills_in(at.tale.dana)


async def resolved(at: Place, evil: str) -> None:
    await at.dialog(ids.RESOLVE, words=evil[:3000])


async def noted(at: Place, evil: str) -> None:
    await at.dialog(ids.NOTE, words=evil[:3000])


async def recorded_fault(at: Place, evil: str) -> None:
    await at.dialog(ids.CATEGORY, fault=evil[:300])


async def reported(at: Place, evil: str) -> None:
    await at.asks("open")
    await at.tale.fills_in(
        at.tale.dana,
        client="ACME",
        source="phone",
        reported_by=evil[:80],
        reported_at="",
        words=evil[:3000],
    )


async def named(at: Place, evil: str) -> None:
    """Give the client and an engineer this name, as an operator does."""
    at.tale.rows("UPDATE clients SET name = ?", evil[:200])
    assert at.tale.bot is not None
    async with at.tale.bot.runtime.write() as desk:
        await add_staff(desk, UserId(at.tale.dana), "engineer", evil[:200])
    await at.dialog(ids.REPLY, words="We look")
    await at.tale.fills_in(at.tale.dana)
    await at.tale.asks(at.tale.mo, "client")
    await at.tale.asks(at.tale.mo, "quota")


async def added(at: Place, evil: str) -> None:
    ts = await at.tale.says(at.tale.eli, at.tale.triage, evil[:40_000])
    await at.tale.sandbox.shortcut(at.tale.dana, at.tale.triage, ts, ids.ADD_SHORTCUT)
    await at.tale.settle()
    await at.tale.fills_in(at.tale.dana, into="ACME-1")


async def typed(at: Place, evil: str) -> None:
    for word in ("", "show", "note ACME-1", "fault ACME-1", "resolve ACME-1", "away", "plan"):
        await at.asks(f"{word} {evil[:40_000]}")
    for word in ("category ACME-1", "severity ACME-1", "snooze ACME-1", "merge ACME-1", "client"):
        await at.asks(f"{word} {evil[:40_000]}")


WAYS: dict[str, Callable[[Place, str], Awaitable[None]]] = {
    way.__name__: way
    for way in (
        posted,
        followed_up,
        edited,
        asked,
        replied,
        resolved,
        noted,
        recorded_fault,
        reported,
        named,
        added,
        typed,
    )
}
QUICK = ("posted", "reported", "typed")


@pytest.mark.parametrize(
    "attack", ["live markup", pytest.param("very long", marks=pytest.mark.thorough)]
)
@pytest.mark.parametrize(
    "way", [pytest.param(way, marks=() if way in QUICK else pytest.mark.thorough) for way in WAYS]
)
async def test_text_of_people_has_no_effect(tmp_path: Path, way: str, attack: str) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "Our server is down")
        await tale.asks(tale.dana, "severity ACME-1 critical")
        await WAYS[way](Place(tale, channel, ann, ts), ATTACKS[attack])
        await tale.forward(hours=3)
        await tale.forward(hours=24)

        calls = json.dumps([_shown(dict(call.args)) for call in tale.sandbox.calls()])
        messages = [message for message in tale.sandbox.all_messages() if message.bot_id]
        answers = json.dumps([[message.text, _mrkdwn(message.blocks)] for message in messages])
        for markup in LIVE_MARKUP:
            position = (calls + answers).find(markup)
            assert position < 0, (calls + answers)[max(0, position - 150) : position + 80]
        assert tale.rows("SELECT key, error FROM outbox WHERE state = 'failed'") == []
        assert tale.rows("SELECT outcome FROM inbox WHERE parked_at IS NOT NULL") == []
        if way == "typed" and attack == "very long":
            asked = await tale.asks(tale.dana, f"resolve ACME-1 {ATTACKS[attack]}")
            assert "characters too long: shorten it to 3000." in asked
        whispers = [message.plain() for message in tale.sandbox.ephemerals(tale.dana)]
        assert not any("Something went wrong" in message for message in whispers)


def _shown(call: dict[str, object]) -> object:
    """Return the parts of a call that Slack shows as mrkdwn."""
    blocks = call.get("blocks") or "[]"
    return [call.get("text"), _mrkdwn(json.loads(blocks) if isinstance(blocks, str) else blocks)]


def _mrkdwn(blocks: object) -> list[str]:
    texts: list[str] = []
    if isinstance(blocks, list):
        for part in blocks:
            texts += _mrkdwn(part)
    elif isinstance(blocks, dict):
        if blocks.get("type") == "mrkdwn":
            texts.append(str(blocks["text"]))
        for part in blocks.values():
            texts += _mrkdwn(part)
    return texts
