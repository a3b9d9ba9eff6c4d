"""The unhealthy parts of the desk, in words for operators."""

from collections.abc import Callable
from datetime import timedelta

from bot.domain.operations import health
from bot.domain.operations.health import Signs, ailing
from bot.views.operations.findings import finding_words


def ailments(signs: Signs) -> dict[str, str]:
    """Return the unhealthy parts, each with the problem and the remedy."""
    words = {part: _WORDS[part](signs) for part in ailing(signs)}
    return {part: problem for part, problem in words.items() if problem is not None}


def _auditor(signs: Signs) -> str:
    if signs.findings:
        return "the audit found that " + "; and that ".join(map(finding_words, signs.findings))
    return (
        f"the last audit was {age_words(signs.audited)} ago: look in the log for what keeps the"
        " auditor, and restart Deskbell if it says nothing"
    )


def _inbox(signs: Signs) -> str:
    return (
        f"what Slack delivered {age_words(signs.inbox)} ago is not worked yet: wait if much came at"
        " once, otherwise look in the log for what it runs into"
    )


def _outbox(signs: Signs) -> str:
    return (
        f"a message has been owed for {age_words(signs.outbox)}: wait if much is said in one"
        " channel, otherwise look in the log for what Slack answers"
    )


def _timers(signs: Signs) -> str:
    return (
        f"a deadline passed {age_words(signs.timers)} ago and nobody has been told: look in the log"
        " for what the ticker runs into, and restart Deskbell if it says nothing"
    )


_WORDS: dict[str, Callable[[Signs], str | None]] = {
    health.DATABASE: lambda signs: signs.database,
    health.SLACK: lambda signs: signs.slack,
    health.DELIVERIES: lambda signs: signs.deliveries,
    health.AUDITOR: _auditor,
    health.INBOX: _inbox,
    health.OUTBOX: _outbox,
    health.TIMERS: _timers,
}


def age_words(age: timedelta) -> str:
    """Return an age as "40 s", "4 min" or "3 h", rounded down."""
    minutes = age // timedelta(minutes=1)
    if minutes < 1:
        return f"{age // timedelta(seconds=1)} s"
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"
