"""Old cards and dialogs outlive the version that made them: people who use them get a hint."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.delivery.slack.client import web_client, web_session
from bot.sandbox import Message
from tests.story import Story, story
from tests.views.slack_limits import check_blocks

PLAIN = {"type": "plain_text", "text": "Words"}
OLD_DIALOG: dict[str, Any] = {
    "type": "modal",
    "callback_id": "estimate_view",
    "title": PLAIN,
    "submit": PLAIN,
    "blocks": [
        {
            "type": "input",
            "block_id": "words",
            "label": PLAIN,
            "element": {"type": "plain_text_input", "action_id": "words"},
        }
    ],
}


@asynccontextmanager
async def older_bot(tale: Story) -> AsyncIterator[AsyncWebClient]:
    """The client of an older version of the bot."""
    async with web_session() as session:
        yield web_client(tale.sandbox.bot_token, tale.sandbox.api_url, session)


async def old_card(tale: Story, client: AsyncWebClient, channel: str) -> Message:
    button = {"type": "button", "action_id": "estimate", "value": "ACME-1", "text": PLAIN}
    blocks = [{"type": "actions", "elements": [button]}]
    posted = await client.chat_postMessage(channel=channel, text="An old card", blocks=blocks)
    message = tale.sandbox.message(channel, str(posted["ts"]))
    assert message is not None
    return message


async def test_an_old_button_is_answered_with_a_hint(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running(), older_bot(tale) as client:
        channel, ann = await tale.add_client()
        card = await old_card(tale, client, channel)
        done = await tale.sandbox.press(ann, channel, card.ts, "estimate")
        await tale.settle()

        assert done.acked
        [hint] = tale.whispers(ann)
        assert hint.startswith("This button is no longer in use, and nothing was changed.")
        assert "just write here what you need" in hint


@pytest.mark.thorough
async def test_an_old_dialog_stays_open_and_says_that_nothing_was_saved(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running(), older_bot(tale) as client:
        card = await old_card(tale, client, tale.triage)
        done = await tale.sandbox.press(tale.dana, tale.triage, card.ts, "estimate")
        await client.views_open(trigger_id=done.trigger_id, view=OLD_DIALOG)

        [shown] = tale.sandbox.views_open(tale.dana)
        sent = await tale.sandbox.submit(tale.dana, shown, {"words": "Until Monday"})
        assert (sent.acked, sent.error) == (True, None)
        [notice] = tale.sandbox.views_open(tale.dana)
        check_blocks(notice.blocks)
        assert "*not* saved" in json.dumps(notice.blocks)


@pytest.mark.thorough
async def test_an_old_command_and_an_old_shortcut_are_answered(tmp_path: Path) -> None:
    async with story(tmp_path, hears_all=True) as tale, tale.running():
        typed = await tale.sandbox.command(tale.dana, tale.triage, "/sla", "ACME-1")
        assert str(typed.ack_payload["text"]).startswith("This command is no longer in use")

        ts = await tale.says(tale.eli, tale.triage, "A message")
        chosen = await tale.sandbox.shortcut(tale.dana, tale.triage, ts, "old_shortcut")
        searched = await tale.sandbox.global_shortcut(tale.eli, "old_shortcut")
        await tale.settle()
        assert (chosen.acked, searched.acked) == (True, True)
        assert tale.whispers(tale.dana)[1].startswith("This shortcut is no longer in use")
        [notice] = tale.sandbox.views_open(tale.eli)
        assert "This shortcut is no longer in use" in json.dumps(notice.blocks)


OTHER_INTERACTIONS: dict[str, dict[str, Any]] = {
    "a choice in a view": {"type": "block_actions", "actions": [{"action_id": "old"}]},
    "options of a menu": {"type": "block_suggestion", "action_id": "old", "value": "a"},
    "a closed view": {"type": "view_closed", "view": {"callback_id": "old"}},
    "an attachment's button": {
        "type": "interactive_message",
        "callback_id": "old",
        "actions": [{"name": "old"}],
    },
}


@pytest.mark.thorough
@pytest.mark.parametrize("body", OTHER_INTERACTIONS.values(), ids=list(OTHER_INTERACTIONS))
async def test_every_other_old_interaction_is_answered(
    tmp_path: Path, body: dict[str, Any]
) -> None:
    async with story(tmp_path) as tale, tale.running():
        given = {"user": {"id": tale.dana}, "team": {"id": tale.sandbox.team_id}} | body
        answer = await tale.sandbox.deliveries.ask("interactive", given)
        assert answer.error is None
