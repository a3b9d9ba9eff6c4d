"""The parts of a feature: the interactions in Slack by which people use it.

A feature names its interactions and gives a function for each. `interactions` acknowledges them,
runs the functions in a transaction, and shows the results.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from re import Pattern

from bot.domain.ids import ChannelId, UserId
from bot.domain.tickets.ticket_view import TicketView
from bot.json_types import Json
from bot.slack_ts import MessageTs
from bot.usecases.desk import Desk
from bot.usecases.reports.subscriptions import Place
from bot.usecases.tickets.ticket_views import view_ticket_for_staff
from bot.views.ids import WORDS
from bot.views.message import Message

Answer = str | Message | Json  # Json is a dialog to open
OnEvent = Callable[[Desk, Json], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Click:
    """A click on a button, or a choice in a menu.

    `value` is the value of the button or of the chosen option. A choice in the ⋯ menu of a card has
    the ticket key as its value, like most buttons.
    """

    actor: UserId
    channel_id: ChannelId
    action_id: str
    block_id: str
    value: str


@dataclass(frozen=True, slots=True)
class Acts:
    """A click that changes something; `use_case` returns a sentence for the person, or None."""

    use_case: Callable[[Desk, Click], Awaitable[str | None]]


@dataclass(frozen=True, slots=True)
class Opens:
    """A click that opens a dialog."""

    dialog: Callable[[Desk, Click], Awaitable[Json]]


def opens_about_ticket(dialog: Callable[[Desk, TicketView], Awaitable[Json]]) -> Opens:
    """Return a click that opens a dialog about its ticket, for staff."""

    async def opened(desk: Desk, click: Click) -> Json:
        return await dialog(desk, await view_ticket_for_staff(desk, click.value, click.actor))

    return Opens(opened)


@dataclass(frozen=True, slots=True)
class Submission:
    """A submitted dialog: its private metadata, and the values of its inputs ("" for empty).

    `id` is the same in repeated deliveries of the submission.
    """

    actor: UserId
    id: str
    metadata: str
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Saves:
    """A submission that changes something and closes the dialog.

    A refusal is shown beside the input `field`, or beside `time_field` if it is about a time; the
    dialog stays open.
    """

    use_case: Callable[[Desk, Submission], Awaitable[object]]
    field: str = WORDS
    time_field: str = WORDS


@dataclass(frozen=True, slots=True)
class Previews:
    """A submission that shows its consequences in a second dialog; refusals as in `Saves`."""

    dialog: Callable[[Desk, Submission], Awaitable[Json]]
    field: str = WORDS
    time_field: str = WORDS


@dataclass(frozen=True, slots=True)
class Confirms:
    """A submission that changes something and closes all dialogs.

    Its dialog has no input to show a refusal beside, so the refusal replaces the dialog.
    """

    use_case: Callable[[Desk, Submission], Awaitable[object]]


Submits = Saves | Previews | Confirms


@dataclass(frozen=True, slots=True)
class ChosenMessage:
    """A message on which a person chose a shortcut; `words` are as they were typed."""

    actor: UserId
    channel_id: ChannelId
    ts: MessageTs
    words: str


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A shortcut in the menu of a message. Slack offers it only in the vendor's own workspace.

    `use_case`, if any, runs first; if it returns a sentence for the person, no dialog opens.
    """

    dialog: Callable[[Desk, ChosenMessage], Awaitable[Json]]
    use_case: Callable[[Desk, ChosenMessage], Awaitable[str | None]] | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """The input of a word of `/desk`: the ticket's key, if any, and the rest as it was typed."""

    actor: UserId
    key: str
    rest: str
    place: Place | None = None  # the channel, for words that need it


@dataclass(frozen=True, slots=True)
class Word:
    """A word of `/desk`.

    `usage` follows the word itself. `changes` gives it a writing transaction.
    """

    name: str
    usage: str
    meaning: str
    answer: Callable[[Desk, Asked], Awaitable[Answer]]
    changes: bool = False
    needs_place: bool = False

    @property
    def is_about_a_ticket(self) -> bool:
        return self.usage.startswith("KEY")


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature with its interactions.

    `buttons` are buttons and menus by action ID (or by its pattern), `choices` are the options of
    the ⋯ menu of a card or ping by their names, and `submissions` are dialogs by callback ID. A
    submission may be a function, for a dialog that has several forms. `events` come through the
    inbox, by the types of Slack's Events API; their functions return a sentence for the record.
    """

    name: str
    buttons: Mapping[str | Pattern[str], Acts | Opens] = field(default_factory=dict)
    choices: Mapping[str, Acts | Opens] = field(default_factory=dict)
    submissions: Mapping[str, Submits | Callable[[Submission], Submits]] = field(
        default_factory=dict
    )
    shortcuts: Mapping[str, Shortcut] = field(default_factory=dict)
    events: Mapping[str, OnEvent] = field(default_factory=dict)
    words: tuple[Word, ...] = ()
