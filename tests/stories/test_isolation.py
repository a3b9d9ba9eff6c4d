"""Whoever is not on staff tries everything with every key: what they read is the same whether a
ticket is somebody else's or does not exist, and nothing of another client's is ever in it."""

import os
import re
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.slack.client import web_client, web_session
from bot.views import ids
from bot.views.out_of_use import BUTTON
from handlers.desk_words import WORDS
from tests.story import Story, story

ATTEMPTS = int(os.environ.get("DESKBELL_ATTEMPTS", "400"))  # of each role
SECRET = "Zanzibar"  # in every word of the other client's
FOREIGN = ("SECRET-1", "SECRET-2", "SECRET-3")
ABSENT = ("SECRET-77", "NOWHERE-1", "X-0", "", "secret-1 ", "SECRET", "SECRET-1:low", "SECRET-1\n")
SEVERITIES = ("critical", "low", "none")
STAFF_ONLY = "This is for the support team. Write in your channel and we will take it from there."
NO_TICKET = re.compile(r"There is no ticket (.*) here: check the key on its card\.", re.DOTALL)
BUTTONS = (
    *(ids.client_severity(one) for one in SEVERITIES),
    *(ids.NOT_SOLVED, ids.WITHDRAW, ids.TAKE, ids.TAKE_OVER, ids.REPLY, ids.RESOLVE, ids.REOPEN),
    *(ids.ASSIGN, ids.NOTE, ids.meant_ticket(0), ids.CATEGORY, ids.MERGE, ids.rate(3)),
)
CHOICES = {
    ids.TRIAGE_SEVERITY: SEVERITIES,
    ids.MORE: (
        *(ids.WHY, ids.SEVERITY_ANEW, ids.WAIT, ids.GO_ON, ids.DISMISS, ids.SNOOZE, ids.WAKE),
        "nonsense",
    ),
}


class Outsider:
    """Somebody with a channel in which they can press, and a seed for what they try."""

    def __init__(self, tale: Story, who: str, where: str, random: Random) -> None:
        self._tale = tale
        self._who = who
        self._where = where
        self._random = random
        self.answers: list[str] = []

    async def try_everything(self, times: int) -> None:
        async with web_session() as session:
            self._client = web_client(
                self._tale.sandbox.bot_token, self._tale.sandbox.api_url, session
            )
            for _ in range(times):
                await self._random.choice((self._press, self._choose, self._type))()
        await self._tale.settle()
        self.answers += [one.plain() for one in self._tale.sandbox.ephemerals(self._who)]

    def _key(self) -> str:
        return self._random.choice(FOREIGN + ABSENT)

    async def _press(self) -> None:
        action, value = self._random.choice(BUTTONS), self._key()
        if action == ids.TAKE_OVER:
            value = ids.take_over_choice(value, self._tale.dana)
        if action == ids.meant_ticket(0):
            value = ids.meant_choice(value.replace(":", ""), self._where, "1773032400.000000")
        text = {"type": "plain_text", "text": "x"}
        await self._send(
            {"type": "button", "action_id": action, "value": value or "x", "text": text}, None
        )

    async def _choose(self) -> None:
        menu = self._random.choice(list(CHOICES))
        value = f"{self._key()}:{self._random.choice(CHOICES[menu])}"
        text = {"type": "plain_text", "text": "x"}
        element: dict[str, Any] = {
            "type": "static_select",
            "action_id": menu,
            "placeholder": text,
            "options": [{"text": text, "value": value}],
        }
        await self._send(element, value)

    async def _send(self, element: dict[str, Any], value: str | None) -> None:
        posted = await self._client.chat_postMessage(
            channel=self._where, text="x", blocks=[{"type": "actions", "elements": [element]}]
        )
        press = self._tale.sandbox.press
        action = element["action_id"]
        done = await press(self._who, self._where, str(posted["ts"]), action, value=value)
        assert done.acked, element

    async def _type(self) -> None:
        """Slack has no slash command for people of other workspaces: they press instead."""
        if self._where != self._tale.triage:
            return await self._press()
        words = (
            f"{self._random.choice(list(WORDS))} {self._key()} {self._random.choice(SEVERITIES)}"
        )
        done = await self._tale.sandbox.command(self._who, self._where, "/desk", words)
        self.answers.append(str(done.ack_payload.get("text", "")))
        assert not done.ack_payload.get("blocks")
        return None


@pytest.mark.thorough
@pytest.mark.parametrize("role", ["another client", "a guest"])
async def test_nothing_of_anothers_is_in_any_answer(tmp_path: Path, role: str) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client("Secret", terms="")
        for number in range(3):
            await tale.forward(minutes=6)
            await tale.says(ann, channel, f"{SECRET} {number}")
        globex, ben = await tale.add_client("Globex")
        guest = tale.sandbox.add_user("A guest")
        tale.sandbox.join(guest, tale.triage)
        who, where = {"another client": (ben, globex), "a guest": (guest, tale.triage)}[role]
        before = await tale.tickets(), [await tale.history(key) for key in FOREIGN]

        outsider = Outsider(tale, who, where, Random(role))
        await outsider.try_everything(ATTEMPTS)

        assert (await tale.tickets(), [await tale.history(key) for key in FOREIGN]) == before
        assert tale.sandbox.views_open(who) == []
        assert len(outsider.answers) >= ATTEMPTS // 2
        for answer in set(outsider.answers) - {STAFF_ONLY, ""}:
            assert SECRET not in answer
            assert answer == BUTTON or NO_TICKET.fullmatch(answer), answer
        in_the_channel = [one.plain() for one in tale.sandbox.messages(where)]
        if role == "another client":
            assert not any(SECRET in one or "SECRET" in one for one in in_the_channel)
