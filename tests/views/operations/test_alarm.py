"""The text of each alarm, from the facts that the outbox stores."""

import json

import pytest

from bot.domain.operations import alarms
from bot.domain.operations.alarms import Alarm, Closed, Consequence, NamedPlace, PlaceKind
from bot.domain.operations.messages import AlarmMessage
from bot.domain.operations.stuck_rows import ClocksCrashed, ClocksUnrepaired, QueueName, RowStuck
from bot.views.operations.alarm import PLACE_ERRORS, alarm_words, place_words
from storage.repositories.operations.outbox_messages import facts_of, message_of

ACME = NamedPlace(PlaceKind.CLIENT, "CACME", "Acme")
TRIAGE = NamedPlace(PlaceKind.TRIAGE, "CTRIAGE")
ALARMS: list[tuple[Alarm, str]] = [
    (
        alarms.PlaceRefuses(
            NamedPlace(PlaceKind.PERSON, "UDANA", "Dana"), "user_disabled", Consequence.OTHERS_TOLD
        ),
        "I cannot write in a direct message to Dana (UDANA): this person's account is closed"
        " (user_disabled). They count as away from now on, and whoever is next is told instead:"
        " *deskbell staff remove* takes them off the list, */desk away @them no* says that they are"
        " back.",
    ),
    (
        alarms.PlaceRefuses(ACME, "is_archived", Consequence.WAITS_UNTIL_OPEN),
        "I cannot write in Acme's channel (CACME): it is archived (is_archived). What I owe there"
        " is said when I can write there again. If that cannot wait, please tell the people"
        " concerned yourself.",
    ),
    (
        alarms.PlaceRefuses(ACME, "restricted_action", Consequence.GIVEN_UP),
        "I cannot write in Acme's channel (CACME): a setting of the workspace forbids it"
        " (restricted_action). What I owed there is not said, and I do not try it again: please"
        " tell the people concerned yourself.",
    ),
    (
        alarms.PlaceRefuses(TRIAGE, "not_in_channel", Consequence.WAITS_A_DAY),
        "I cannot write in the triage channel (CTRIAGE): I am not a member of it (not_in_channel)."
        " What I owe there waits for a day and is said as soon as that is mended: please invite"
        " me.",
    ),
    (
        alarms.MessageRefused("card:1", "client_card", "ACME-1", ACME, "invalid_blocks"),
        "A message about ACME-1 (client card) could not be shown in Acme's channel (CACME)"
        " (invalid_blocks), and I do not try it again: please tell the people concerned yourself."
        " The log has more about it under card:1.",
    ),
    (
        alarms.MessageRefused("digest:1", "digest", None, TRIAGE, "msg_too_long"),
        "A message (digest) could not be shown in the triage channel (CTRIAGE) (msg_too_long), and"
        " I do not try it again: please tell the people concerned yourself. The log has more about"
        " it under digest:1.",
    ),
    (
        alarms.TokenRefused("token_revoked"),
        "Slack refused the app's token (token_revoked), and until that was mended I could say"
        " nothing. Nothing is lost: what was owed meanwhile is said now, late. Please look at what"
        " was due.",
    ),
    (
        alarms.ChannelIdTaken("Acme", "CACME", "CNEW", "Globex"),
        "Acme's channel has another id in Slack now (CNEW instead of CACME), and that is the"
        " channel of Globex here. I changed nothing: please look which of the two is in CNEW.",
    ),
    (
        alarms.SettingOutdated("DESKBELL_TRIAGE_CHANNEL", TRIAGE, "CNEW"),
        "The triage channel (CTRIAGE) has another id in Slack now: please set"
        " DESKBELL_TRIAGE_CHANNEL to CNEW and restart Deskbell. Until then I find my way there, but"
        " more slowly.",
    ),
    (
        alarms.ChannelClosed(ACME, Closed.ARCHIVED),
        "Acme's channel (CACME) was archived. I hear nothing there and can say nothing, and the"
        " clocks of its tickets go on. Please unarchive it, or agree with its people on another"
        " way; what I owe there is said as soon as it is open again.",
    ),
    (
        alarms.ChannelClosed(ACME, Closed.DELETED),
        "Acme's channel (CACME) was deleted, with all that was said in it. Its tickets stay in the"
        " triage channel and their clocks go on, but I cannot reach its people: please agree with"
        " them on another way.",
    ),
    (
        alarms.ChannelClosed(ACME, Closed.LEFT),
        "Acme's channel (CACME) is closed to me: I was removed from it. I hear nothing there and"
        " can say nothing, and the clocks of its tickets go on. Please invite me there again; what"
        " I owe there is said then, and what was written meanwhile is read from its history.",
    ),
    (
        alarms.DeliveryParked(7, "CACME", 5, "cafe"),
        "Something that Slack delivered in <#CACME> could not be worked, 5 times, so it may be"
        " missing in a ticket. Look for cafe in the log; once that is mended, run `deskbell inbox"
        " retry 7`. Until then look at the channel yourselves.",
    ),
    (
        alarms.DeliveryParked(7, "", 5, "cafe"),
        "Something that Slack delivered could not be worked, 5 times, so it may be missing in a"
        " ticket. Look for cafe in the log; once that is mended, run `deskbell inbox retry 7`."
        " Until then look at the channel yourselves.",
    ),
    (
        alarms.AccountClosed("UDANA", "Dana"),
        "The account of Dana (UDANA) in Slack is closed. They count as away from now on, and"
        " whoever is next is told instead: *deskbell staff remove* takes them off the list, */desk"
        " away @them no* says that they are back.",
    ),
    (
        alarms.SubscribedChannelShared("CSALES"),
        "The channel CSALES is shared with others now, so that I post no more digests there. Please"
        " choose another one with */desk subscribe*.",
    ),
    (
        alarms.PageNotTaken(),
        "A page is not taken by one of DESKBELL_PAGER_URLS: try the addresses with Apprise, and"
        " call whoever is on duty meanwhile.",
    ),
    (
        alarms.SlackSilent(),
        "For a minute Slack has delivered nothing of what happens there. I opened new connections,"
        " and what was written meanwhile I find in its history within minutes; what was pressed is"
        " lost, so please press it again. If /healthz is not well in five minutes, please see on"
        " the app's page that Event Subscriptions are on.",
    ),
    (
        RowStuck(QueueName.OUTBOX, 7, "card:1"),
        "The audit found that the message card:1 could go to Slack and is not sent: look in the log"
        " for what its worker runs into, and restart Deskbell if it says nothing.",
    ),
    (
        ClocksUnrepaired(7, "ACME-1"),
        "The audit found that the clocks of ACME-1 are not as its history gives them, and computing"
        " them anew does not help: please report it with the output of `deskbell export tickets"
        " --json`.",
    ),
    (
        ClocksCrashed(7),
        "The audit found that the clocks of ticket number 7 in the store cannot be computed: the"
        " log has the whole error.",
    ),
]


@pytest.mark.parametrize(("alarm", "words"), ALARMS)
def test_an_alarm_reads_the_same_after_it_was_stored(alarm: Alarm, words: str) -> None:
    stored = json.loads(json.dumps(facts_of(AlarmMessage(alarm))))
    assert message_of("alarm", stored, None) == AlarmMessage(alarm)
    assert alarm_words(alarm) == words


def test_every_kind_of_alarm_is_shown_here() -> None:
    assert {type(alarm) for alarm, _ in ALARMS} == set(alarms.KINDS.values())


def test_an_alarm_of_an_earlier_release_is_shown_as_it_was_stored() -> None:
    message = message_of("alarm", {"words": "Look at the log."}, None)
    assert isinstance(message, AlarmMessage)
    assert alarm_words(message.alarm) == "Look at the log."


def test_every_error_of_a_place_has_words() -> None:
    assert set(PLACE_ERRORS) == alarms.PLACE_ERRORS


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (NamedPlace(PlaceKind.MANAGERS, "CMANAGERS"), "the managers' channel (CMANAGERS)"),
        (NamedPlace(PlaceKind.PERSON, "UDANA"), "a direct message to UDANA (UDANA)"),
        (NamedPlace(PlaceKind.OTHER, "CSALES"), "the channel CSALES"),
    ],
)
def test_a_place_is_named_for_operators(place: NamedPlace, words: str) -> None:
    assert place_words(place) == words
