"""Tests of the health report."""

import re
from datetime import timedelta

import pytest

from bot.domain.operations.health import (
    AUDIT_WITHIN,
    INBOX_WITHIN,
    OUTBOX_WITHIN,
    PARTS,
    TIMERS_WITHIN,
    AppTokenRefused,
    BotTokenRefused,
    DatabaseSilent,
    NotConnected,
    NothingDelivered,
    Signs,
)
from bot.domain.operations.stuck_rows import ClocksCrashed
from bot.errors import StoreProblem, StoreTrouble
from bot.views.operations.health import age_words, ailments
from bot.views.refusals import sentence_of

SECOND = timedelta(seconds=1)


def test_a_healthy_desk_reports_no_problem() -> None:
    at_the_bounds = Signs(
        audited=AUDIT_WITHIN, inbox=INBOX_WITHIN, outbox=OUTBOX_WITHIN, timers=TIMERS_WITHIN
    )
    assert ailments(at_the_bounds) == {}


@pytest.mark.parametrize(
    ("signs", "part", "begins"),
    [
        (Signs(database=StoreProblem.DISK_FULL), "database", "the disk is full: free some"),
        (
            Signs(database=DatabaseSilent(5.0)),
            "database",
            "the database has not answered for 5 s: see whether it can be reached, and whether",
        ),
        (Signs(slack=NotConnected()), "slack", "no connection to Slack is open, and a new"),
        (
            Signs(slack=AppTokenRefused("invalid_auth")),
            "slack",
            "SLACK_APP_TOKEN is not accepted by Slack (invalid_auth): create one with",
        ),
        (
            Signs(slack=BotTokenRefused("token_revoked", None)),
            "slack",
            "Slack refuses the app's token (token_revoked), so nothing is said and all that",
        ),
        (
            Signs(slack=BotTokenRefused("missing_scope", "chat:write")),
            "slack",
            "Slack refuses the app's token (missing_scope, it lacks chat:write), so nothing",
        ),
        (Signs(deliveries=NothingDelivered()), "deliveries", "Slack takes what I write and"),
        (Signs(audited=AUDIT_WITHIN + SECOND), "auditor", "the last audit was 3 min ago: look"),
        (
            Signs(findings=(ClocksCrashed(7), ClocksCrashed(8))),
            "auditor",
            "the audit found that the clocks of ticket number 7 in the store cannot be computed:"
            " the log has the whole error; and that the clocks of ticket number 8 in",
        ),
        (Signs(inbox=INBOX_WITHIN + SECOND), "inbox", "what Slack delivered 2 min ago is not"),
        (Signs(outbox=timedelta(hours=3)), "outbox", "a message has been owed for 3 h: wait"),
        (Signs(timers=TIMERS_WITHIN + SECOND), "timers", "a deadline passed 2 min ago and"),
    ],
)
def test_each_symptom_is_reported_for_its_component_in_words(
    signs: Signs, part: str, begins: str
) -> None:
    [(name, words)] = ailments(signs).items()
    assert name == part
    assert name in PARTS
    assert words.startswith(begins)


@pytest.mark.parametrize("problem", StoreProblem)
def test_each_problem_of_the_database_has_a_remedy(problem: StoreProblem) -> None:
    words = sentence_of(StoreTrouble(problem))
    assert re.fullmatch(r"[^:]+: .+", words)
    assert ailments(Signs(database=problem)) == {"database": words}


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=59.9), "59 s"),
        (timedelta(seconds=60), "1 min"),
        (timedelta(minutes=119), "119 min"),
        (timedelta(minutes=120), "2 h"),
    ],
)
def test_an_age_is_written_in_suitable_units(age: timedelta, words: str) -> None:
    assert age_words(age) == words
