"""What people do in Slack: write, press, choose, fill in; each until the bot has acted on it."""

from collections.abc import Mapping

from bot.demo.cast import Account, Person
from bot.demo.evidence import Card
from bot.demo.theatre import Theatre
from bot.demo.words import running_text
from bot.sandbox import Interaction, View
from bot.sandbox.records import Json
from bot.views import ids


class Deeds:
    """Every deed is shown as a line of its own before what comes of it."""

    def __init__(self, theatre: Theatre) -> None:
        self._theatre = theatre
        self._sandbox = theatre.sandbox

    async def asks(self, account: Account, words: str) -> None:
        """The client's person writes in their channel."""
        await self._sandbox.post(account.person.user_id, account.channel, words)
        await self._theatre.settle()

    async def answers(self, person: Person, key: str, words: str) -> None:
        """Somebody writes in the thread of the client's ticket."""
        card = self._theatre.evidence.client_card(key)
        await self._sandbox.post(person.user_id, card.channel, words, thread_ts=card.thread_ts)
        await self._theatre.settle()

    async def proposes(self, account: Account, key: str, severity: str, label: str) -> None:
        """The client presses a severity on their card."""
        await self._press(
            account.person,
            self._theatre.evidence.client_card(key),
            ids.client_severity(severity),
            f"presses [{label}] on the card of {key}",
        )

    async def insists(self, account: Account, key: str, severity: str, label: str) -> None:
        """The same after staff have decided: only the one who pressed is told why it stands."""
        card = self._theatre.evidence.client_card(key)
        self._says_what(account.person, card, f"presses [{label}] on the card of {key} once more")
        user_id, action_id = account.person.user_id, ids.client_severity(severity)
        _accepted(await self._sandbox.press(user_id, card.channel, card.ts, action_id))
        await self._theatre.narrator.wait_for(lambda: self._theatre.narrator.has_ephemeral)
        await self._theatre.settle()

    async def says_not_solved(self, account: Account, key: str) -> None:
        await self._press(
            account.person,
            self._theatre.evidence.client_card(key),
            ids.NOT_SOLVED,
            f"presses [It's not solved] on the card of {key}",
        )

    async def takes(self, person: Person, key: str) -> None:
        card = self._theatre.evidence.triage_card(key)
        await self._press(person, card, ids.TAKE, f"presses [Take] on the card of {key}")

    async def decides(self, person: Person, key: str, severity: str, label: str) -> None:
        """Staff choose in the severity menu."""
        await self._press(
            person,
            self._theatre.evidence.triage_card(key),
            ids.TRIAGE_SEVERITY,
            f"chooses {label} in the menu on the card of {key}",
            value=ids.severity_choice(key, severity),
        )

    async def replies(self, person: Person, key: str, words: str) -> None:
        """An answer to the client, written in triage, and read once more before it is sent."""
        await self._dialog(person, key, ids.REPLY, {ids.WORDS: words})
        preview = self._sandbox.views_open(person.user_id)[-1]
        _accepted(await self._sandbox.submit(person.user_id, preview, {}))
        await self._theatre.settle()

    async def resolves(self, person: Person, key: str, words: str) -> None:
        await self._dialog(person, key, ids.RESOLVE, {ids.WORDS: words})

    async def records_answer(self, person: Person, key: str, words: str, given_at: str) -> None:
        """An answer that went by e-mail, with the wall time at which it went."""
        await self._dialog(person, key, ids.REPLY, {ids.WORDS: words, ids.GIVEN_AT: given_at})

    async def enters_report(
        self, person: Person, account: Account, words: str, reported_at: str
    ) -> None:
        """`/desk open`, for a report that came by e-mail."""
        cast = self._theatre.cast
        _accepted(await self._sandbox.command(person.user_id, cast.triage, "/desk", "open"))
        given = {
            ids.CLIENT: account.key,
            ids.SOURCE: "email",
            ids.REPORTED_BY: account.person.name,
            ids.REPORTED_AT: reported_at,
            ids.WORDS: words,
        }
        await self._fill_in(person, "types /desk open and", given)

    async def _press(
        self, person: Person, card: Card, action_id: str, what: str, value: str | None = None
    ) -> None:
        self._says_what(person, card, what)
        _accepted(
            await self._sandbox.press(person.user_id, card.channel, card.ts, action_id, value=value)
        )
        await self._theatre.settle()

    async def _dialog(
        self, person: Person, key: str, action_id: str, given: Mapping[str, str]
    ) -> None:
        card = self._theatre.evidence.triage_card(key)
        _accepted(await self._sandbox.press(person.user_id, card.channel, card.ts, action_id))
        await self._fill_in(person, "", given)

    async def _fill_in(self, person: Person, how: str, given: Mapping[str, str]) -> None:
        """Wait for the dialog, say what it asks and what is written, and send it."""
        await self._theatre.narrator.wait_for(
            lambda: bool(self._sandbox.views_open(person.user_id))
        )
        view = self._sandbox.views_open(person.user_id)[-1]
        self._theatre.screen.said(
            self._theatre.clock.now(),
            "#triage",
            person.name,
            f"{how} fills in “{view.title}”: {_entries(view, given)}".strip(),
            in_thread=False,
            style="italic",
        )
        values: dict[str | tuple[str, str], str] = {name: given[name] for name in given}
        _accepted(await self._sandbox.submit(person.user_id, view, values))
        await self._theatre.settle()

    def _says_what(self, person: Person, card: Card, what: str) -> None:
        cast = self._theatre.cast
        place = "#triage" if card.channel == cast.triage else f"#{card.key.split('-')[0].lower()}"
        self._theatre.screen.said(
            self._theatre.clock.now(),
            place,
            person.name,
            what,
            in_thread=card.thread_ts is not None,
            style="italic",
        )


def _accepted(outcome: Interaction) -> None:
    """The story goes on only if Slack and the bot took the gesture."""
    if not outcome.acked or outcome.error or outcome.errors:
        raise RuntimeError(f"a gesture of the demo was not taken: {outcome}")


def _entries(view: View, given: Mapping[str, str]) -> str:
    """Each answer under the label that the dialog gives its field, long words last."""
    fields = {block["block_id"]: block for block in view.blocks if block["type"] == "input"}
    short = [
        f"{fields[name]['label']['text']}: {_shown(fields[name], value)}"
        for name, value in given.items()
        if name != ids.WORDS
    ]
    return running_text([*short, f"{fields[ids.WORDS]['label']['text']}: “{given[ids.WORDS]}”"])


def _shown(field: Json, value: str) -> str:
    """A menu's option by its words."""
    options = field["element"].get("options", [])
    return next((one["text"]["text"] for one in options if one["value"] == value), value)
