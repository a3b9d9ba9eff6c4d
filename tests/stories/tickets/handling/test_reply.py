"""A reply from triage is shown as a preview before it is sent."""

from pathlib import Path

import pytest

from bot.domain.ids import UserId
from bot.sandbox import View
from bot.usecases.operations.setup import remove_staff
from tests import ids
from tests.story import Story, story

pytestmark = pytest.mark.any_store


async def asked(tale: Story) -> tuple[str, str]:
    channel, ann = await tale.add_client()
    return channel, await tale.says(ann, channel, "Our server is down")


async def writes(tale: Story, words: str) -> View:
    """Return the preview that Dana gets for these words."""
    await tale.presses(tale.dana, tale.triage_card("ACME-1"), ids.REPLY)
    assert await tale.fills_in(tale.dana, words=words) == {}
    return tale.sandbox.views_open(tale.dana)[-1]


def sections(view: View) -> list[str]:
    return [block["text"]["text"] for block in view.blocks]


async def test_a_reply_is_sent_as_previewed_after_confirmation(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts = await asked(tale)

        preview = await writes(tale, "We restart <it> now\nand *tell* you")

        first, shown = sections(preview)
        assert first == "The client reads this in their thread, from *Dana*:"
        assert shown == "We restart &lt;it&gt; now\nand *tell* you"
        assert len(tale.thread(channel, ts)) == 1

        assert await tale.fills_in(tale.dana) == {}
        assert tale.sandbox.views_open(tale.dana) == []
        sent = tale.thread(channel, ts)[-1]
        assert (sent.username, sent.blocks[0]["text"]["text"]) == ("Dana", shown)


@pytest.mark.thorough
async def test_only_the_rewritten_reply_is_sent(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts = await asked(tale)
        await tale.sandbox.close_view(tale.dana, await writes(tale, "Too harsh"))
        assert await tale.replies(tale.dana, "Kinder") == {}
        texts = [message.plain() for message in tale.thread(channel, ts)]
        assert len(texts) == 2
        assert "Kinder" in texts[1]


@pytest.mark.thorough
async def test_a_repeated_submission_sends_one_reply(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts = await asked(tale)
        await tale.twice(tale.dana, await writes(tale, "We restart it"), {})
        assert len(tale.thread(channel, ts)) == 2


@pytest.mark.thorough
async def test_a_refused_reply_replaces_the_preview_with_the_reason(
    tmp_path: Path,
) -> None:
    async with story(tmp_path) as tale, tale.running() as bot:
        channel, ts = await asked(tale)
        await writes(tale, "It is as with Globex")
        await tale.add_client("Globex")

        await tale.fills_in(tale.dana)
        [section] = sections(tale.sandbox.views_open(tale.dana)[-1])
        assert "These words name Globex" in section

        await tale.sandbox.close_view(tale.dana, tale.sandbox.views_open(tale.dana)[-1])
        await tale.sandbox.close_view(tale.dana, tale.sandbox.views_open(tale.dana)[-1])
        await writes(tale, "We restart it")
        async with bot.runtime.write() as desk:
            await remove_staff(desk, UserId(tale.dana))
        await tale.fills_in(tale.dana)
        [section] = sections(tale.sandbox.views_open(tale.dana)[-1])
        assert "This is for the support team." in section
        assert len(tale.thread(channel, ts)) == 1


@pytest.mark.thorough
async def test_a_reply_too_long_for_the_preview_is_refused(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await asked(tale)
        await tale.presses(tale.dana, tale.triage_card("ACME-1"), ids.REPLY)
        refused = await tale.fills_in(tale.dana, words="x" * 3000)
        assert refused[ids.WORDS] == (
            "The answer is 7 characters too long: shorten it, or send it in two."
        )
        assert await tale.fills_in(tale.dana, words="x" * 2993) == {}


@pytest.mark.thorough
async def test_the_reply_command_opens_the_preview(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ts = await asked(tale)
        assert (
            await tale.asks(tale.dana, "reply ACME-1 See <https://x.example|x.example> & go") == ""
        )
        assert sections(tale.sandbox.views_open(tale.dana)[-1])[1].endswith("&amp; go")
        await tale.fills_in(tale.dana)
        assert "&amp; go" in tale.thread(channel, ts)[-1].blocks[0]["text"]["text"]

        await tale.asks(tale.dana, "reply ACME-1")
        assert await tale.replies(tale.dana, "And more") == {}
        assert "And more" in tale.thread(channel, ts)[-1].plain()
        assert "There is no ticket ACME-9" in await tale.asks(tale.dana, "reply ACME-9 Hello")


@pytest.mark.thorough
async def test_dismiss_closes_a_ticket(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await asked(tale)
        assert await tale.asks(tale.dana, "dismiss acme-1") == "ACME-1 was no ticket."
        assert (await tale.tickets())["ACME-1"]["state"] == "dismissed"
