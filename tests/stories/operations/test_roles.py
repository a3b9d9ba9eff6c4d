"""Every cell of docs/roles.md: a person tries an action, and it is done or changes nothing."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bot.delivery.slack.client import web_client, web_session
from bot.domain.ids import UserId
from bot.usecases.operations.setup import add_staff, remove_staff
from handlers.slack.desk_command import WORDS
from tests import ids
from tests.story import Story, story

pytestmark = pytest.mark.any_store
PAGE = Path(__file__).parents[3] / "docs" / "roles.md"
REFUSED = re.compile(
    r"This is for (?:the support team\.|managers:) |There is no ticket |Clients ask here|"
    r"Nobody is supported in this channel|Only the client (?:withdraws|rates) "
)
NEEDS_ASSIGNEE, NEEDS_WAITING, NEEDS_RESOLVED = "assigned", "waiting", "resolved"
NEEDS_SNOOZE, NEEDS_BREACH = "asleep", "late"


def table() -> dict[str, dict[str, str]]:
    """Return for each action and role: yes, own, no, or "" if the case is impossible."""
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("|")]
    heads, _, *cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {row[0]: dict(zip(heads[1:], row[1:], strict=True)) for row in cells}


TABLE = table()
Action = Callable[["Attempt"], Awaitable[Any]]


@dataclass
class Attempt:
    """A person who tries an action on a new ticket, which is in the state that the action needs."""

    tale: Story
    who: str
    key: str
    channel: str  # of the client
    ts: str
    where: str  # the channel in which the person can press

    async def press(self, action: str, value: str = "") -> str:
        """Press a forged button in the person's own channel."""
        tale = self.tale
        button = {
            "type": "button",
            "action_id": action,
            "value": value or self.key,
            "text": {"type": "plain_text", "text": "Press"},
        }
        async with web_session() as session:
            client = web_client(tale.sandbox.bot_token, tale.sandbox.api_url, session)
            blocks = [{"type": "actions", "elements": [button]}]
            posted = await client.chat_postMessage(channel=self.where, text="Press", blocks=blocks)
        await tale.sandbox.press(self.who, self.where, str(posted["ts"]), action)
        await tale.settle()
        return ""

    async def choose(self, option: str) -> str:
        """Choose an option of a menu of the triage card, or of a forged menu elsewhere."""
        card = self.tale.triage_card(self.key)
        menu = ids.TRIAGE_SEVERITY if option in {"high", "low"} else ids.MORE
        value = f"{self.key}:{option}"
        if self.where != self.tale.triage:
            card = await self.forged_menu(menu, value)
        await self.tale.presses(self.who, card, menu, value)
        return ""

    async def forged_menu(self, menu: str, value: str) -> Any:
        option = {"text": {"type": "plain_text", "text": "x"}, "value": value}
        kind = "overflow" if menu == ids.MORE else "static_select"
        element: dict[str, Any] = {"type": kind, "action_id": menu, "options": [option]}
        if kind == "static_select":
            element["placeholder"] = {"type": "plain_text", "text": "x"}
        async with web_session() as session:
            client = web_client(self.tale.sandbox.bot_token, self.tale.sandbox.api_url, session)
            blocks = [{"type": "actions", "elements": [element]}]
            posted = await client.chat_postMessage(channel=self.where, text="x", blocks=blocks)
        return self.tale.sandbox.message(self.where, str(posted["ts"]))

    async def send(self, given: dict[str, str]) -> str:
        """Fill in and submit the open dialog; return its errors and refusals."""
        errors = await self.tale.fills_in(self.who, **given)
        views = self.tale.sandbox.views_open(self.who)
        refused = [view for view in views if view.definition["title"]["text"] == "Not done"]
        refusals = [str(view.blocks[0]["text"]["text"]) for view in refused]
        return " ".join([*errors.values(), *refusals])

    async def ask(self, words: str) -> str:
        done = await self.tale.sandbox.command(self.who, self.where, "/desk", words)
        await self.tale.settle()
        answer = dict(done.ack_payload)
        return str(answer.get("text", "")) or ("shown" if answer.get("blocks") else "")


def on_card(action: str) -> Action:
    return lambda at: at.press(action)


def option(name: str) -> Action:
    return lambda at: at.choose(name)


async def take_over(at: Attempt) -> str:
    return await at.press(ids.TAKE_OVER, ids.take_over_choice(at.key, at.tale.eli))


async def open_preview(at: Attempt) -> str:
    await at.press(ids.REPLY)
    await at.tale.fills_in(at.who, words="We look")
    return ""


async def snooze_on_a_ping(at: Attempt) -> str:
    value = ids.more_choice(at.key, "snooze:30")
    await at.tale.presses(at.who, await at.forged_menu(ids.MORE, value), ids.MORE, value)
    return ""


def record_breach(tale: Story, key: str) -> None:
    """Record a breach of the ticket at once, without waiting for its deadline."""
    tale.rows(
        "UPDATE clocks SET breached_at = begins_at, noticed_at = begins_at"
        " WHERE ticket_id = (SELECT id FROM tickets WHERE key = ?)",
        key,
    )


async def ask_why_late(at: Attempt) -> str:
    record_breach(at.tale, at.key)
    return await at.press(ids.LATE_WHY)


# Each action, and the state of the ticket before it.
ACTIONS: dict[str, tuple[Action, str]] = {
    "client card: choose a severity": (on_card(ids.client_severity("low")), ""),
    "client card: withdraw": (on_card(ids.WITHDRAW), ""),
    "client card: it's not solved": (on_card(ids.NOT_SOLVED), NEEDS_RESOLVED),
    "client card: rate": (on_card(ids.rate(4)), NEEDS_RESOLVED),
    "triage card: take": (on_card(ids.TAKE), ""),
    "triage card: take over": (take_over, NEEDS_ASSIGNEE),
    "triage card: severity": (option("high"), ""),
    "triage card: reply to client": (on_card(ids.REPLY), ""),
    "triage card: resolve": (on_card(ids.RESOLVE), ""),
    "triage card: reopen": (on_card(ids.REOPEN), NEEDS_RESOLVED),
    "ping: why was this late": (on_card(ids.LATE_WHY), NEEDS_BREACH),
    "ping: snooze": (snooze_on_a_ping, ""),
    "triage card: assign": (on_card(ids.ASSIGN), ""),
    "triage card: note": (on_card(ids.NOTE), ""),
    "triage card: category": (on_card(ids.CATEGORY), ""),
    "triage card: merge": (on_card(ids.MERGE), ""),
    "triage card: why is it due then": (option(ids.WHY), ""),
    "triage card: severity, from now on": (option(ids.SEVERITY_ANEW), ""),
    "triage card: wait on the client": (option(ids.WAIT), ""),
    "triage card: wait no longer": (option(ids.GO_ON), NEEDS_WAITING),
    "triage card: snooze": (option(ids.SNOOZE), ""),
    "triage card: snooze no longer": (option(ids.WAKE), NEEDS_SNOOZE),
    "triage card: not a ticket": (option(ids.DISMISS), ""),
}
DIALOGS: dict[str, tuple[Action, dict[str, str]]] = {
    "dialog: reply to client": (on_card(ids.REPLY), {ids.WORDS: "We look"}),
    "dialog: send the reply previewed": (open_preview, {}),
    "dialog: resolve": (on_card(ids.RESOLVE), {ids.WORDS: "Done", ids.SEVERITY: "low"}),
    "dialog: severity, from now on": (
        option(ids.SEVERITY_ANEW),
        {ids.SEVERITY: "low", ids.SINCE: ids.FROM_NOW},
    ),
    "dialog: assign": (on_card(ids.ASSIGN), {ids.PERSON: "DANA"}),
    "dialog: note": (on_card(ids.NOTE), {ids.WORDS: "A note"}),
    "dialog: cause": (ask_why_late, {ids.CAUSE: "unseen", ids.WORDS: "x"}),
    "dialog: category": (on_card(ids.CATEGORY), {ids.CATEGORY: "bug", ids.FAULT: "Ours"}),
    "dialog: merge": (on_card(ids.MERGE), {ids.INTO: "ACME-1"}),
    "dialog: snooze": (option(ids.SNOOZE), {ids.UNTIL: "1773219600"}),
    "dialog: open a ticket": (
        lambda at: at.ask("open"),
        {
            ids.CLIENT: "ACME",
            ids.SOURCE: "phone",
            ids.REPORTED_BY: "Ann",
            ids.REPORTED_AT: "",
            ids.WORDS: "It is down",
        },
    ),
}


async def ask_for_help(at: Attempt) -> str:
    await at.press(ids.ASK)
    return "shown" if at.tale.sandbox.views_open(at.who) else ""


def shortcut(callback_id: str) -> Action:
    async def choose(at: Attempt) -> str:
        await at.tale.sandbox.shortcut(at.who, at.channel, at.ts, callback_id)
        await at.tale.settle()
        views = at.tale.sandbox.views_open(at.who)
        if not views or views[-1].definition["title"]["text"] != "Not done":
            return "done"
        await at.tale.sandbox.close_view(at.who, views[-1])
        return str(views[-1].blocks[0]["text"]["text"])

    return choose


def words(typed: str) -> Action:
    return lambda at: at.ask(typed)


OTHER_ACTIONS: dict[str, Action] = {
    "channel card: ask for help": ask_for_help,
    "shortcut: open a ticket": shortcut(ids.OPEN_SHORTCUT),
    "shortcut: add to a ticket": shortcut(ids.ADD_SHORTCUT),
    "/desk client KEY intake": words("client ACME intake mention"),
    "/desk client KEY join": words("client ACME join 7"),
    "/desk subscribe CLIENT": words("subscribe ACME"),
    "/desk hours for somebody else": words("hours @eli Mon-Fri 09:00-18:00"),
    "/desk away for somebody else": words("away @eli 3d"),
    "/desk plan CLIENT change": words("plan ACME change"),
    "/desk plan CLIENT withdraw": words("plan ACME withdraw"),
    "/desk client KEY change": words("client ACME change"),
}
QUICK_DIALOGS = 4
QUICK = ("channel card: ask for help", "/desk client KEY change")
AGREED = "SELECT id, withdrawn_at FROM agreements ORDER BY id"
AGREEMENT = {
    ids.PLAN: "enterprise",
    ids.LAST_DAY: "",
    ids.CYCLE_DAY: "1",
    ids.STATEMENTS: ids.TO_MANAGERS,
    ids.TERMS: "",
}


async def preview_agreement(at: Attempt) -> str:
    answer = await at.ask("plan ACME change")
    await at.tale.fills_in(at.who, **AGREEMENT)
    return answer


async def plan_downgrade(at: Attempt) -> str:
    await at.tale.asks(at.tale.mo, "plan ACME change")
    await at.tale.fills_in(at.tale.mo, **(AGREEMENT | {ids.PLAN: "included"}))
    await at.tale.fills_in(at.tale.mo)
    return await at.ask("plan ACME withdraw")


MANAGERS_DIALOGS: dict[str, tuple[Action, dict[str, str]]] = {
    "dialog: change an agreement": (words("plan ACME change"), AGREEMENT),
    "dialog: confirm a change of an agreement": (preview_agreement, {}),
    "dialog: take back a downgrade": (plan_downgrade, {}),
}
AFTER_THE_WORD = {
    "assign": "KEY me",
    "severity": "KEY high",
    "note": "KEY x",
    "resolve": "KEY x",
    "category": "KEY bug",
    "fault": "KEY ours",
    "waive": "KEY ours",
    "merge": "KEY ACME-1",
    "snooze": "KEY 2h",
    "reply": "KEY We look",
    "duties": "ACME health-report 2026-04-08",
}
BEFORE = {"go-on": NEEDS_WAITING, "reopen": NEEDS_RESOLVED, "resolve": "triaged"}


class Workspace:
    """The people of every role in the table, and a new ticket of Acme for each attempt."""

    def __init__(self, tale: Story) -> None:
        self.tale = tale
        self._numbers = count(1)

    async def furnish(self) -> None:
        tale = self.tale
        self.channel, self.ann = await tale.add_client("Acme", plan="priority")
        team = tale.sandbox._workspace.user(self.ann).team_id
        members = [self.ann, tale.dana, tale.mo]
        self.elsewhere = tale.sandbox.add_channel("second", members=members, shared_with=team)
        await tale.says(self.ann, self.channel, "What others are merged into")
        self.globex, self.ben = await tale.add_client("Globex")
        self.guest, self.former = (tale.sandbox.add_user(name) for name in ("Guest", "Former"))
        for person in (self.guest, self.former):
            tale.sandbox.join(person, tale.triage)
        self.stranger = tale.sandbox.add_user("Stranger")
        self.general = tale.sandbox.add_channel("general", members=[self.stranger])

    def place(self, who: str) -> tuple[str, str]:
        """Return a person of this role, and a channel that they are in."""
        tale = self.tale
        return {
            "the client": (self.ann, self.channel),
            "another client": (self.ben, self.globex),
            "a guest": (self.guest, tale.triage),
            "a stranger": (self.stranger, self.general),
            "former staff": (self.former, tale.triage),
            "engineer": (tale.dana, tale.triage),
            "manager": (tale.mo, tale.triage),
        }[who]

    async def attempt(self, who: str, state: str = "", where: str = "") -> Attempt:
        tale = self.tale
        person = tale.sandbox.add_user(f"Person {next(self._numbers)}")
        tale.sandbox.join(person, self.channel)
        ts = await tale.says(person, self.channel, "It is down")
        key = list(await tale.tickets())[-1]
        if state == NEEDS_ASSIGNEE:
            await tale.asks(tale.eli, f"take {key}")
        if state in {NEEDS_RESOLVED, "triaged"}:
            await tale.asks(tale.eli, f"severity {key} low")
        if state == NEEDS_RESOLVED:
            await tale.asks(tale.eli, f"resolve {key} Done")
        if state == NEEDS_BREACH:
            record_breach(tale, key)
        if state == NEEDS_SNOOZE:
            await tale.asks(tale.eli, f"snooze {key} 2h")
        if state == NEEDS_WAITING:
            await tale.asks(tale.eli, f"wait {key}")
        actor, place = self.place(who)
        return Attempt(tale, actor, key, self.channel, ts, where or place)

    async def outcome(self, at: Attempt, doing: Awaitable[Any]) -> str:
        """Return whether the action was done; fail if a refused action changes something."""
        before = await self._seen(at)
        answer = await doing
        whispers = [whisper.plain() for whisper in at.tale.sandbox.ephemerals(at.who)][before[-1] :]
        texts = [text for text in (answer, *whispers) if isinstance(text, str) and text]
        after = await self._seen(at)
        if any(REFUSED.match(text) for text in texts):
            assert after[:-1] == before[:-1], f"refused, and done: {texts}"
            return "no"
        assert after != before or texts, "nothing was said and nothing was done"
        return "yes"

    async def _seen(self, at: Attempt) -> tuple[Any, ...]:
        views = [view.view_id for view in at.tale.sandbox.views_open(at.who)]
        spoken = len(at.tale.sandbox.ephemerals(at.who))
        return await at.tale.tickets(), await at.tale.history(at.key), views, spoken


def test_the_table_lists_every_action() -> None:
    words = {f"/desk {word}" for word in WORDS}
    assert set(TABLE) == {*ACTIONS, *DIALOGS, *MANAGERS_DIALOGS, *OTHER_ACTIONS, *words}


@pytest.mark.parametrize("dialog", MANAGERS_DIALOGS)
async def test_submissions_of_managers_dialogs_follow_the_table(
    tmp_path: Path, dialog: str
) -> None:
    """A person opens the dialog as a manager, and submits it after losing the role."""
    async with story(tmp_path) as tale, tale.running() as bot:
        workspace = Workspace(tale)
        await workspace.furnish()
        do, given = MANAGERS_DIALOGS[dialog]
        for who in ("engineer", "former staff", "manager"):
            at = await workspace.attempt(who)
            await join_staff(bot, at.who, "manager")
            await do(at)
            if who == "engineer":
                await join_staff(bot, at.who, "engineer")
            elif who == "former staff":
                await leave_staff(bot, at.who)
            agreed = tale.rows(AGREED)

            assert await workspace.outcome(at, at.send(given)) == TABLE[dialog][who], who
            if TABLE[dialog][who] == "no":
                assert tale.rows(AGREED) == agreed


@pytest.mark.parametrize(
    "action",
    [
        pytest.param(action, marks=() if action in QUICK else pytest.mark.thorough)
        for action in OTHER_ACTIONS
    ],
)
async def test_actions_outside_the_cards_follow_the_table(tmp_path: Path, action: str) -> None:
    for who, wanted in TABLE[action].items():
        if not wanted:
            continue
        directory = tmp_path / who.replace(" ", "-")
        directory.mkdir()
        async with story(directory) as tale, tale.running():
            workspace = Workspace(tale)
            await workspace.furnish()
            at = await workspace.attempt(who)
            if action.startswith(("channel card", "shortcut")) and who != "another client":
                tale.sandbox.join(at.who, workspace.channel)
                at.where = workspace.channel
            outcome = await workspace.outcome(at, OTHER_ACTIONS[action](at))
            assert outcome == ("no" if wanted == "no" else "yes"), (action, who)


@pytest.mark.thorough
@pytest.mark.parametrize("action", ACTIONS)
async def test_buttons_and_menus_follow_the_table(tmp_path: Path, action: str) -> None:
    async with story(tmp_path) as tale, tale.running():
        workspace = Workspace(tale)
        await workspace.furnish()
        do, state = ACTIONS[action]
        for who, wanted in TABLE[action].items():
            on_the_clients = who in {"engineer", "manager"} and action.startswith("client card")
            if on_the_clients:
                tale.sandbox.join(workspace.place(who)[0], workspace.channel)
            at = await workspace.attempt(who, state, workspace.channel if on_the_clients else "")
            outcome = await workspace.outcome(at, do(at))
            assert outcome == ("no" if wanted == "no" else "yes"), (action, who)
            if wanted == "own":  # the same press elsewhere, with the same key
                at = await workspace.attempt(who, state, workspace.elsewhere)
                assert await workspace.outcome(at, do(at)) == "no", (action, who, "elsewhere")


@pytest.mark.parametrize(
    "dialog",
    [
        pytest.param(dialog, marks=() if number < QUICK_DIALOGS else pytest.mark.thorough)
        for number, dialog in enumerate(DIALOGS)
    ],
)
async def test_submissions_of_dialogs_follow_the_table(tmp_path: Path, dialog: str) -> None:
    """A person opens the dialog as staff, and submits it after leaving the staff."""
    async with story(tmp_path) as tale, tale.running() as bot:
        workspace = Workspace(tale)
        await workspace.furnish()
        do, given = DIALOGS[dialog]
        given = {name: tale.dana if value == "DANA" else value for name, value in given.items()}
        for who in ("engineer", "manager", "former staff"):
            wanted = TABLE[dialog][who]
            at = await workspace.attempt(who)
            if wanted == "no":
                await join_staff(bot, at.who)
            await do(at)
            if wanted == "no":
                await leave_staff(bot, at.who)

            assert await workspace.outcome(at, at.send(given)) == wanted, (dialog, who)


async def join_staff(bot: Any, user: str, role: str = "engineer") -> None:
    async with bot.runtime.write() as desk:
        await add_staff(desk, UserId(user), role, "Fay")


async def leave_staff(bot: Any, user: str) -> None:
    async with bot.runtime.write() as desk:
        await remove_staff(desk, UserId(user))


@pytest.mark.thorough
@pytest.mark.parametrize("word", WORDS)
async def test_desk_words_follow_the_table(tmp_path: Path, word: str) -> None:
    async with story(tmp_path) as tale, tale.running():
        workspace = Workspace(tale)
        await workspace.furnish()
        for who in ("a guest", "a stranger", "former staff", "engineer", "manager"):
            at = await workspace.attempt(who, BEFORE.get(word, ""))
            rest = AFTER_THE_WORD.get(word, "KEY" if WORDS[word].is_about_a_ticket else "")
            doing = at.ask(f"{word} {rest.replace('KEY', at.key)}")
            outcome = await workspace.outcome(at, doing)
            assert outcome == TABLE[f"/desk {word}"][who], who
