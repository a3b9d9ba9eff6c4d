"""People outside the staff try every action with every ticket key.

The answers are the same for another client's ticket and for a missing ticket, and contain no data
of another client.
"""

import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.delivery.slack.client import web_client, web_session
from bot.domain.agreements.agreement import Agreement
from bot.domain.ids import AgreementId, ClientId, UserId
from bot.domain.sla.targets.sla_target import Severity
from bot.slack_ts import MessageTs
from bot.usecases.operations.setup import remove_staff
from bot.views.agreements import change_agreement as agreement_modals
from bot.views.agreements.withdraw_downgrade import take_back_modal
from bot.views.form import View
from bot.views.intake import add_message, open_ticket
from bot.views.intake import ask as ask_module
from bot.views.operations.out_of_use import BUTTON
from bot.views.tickets.closing import merge, resolve
from bot.views.tickets.handling import assign, note, reply, snooze
from bot.views.tickets.triage import category
from bot.views.tickets.triage import severity as severity_module
from bot.views.tickets.triage.cause import cause_modal
from handlers.slack.desk_command import WORDS
from tests import ids
from tests.story import Story, story
from tests.views.gallery import PASSAGES
from tests.views.ticket_views import LATE

ATTEMPTS = int(os.environ.get("DESKBELL_ATTEMPTS", "400"))  # for each role
SECRET = "Zanzibar"  # in every message of the other client
FOREIGN = ("SECRET-1", "SECRET-2", "SECRET-3")
HELP_HERE = re.compile(r"Nobody is supported in this channel: .*|Clients ask here; .*")
ABSENT = ("SECRET-77", "NOWHERE-1", "X-0", "", "secret-1 ", "SECRET", "SECRET-1:low", "SECRET-1\n")
SEVERITIES = ("critical", "low", "none")
STAFF_ONLY = "This is for the support team. Write in your channel and we will take it from there."
NO_TICKET = re.compile(r"There is no ticket (.*) here: check the key on its card\.", re.DOTALL)
BUTTONS = (
    *(ids.client_severity(severity) for severity in SEVERITIES),
    *(ids.NOT_SOLVED, ids.WITHDRAW, ids.TAKE, ids.TAKE_OVER, ids.REPLY, ids.RESOLVE, ids.REOPEN),
    *(ids.ASK, ids.ASSIGN, ids.NOTE, ids.meant_ticket(0), ids.CATEGORY, ids.MERGE, ids.rate(3)),
)
CHOICES = {
    ids.TRIAGE_SEVERITY: SEVERITIES,
    ids.MORE: (
        *(ids.WHY, ids.SEVERITY_ANEW, ids.WAIT, ids.GO_ON, ids.DISMISS, ids.SNOOZE, ids.WAKE),
        *(ids.TAKE, ids.ASSIGN, *ids.SNOOZES),
        "nonsense",
    ),
}


AGREED = Agreement(
    AgreementId(1), ClientId(1), "ecosire", "priority", datetime.now(UTC), None, None
)
AGREE = {ids.PLAN: "priority", ids.CYCLE_DAY: "9", ids.STATEMENTS: ids.TO_CLIENT}
LOW = Severity("low", "Low", "Little")


def dialogs(key: str, at: str, now: datetime) -> list[tuple[View, dict[str, Any]]]:
    """Return every dialog about a ticket or a channel, each with valid input."""
    words, into = {ids.WORDS: "x"}, {ids.INTO: key or "x"}
    menu = [(key or "x", "x")]
    severity = {ids.SEVERITY: "low"}
    ts = "1773032400.000000"
    return [
        (resolve.resolve_modal(key, [LOW], severity_needed=True), words | severity),
        (severity_module.severity_modal(key, [LOW]), severity),
        (reply.reply_modal(key, by_slack=True), words),
        (reply.reply_modal(key, by_slack=False), words),
        (reply.preview_modal(key, "x", "Dana"), {}),
        (assign.assign_modal(key, None), {ids.PERSON: "U0SB000001"}),
        (note.note_modal(key), words),
        (category.category_modal(key, [], None, ""), {ids.FAULT: "x"}),
        (snooze.snooze_modal(key, now), {}),
        (cause_modal(LATE, PASSAGES) | {"private_metadata": key}, {ids.CAUSE: "unseen"}),
        (merge.merge_modal(key, menu), into),
        (add_message.add_modal(at, MessageTs.parse(ts), "x", menu), into),
        (open_ticket.open_modal(menu), {ids.CLIENT: key or "x", ids.SOURCE: "phone"} | words),
        (ask_module.ask_modal(at, [LOW]), words | severity),
        (agreement_modals.agree_modal(key, [("priority", "Priority")], AGREED), AGREE),
        (agreement_modals.agree_preview_modal(key, ["x"], f'{key}\n\n{{"plan": "priority"}}'), {}),
        (take_back_modal(key, ["x"], 1), {}),
    ]


class Outsider:
    """A person outside the staff, who tries random actions from a channel of theirs."""

    def __init__(self, tale: Story, who: str, where: str, random: Random) -> None:
        self._tale = tale
        self._who = who
        self._where = where
        self._random = random
        self._whispers_before = len(tale.whispers(who))
        self._ts = tale.sandbox.messages(where)[0].ts
        self.answers: list[str] = []

    async def try_everything(self, times: int) -> None:
        async with web_session() as session:
            self._client = web_client(
                self._tale.sandbox.bot_token, self._tale.sandbox.api_url, session
            )
            ways = (
                self._press,
                self._choose,
                self._type_command,
                self._submit_a_dialog,
                self._use_shortcut,
            )
            for _ in range(times):
                await self._random.choice(ways)()
        await self._tale.settle()
        self.answers += self._tale.whispers(self._who)[self._whispers_before :]

    @property
    def _is_elsewhere(self) -> bool:
        """Whether the person's workspace lacks the app, and so has no commands and shortcuts."""
        workspace = self._tale.sandbox._workspace
        return workspace.is_outside(workspace.user(self._who))

    def _key(self) -> str:
        return self._random.choice(FOREIGN + ABSENT)

    async def _press(self) -> None:
        action, value = self._random.choice(BUTTONS), self._key()
        if action == ids.TAKE_OVER:
            value = ids.take_over_choice(value, self._tale.dana)
        if action == ids.meant_ticket(0):
            value = ids.meant_choice(
                value.replace(":", ""), self._where, MessageTs.parse("1773032400.000000")
            )
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
        if action == ids.ASK:  # the dialog opens after the ack, if they may ask
            await self._tale.settle()
            self._read_and_close()

    async def _type_command(self) -> None:
        """Type a `/desk` command, or press where Slack offers no command: in other workspaces."""
        if self._is_elsewhere:
            return await self._press()
        words = (
            f"{self._random.choice(list(WORDS))} {self._key()} {self._random.choice(SEVERITIES)}"
        )
        done = await self._tale.sandbox.command(self._who, self._where, "/desk", words)
        self.answers.append(str(done.ack_payload.get("text", "")))
        assert not done.ack_payload.get("blocks")
        return None

    async def _use_shortcut(self) -> None:
        """Use a shortcut of a message, or press where Slack offers none: in other workspaces."""
        if self._is_elsewhere:
            return await self._press()
        callback_id = self._random.choice((ids.OPEN_SHORTCUT, ids.ADD_SHORTCUT))
        await self._tale.sandbox.shortcut(self._who, self._where, self._ts, callback_id)
        await self._tale.settle()
        self._read_and_close()
        return None

    async def _submit_a_dialog(self) -> None:
        """Submit a dialog that another person, or they themselves, could have opened earlier."""
        sandbox = self._tale.sandbox
        at = self._random.choice((self._tale.triage, self._tale.managers, "C404", "", "x"))
        choices = dialogs(self._key(), at, self._tale.clock.now())
        view, given = self._random.choice(choices)
        shown = sandbox._slack.views.open(self._who, view)
        values: dict[str | tuple[str, str], Any] = dict(given.items())
        if view["callback_id"] == ids.OPEN_VIEW:
            values[ids.REPORTED_BY] = "x"
        done = await sandbox.submit(self._who, shown, values)
        assert done.acked, view
        self.answers += [str(error) for error in done.errors.values()]
        self._read_and_close()

    def _read_and_close(self) -> None:
        """Read the refusal in an open dialog, or check that the dialog has no secret; close it."""
        sandbox = self._tale.sandbox
        for view in sandbox.views_open(self._who):
            if view.definition["title"]["text"] == "Not done":
                self.answers.append(str(view.blocks[0]["text"]["text"]))
            else:  # a dialog with errors stays as it was
                assert SECRET not in json.dumps(view.definition)
        sandbox._slack.views.clear(self._who)


@pytest.mark.thorough
@pytest.mark.parametrize("role", ["another client", "a guest", "a stranger", "former staff"])
async def test_no_answer_reveals_data_of_another_client(tmp_path: Path, role: str) -> None:
    async with story(tmp_path) as tale, tale.running() as bot:
        former = tale.sandbox.add_user("Fay, an engineer until today")
        channel, ann = await tale.add_client("Secret", engineer=former)
        for number in range(3):
            await tale.forward(minutes=6)
            await tale.says(ann, channel, f"{SECRET} {number}")
        globex, ben = await tale.add_client("Globex")
        await tale.says(ben, globex, "Our own")
        guest, stranger = (tale.sandbox.add_user(name) for name in ("A guest", "A stranger"))
        for person in (guest, former):
            tale.sandbox.join(person, tale.triage)
        elsewhere = tale.sandbox.add_channel("general", members=[stranger, former])
        await tale.sandbox.post(stranger, elsewhere, "Hello")
        await tale.asks(former, "take SECRET-1")
        async with bot.runtime.write() as desk:
            await remove_staff(desk, UserId(former))
        who, where = {
            "another client": (ben, globex),
            "a guest": (guest, tale.triage),
            "a stranger": (stranger, elsewhere),
            "former staff": (former, tale.triage),
        }[role]
        before = await tale.tickets(), [await tale.history(key) for key in FOREIGN]

        outsider = Outsider(tale, who, where, Random(role))
        await outsider.try_everything(ATTEMPTS)

        assert (await tale.tickets(), [await tale.history(key) for key in FOREIGN]) == before
        assert tale.sandbox.views_open(who) == []
        assert len(outsider.answers) >= ATTEMPTS * 9 // 10
        for answer in set(outsider.answers) - {STAFF_ONLY, ""}:
            assert SECRET not in answer
            known = answer == BUTTON or NO_TICKET.fullmatch(answer) or HELP_HERE.fullmatch(answer)
            assert known, answer
        in_the_channel = [message.plain() for message in tale.sandbox.messages(where)]
        if role == "another client":
            assert not any(SECRET in text or "SECRET" in text for text in in_the_channel)
