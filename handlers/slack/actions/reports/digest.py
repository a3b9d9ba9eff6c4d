"""Look up the digest as of now, or the review of past days."""

from bot.domain.reports.refusals import NoSuchDays
from bot.usecases.desk import Desk
from bot.usecases.reports.digest import ATTAINMENT_DAYS, digest_now, review
from bot.views.reports import digest as view
from handlers.slack.feature import Answer, Asked, Feature, Word

REVIEWED = {"yesterday": 1, "week": 7, "month": 30}  # whole days before today


async def _answer(desk: Desk, asked: Asked) -> Answer:
    days = reviewed_days("digest", asked.rest)
    if days is None:
        return view.digest(await digest_now(desk, asked.actor), ATTAINMENT_DAYS)
    return view.review_message(await review(desk, asked.actor, days))


def reviewed_days(word: str, rest: str) -> int | None:
    """Return the number of whole days before today that were asked for, None for no input.

    `word` is the word of `/desk` that they follow. Raises Refusal for other input.
    """
    when = rest.lower()
    if when and when not in REVIEWED:
        raise NoSuchDays(word, tuple(REVIEWED))
    return REVIEWED.get(when)


FEATURE = Feature("digest", words=(Word("digest", view.USAGE, view.MEANING, _answer),))
