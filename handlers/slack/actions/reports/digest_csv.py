"""Send the digest or the review of past days as a file."""

from bot.usecases.desk import Desk
from bot.usecases.reports.digest import send_as_csv
from bot.views.reports import digest_csv as view
from handlers.slack.actions.reports.digest import reviewed_days
from handlers.slack.feature import Answer, Asked, Feature, Word


async def _answer(desk: Desk, asked: Asked) -> Answer:
    await send_as_csv(desk, asked.actor, reviewed_days("csv", asked.rest))
    return view.FILE_ON_ITS_WAY


FEATURE = Feature(
    "digest_csv", words=(Word("csv", view.USAGE, view.MEANING, _answer, changes=True),)
)
