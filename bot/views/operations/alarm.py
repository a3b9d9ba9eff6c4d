"""The alarm that operators read in the managers' channel."""

from functools import singledispatch

from bot.domain.operations import alarms
from bot.domain.operations.alarms import Closed, Consequence, NamedPlace, PlaceKind
from bot.domain.operations.stuck_rows import ClocksCrashed, ClocksUnrepaired, RowStuck
from bot.views.blocks import SECTION_TEXT, section
from bot.views.message import Message
from bot.views.operations.findings import finding_words
from bot.views.text import clip

FIRST = ":rotating_light: *Deskbell needs a hand.*"

PLACE_ERRORS = {
    "cannot_dm_bot": "it is a bot",
    "channel_not_found": "it is not there any more, or it is private and I am not in it",
    "is_archived": "it is archived",
    "is_inactive": "it is archived",
    "messages_tab_disabled": "messages to the app are switched off on its page, App Home",
    "missing_scope": "the app lacks a permission for it, and deskbell manifest lists them all",
    "not_in_channel": "I am not a member of it",
    "restricted_action": "a setting of the workspace forbids it",
    "restricted_action_non_threadable_channel": "a setting of the channel forbids it",
    "restricted_action_read_only_channel": "the channel is read-only",
    "restricted_action_thread_only_channel": "the channel takes answers in threads only",
    "user_disabled": "this person's account is closed",
    "user_not_found": "there is no such person",
}
_OTHERS_TOLD = (
    "They count as away from now on, and whoever is next is told instead: *deskbell staff remove*"
    " takes them off the list, */desk away @them no* says that they are back."
)
_CONSEQUENCES = {
    Consequence.OTHERS_TOLD: _OTHERS_TOLD,
    Consequence.WAITS_UNTIL_OPEN: (
        "What I owe there is said when I can write there again. If that cannot wait, please tell"
        " the people concerned yourself."
    ),
    Consequence.WAITS_A_DAY: (
        "What I owe there waits for a day and is said as soon as that is mended: please invite me."
    ),
    Consequence.GIVEN_UP: (
        "What I owed there is not said, and I do not try it again: please tell the people concerned"
        " yourself."
    ),
}
_CLOSED = {
    Closed.ARCHIVED: (
        "was archived. I hear nothing there and can say nothing, and the clocks of its tickets go"
        " on. Please unarchive it, or agree with its people on another way; what I owe there is"
        " said as soon as it is open again."
    ),
    Closed.DELETED: (
        "was deleted, with all that was said in it. Its tickets stay in the triage channel and"
        " their clocks go on, but I cannot reach its people: please agree with them on another way."
    ),
    Closed.LEFT: (
        "is closed to me: I was removed from it. I hear nothing there and can say nothing, and the"
        " clocks of its tickets go on. Please invite me there again; what I owe there is said then,"
        " and what was written meanwhile is read from its history."
    ),
}


def alarm(words: str) -> Message:
    """Return an alarm with `words` as plain sentences; they are escaped, so they contain no mention
    and no link."""
    text = f"{FIRST} {clip(words, SECTION_TEXT - 100)}"
    return Message(text, [section(text)])


@singledispatch
def alarm_words(alarm: object) -> str:
    """Return plain sentences that describe the fault, its effect and the remedy."""
    raise NotImplementedError(f"{type(alarm).__name__} has no sentence in bot.views")


def place_words(place: NamedPlace) -> str:
    """Return a channel, or a person's direct messages, in words for the operators."""
    channel, name = place.channel, place.name
    match place.kind:
        case PlaceKind.TRIAGE:
            return f"the triage channel ({channel})"
        case PlaceKind.MANAGERS:
            return f"the managers' channel ({channel})"
        case PlaceKind.PERSON:
            return f"a direct message to {name or channel} ({channel})"
        case PlaceKind.CLIENT:
            return f"{name}'s channel ({channel})"
        case PlaceKind.OTHER:
            return f"the channel {channel}"


def _place_first(place: NamedPlace) -> str:
    """Return the place with a capital first letter."""
    words = place_words(place)
    return words[:1].upper() + words[1:]


@alarm_words.register
def _(alarm: alarms.PlaceRefuses) -> str:
    meaning = PLACE_ERRORS[alarm.error]
    return (
        f"I cannot write in {place_words(alarm.place)}: {meaning} ({alarm.error})."
        f" {_CONSEQUENCES[alarm.consequence]}"
    )


@alarm_words.register
def _(alarm: alarms.MessageRefused) -> str:
    kind = alarm.kind.replace("_", " ")
    about = f"about {alarm.ticket} " if alarm.ticket else ""
    return (
        f"A message {about}({kind}) could not be shown in {place_words(alarm.place)}"
        f" ({alarm.error}), and I do not try it again: please tell the people concerned yourself."
        f" The log has more about it under {alarm.key}."
    )


@alarm_words.register
def _(alarm: alarms.TokenRefused) -> str:
    return (
        f"Slack refused the app's token ({alarm.error}), and until that was mended I could say"
        " nothing. Nothing is lost: what was owed meanwhile is said now, late. Please look at what"
        " was due."
    )


@alarm_words.register
def _(alarm: alarms.ChannelIdTaken) -> str:
    return (
        f"{alarm.client}'s channel has another id in Slack now ({alarm.new_id} instead of"
        f" {alarm.channel}), and that is the channel of {alarm.other} here. I changed nothing:"
        f" please look which of the two is in {alarm.new_id}."
    )


@alarm_words.register
def _(alarm: alarms.SettingOutdated) -> str:
    return (
        f"{_place_first(alarm.place)} has another id in Slack now: please set {alarm.setting} to"
        f" {alarm.new_id} and restart Deskbell. Until then I find my way there, but more slowly."
    )


@alarm_words.register
def _(alarm: alarms.ChannelClosed) -> str:
    return f"{_place_first(alarm.place)} {_CLOSED[alarm.why]}"


@alarm_words.register
def _(alarm: alarms.DeliveryParked) -> str:
    place = f" in <#{alarm.channel}>" if alarm.channel else ""
    return (
        f"Something that Slack delivered{place} could not be worked, {alarm.attempts} times, so it"
        f" may be missing in a ticket. Look for {alarm.reference} in the log; once that is mended,"
        f" run `deskbell inbox retry {alarm.row_id}`. Until then look at the channel yourselves."
    )


@alarm_words.register
def _(alarm: alarms.AccountClosed) -> str:
    return f"The account of {alarm.name} ({alarm.user_id}) in Slack is closed. {_OTHERS_TOLD}"


@alarm_words.register
def _(alarm: alarms.SubscribedChannelShared) -> str:
    return (
        f"The channel {alarm.channel} is shared with others now, so that I post no more digests"
        " there. Please choose another one with */desk subscribe*."
    )


@alarm_words.register
def _(_alarm: alarms.PageNotTaken) -> str:
    return (
        "A page is not taken by one of DESKBELL_PAGER_URLS: try the addresses with"
        " Apprise, and call whoever is on duty meanwhile."
    )


@alarm_words.register
def _(_alarm: alarms.SlackSilent) -> str:
    return (
        "For a minute Slack has delivered nothing of what happens there. I opened new connections,"
        " and what was written meanwhile I find in its history within minutes; what was pressed is"
        " lost, so please press it again. If /healthz is not well in five minutes, please see on"
        " the app's page that Event Subscriptions are on."
    )


@alarm_words.register(RowStuck)
@alarm_words.register(ClocksUnrepaired)
@alarm_words.register(ClocksCrashed)
def _(finding: RowStuck | ClocksUnrepaired | ClocksCrashed) -> str:
    return f"The audit found that {finding_words(finding)}."


@alarm_words.register
def _(alarm: alarms.WordedAlarm) -> str:
    return alarm.words
