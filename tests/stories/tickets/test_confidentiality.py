"""Text for a client may not name another client."""

from pathlib import Path

import pytest

from tests import ids
from tests.story import Story, story

pytestmark = pytest.mark.any_store

NAMES = [
    "It is the same as globex-12",
    "GLOBEX has it too",
    "We see it at  Orbit\nSteel as well",
    "Globex, and others",
]
NOT_NAMES = [
    "It is ACME-1 alone",
    "Orbit of the Steel",
    "Globexia has nothing to do with it",
    "All well at Acme Globex",  # the client's own name
]


async def furnished(tale: Story) -> str:
    channel, ann = await tale.add_client("Acme")
    for key, name in (("GLOBEX", "Globex"), ("ORBIT", "Orbit Steel")):
        columns = "(key, name, join_minutes, last_number)"
        tale.rows(f"INSERT INTO clients {columns} VALUES (?, ?, 5, 0)", key, name)  # noqa: S608
    tale.rows("UPDATE clients SET name = 'Acme Globex' WHERE key = 'ACME'")
    await tale.says(ann, channel, "Our server is down")
    await tale.asks(tale.dana, "severity ACME-1 low")
    return channel


def read(tale: Story, channel: str) -> list[str]:
    """Return every message in the channel of the client."""
    return [
        message.plain() for message in tale.sandbox.all_messages() if message.channel == channel
    ]


@pytest.mark.parametrize("words", NAMES)
async def test_a_reply_or_resolution_that_names_another_client_is_refused(
    tmp_path: Path, words: str
) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel = await furnished(tale)
        before = read(tale, channel)
        for button in (ids.REPLY, ids.RESOLVE):
            await tale.presses(tale.dana, tale.triage_card("ACME-1"), button)
            refused = await tale.fills_in(tale.dana, words=words)
            assert "and Acme Globex would read them: take that out" in refused[ids.WORDS]
            await tale.sandbox.close_view(tale.dana, tale.sandbox.views_open(tale.dana)[-1])
        answer = await tale.asks(tale.dana, f"resolve ACME-1 {words}")
        assert "would read them" in answer
        assert read(tale, channel) == before


@pytest.mark.thorough
@pytest.mark.parametrize("words", NOT_NAMES)
async def test_a_reply_with_similar_words_is_sent(tmp_path: Path, words: str) -> None:
    async with story(tmp_path) as tale, tale.running():
        await furnished(tale)
        await tale.presses(tale.dana, tale.triage_card("ACME-1"), ids.REPLY)
        assert await tale.replies(tale.dana, words) == {}
