"""Actions of people in Slack: write, press, choose, fill in. Each returns when the bot has
responded."""

from collections.abc import Mapping

from bot.demo.demo_runner import DemoRunner
from bot.demo.evidence import Card
from bot.demo.people import Account, Person
from bot.demo.words import running_text
from bot.sandbox import Interaction, View
from bot.sandbox.json_types import Json
from bot.views.ids import NOT_SOLVED, WORDS
from bot.views.intake.open_ticket import CLIENT, REPORTED_AT, REPORTED_BY, SOURCE
from bot.views.tickets.closing.resolve import RESOLVE
from bot.views.tickets.handling.reply import GIVEN_AT, REPLY
from bot.views.tickets.handling.take import TAKE
from bot.views.tickets.triage.severity import TRIAGE_SEVERITY, client_severity, severity_choice


class Actions:
    """Actions of people; the screen shows each action before its effects."""

    def __init__(self, runner: DemoRunner) -> None:
        self._runner = runner
        self._sandbox = runner.sandbox

    async def post_request(self, account: Account, words: str) -> None:
        """Post a message in the client's channel, as the client's person."""
        await self._sandbox.post(account.person.user_id, account.channel, words)
        await self._runner.settle()

    async def reply_in_thread(self, person: Person, key: str, words: str) -> None:
        """Post a message in the thread of the client's ticket."""
        card = self._runner.evidence.client_card(key)
        await self._sandbox.post(person.user_id, card.channel, words, thread_ts=card.thread_ts)
        await self._runner.settle()

    async def choose_severity(self, account: Account, key: str, severity: str, label: str) -> None:
        """Press a severity on the client's card, as the client's person."""
        await self._press(
            account.person,
            self._runner.evidence.client_card(key),
            client_severity(severity),
            f"presses [{label}] on the card of {key}",
        )

    async def choose_severity_again(
        self, account: Account, key: str, severity: str, label: str
    ) -> None:
        """Press a severity after staff have set another; only the person who pressed it sees the
        explanation."""
        card = self._runner.evidence.client_card(key)
        self._show_action(account.person, card, f"presses [{label}] on the card of {key} once more")
        user_id, action_id = account.person.user_id, client_severity(severity)
        _accepted(await self._sandbox.press(user_id, card.channel, card.ts, action_id))
        await self._runner.narrator.wait_for(lambda: self._runner.narrator.has_ephemeral)
        await self._runner.settle()

    async def reopen(self, account: Account, key: str) -> None:
        await self._press(
            account.person,
            self._runner.evidence.client_card(key),
            NOT_SOLVED,
            f"presses [It's not solved] on the card of {key}",
        )

    async def take(self, person: Person, key: str) -> None:
        card = self._runner.evidence.triage_card(key)
        await self._press(person, card, TAKE, f"presses [Take] on the card of {key}")

    async def set_severity(self, person: Person, key: str, severity: str, label: str) -> None:
        """Choose a severity in the menu of the triage card."""
        await self._press(
            person,
            self._runner.evidence.triage_card(key),
            TRIAGE_SEVERITY,
            f"chooses {label} in the menu on the card of {key}",
            value=severity_choice(key, severity),
        )

    async def reply(self, person: Person, key: str, words: str) -> None:
        """Write a reply in the dialog of the triage card, and confirm its preview."""
        await self._dialog(person, key, REPLY, {WORDS: words})
        preview = self._sandbox.views_open(person.user_id)[-1]
        _accepted(await self._sandbox.submit(person.user_id, preview, {}))
        await self._runner.settle()

    async def resolve(self, person: Person, key: str, words: str) -> None:
        await self._dialog(person, key, RESOLVE, {WORDS: words})

    async def record_reply(self, person: Person, key: str, words: str, given_at: str) -> None:
        """Record a reply that was sent by email at the local time `given_at`."""
        await self._dialog(person, key, REPLY, {WORDS: words, GIVEN_AT: given_at})

    async def open_ticket(
        self, person: Person, account: Account, words: str, reported_at: str
    ) -> None:
        """Open a ticket with `/desk open`, for a report that arrived by email at the local time
        `reported_at`."""
        people = self._runner.people
        _accepted(await self._sandbox.command(person.user_id, people.triage, "/desk", "open"))
        values = {
            CLIENT: account.key,
            SOURCE: "email",
            REPORTED_BY: account.person.name,
            REPORTED_AT: reported_at,
            WORDS: words,
        }
        await self._fill_in(person, "types /desk open and", values)

    async def _press(
        self, person: Person, card: Card, action_id: str, description: str, value: str | None = None
    ) -> None:
        self._show_action(person, card, description)
        _accepted(
            await self._sandbox.press(person.user_id, card.channel, card.ts, action_id, value=value)
        )
        await self._runner.settle()

    async def _dialog(
        self, person: Person, key: str, action_id: str, values: Mapping[str, str]
    ) -> None:
        card = self._runner.evidence.triage_card(key)
        _accepted(await self._sandbox.press(person.user_id, card.channel, card.ts, action_id))
        await self._fill_in(person, "", values)

    async def _fill_in(self, person: Person, introduction: str, values: Mapping[str, str]) -> None:
        """Wait for the dialog, show its fields and their values, and submit it."""
        await self._runner.narrator.wait_for(lambda: bool(self._sandbox.views_open(person.user_id)))
        view = self._sandbox.views_open(person.user_id)[-1]
        self._runner.screen.show_message(
            self._runner.clock.now(),
            "#triage",
            person.name,
            f"{introduction} fills in “{view.title}”: {_entries(view, values)}".strip(),
            in_thread=False,
            style="italic",
        )
        submitted: dict[str | tuple[str, str], str] = {name: values[name] for name in values}
        _accepted(await self._sandbox.submit(person.user_id, view, submitted))
        await self._runner.settle()

    def _show_action(self, person: Person, card: Card, description: str) -> None:
        people = self._runner.people
        place = "#triage" if card.channel == people.triage else f"#{card.key.split('-')[0].lower()}"
        self._runner.screen.show_message(
            self._runner.clock.now(),
            place,
            person.name,
            description,
            in_thread=card.thread_ts is not None,
            style="italic",
        )


def _accepted(outcome: Interaction) -> None:
    """Raise RuntimeError if Slack or the bot did not accept the interaction."""
    if not outcome.acked or outcome.error or outcome.errors:
        raise RuntimeError(f"a gesture of the demo was not taken: {outcome}")


def _entries(view: View, values: Mapping[str, str]) -> str:
    """Return each value after the label of its field; the field with long words is last."""
    fields = {block["block_id"]: block for block in view.blocks if block["type"] == "input"}
    short = [
        f"{fields[name]['label']['text']}: {_shown(fields[name], value)}"
        for name, value in values.items()
        if name != WORDS
    ]
    return running_text([*short, f"{fields[WORDS]['label']['text']}: “{values[WORDS]}”"])


def _shown(field: Json, value: str) -> str:
    """Return the label of the option with this value; the value itself for other fields."""
    options = field["element"].get("options", [])
    return next((choice["text"]["text"] for choice in options if choice["value"] == value), value)
