"""The unhealthy parts of the desk, in words for operators."""

from datetime import timedelta
from typing import assert_never

from bot.domain.operations import health
from bot.domain.operations.health import (
    DatabaseProblem,
    HealthProblem,
    Signs,
    SlackProblem,
    health_problems,
)
from bot.errors import StoreProblem
from bot.views.operations.findings import finding_words

WELL = "Deskbell is well."
READY = "Deskbell is ready."
_STORE_PROBLEMS = {
    StoreProblem.DISK_FULL: "the disk is full: free some space where the database is",
    StoreProblem.READ_ONLY: (
        "the database is read-only: let Deskbell write to it again (its file and folder, its file"
        " system, or its role on the server)"
    ),
    StoreProblem.UNREACHABLE: (
        "the database cannot be reached: see that its server runs and answers at DATABASE_URL"
    ),
    StoreProblem.LOCKED: "another program holds the database locked: find it and let it go",
    StoreProblem.DISK_FAILS: "the disk under the database fails: look at the machine's log",
    StoreProblem.DAMAGED: ("the database is damaged: stop Deskbell and restore the newest backup"),
    StoreProblem.TOO_MANY_CONNECTIONS: (
        "the database has no room for another connection: raise its limit, or run fewer replicas"
    ),
    StoreProblem.OUT_OF_MEMORY: "the database's server is short of memory: look at its log",
    StoreProblem.TRANSACTION_STALLED: (
        "Deskbell stood still in the middle of its work: see what burdens the machine"
    ),
}


def ailments(signs: Signs) -> dict[str, str]:
    """Return the unhealthy parts, each with the problem and the remedy."""
    return {part: problem_words(problem) for part, problem in health_problems(signs).items()}


def problem_words(problem: HealthProblem) -> str:
    """Return the problem and the remedy, without a full stop."""
    match problem:
        case StoreProblem() | health.DatabaseSilent():
            return _database(problem)
        case health.BotTokenRefused() | health.AppTokenRefused() | health.NotConnected():
            return _slack(problem)
        case health.NothingDelivered():
            return (
                "Slack takes what I write and delivers nothing of what happens there: see on your"
                " app's page that Event Subscriptions are on, and status.slack.com for whether"
                " others miss events too"
            )
        case health.FaultsFound(findings):
            return "the audit found that " + "; and that ".join(map(finding_words, findings))
        case _:
            return _late(problem)


def store_problem(problem: StoreProblem) -> str:
    """Return the problem of the database and the remedy, without a full stop."""
    return _STORE_PROBLEMS[problem]


def app_token_refused(error: str) -> str:
    """Return the problem with the app-level token and the remedy, without a full stop."""
    return (
        f"SLACK_APP_TOKEN is not accepted by Slack ({error}): create one with connections:write on"
        " your app's page, Basic Information"
    )


def _database(problem: DatabaseProblem) -> str:
    match problem:
        case StoreProblem():
            return store_problem(problem)
        case health.DatabaseSilent(seconds):
            return (
                f"the database has not answered for {seconds:.0f} s: see whether it can be"
                " reached, and whether another program holds it locked"
            )
        case _:
            assert_never(problem)


def _slack(problem: SlackProblem) -> str:
    match problem:
        case health.NotConnected():
            return (
                "no connection to Slack is open, and a new one is tried every few seconds: see"
                " whether this machine reaches Slack, and what the log says"
            )
        case health.AppTokenRefused(error):
            return app_token_refused(error)
        case health.BotTokenRefused(error, needed):
            lacks = f", it lacks {needed}" if needed else ""
            return (
                f"Slack refuses the app's token ({error}{lacks}), so nothing is said and all that"
                " is owed waits: install the app again from its page, and restart Deskbell with"
                " the new token if Slack gives it another one"
            )
        case _:
            assert_never(problem)


def _late(
    problem: health.AuditLate | health.DeliveriesLate | health.MessagesLate | health.TimersLate,
) -> str:
    age = age_words(problem.age)
    match problem:
        case health.AuditLate():
            return (
                f"the last audit was {age} ago: look in the log for what keeps the auditor, and"
                " restart Deskbell if it says nothing"
            )
        case health.DeliveriesLate():
            return (
                f"what Slack delivered {age} ago is not worked yet: wait if much came at once,"
                " otherwise look in the log for what it runs into"
            )
        case health.MessagesLate():
            return (
                f"a message has been owed for {age}: wait if much is said in one channel,"
                " otherwise look in the log for what Slack answers"
            )
        case health.TimersLate():
            return (
                f"a deadline passed {age} ago and nobody has been told: look in the log for what"
                " the ticker runs into, and restart Deskbell if it says nothing"
            )
        case _:
            assert_never(problem)


def age_words(age: timedelta) -> str:
    """Return an age as "40 s", "4 min" or "3 h", rounded down."""
    minutes = age // timedelta(minutes=1)
    if minutes < 1:
        return f"{age // timedelta(seconds=1)} s"
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"
