"""Subscribe a channel to the digest of a client or plan."""

from bot.domain.reports.refusals import ChannelUnknown
from bot.usecases.desk import Desk
from bot.usecases.reports.subscriptions import subscribe, subscribed, unsubscribe
from bot.views.reports import subscribe as view
from handlers.slack.feature import Answer, Asked, Feature, Word


async def _answer(desk: Desk, asked: Asked) -> Answer:
    if not asked.rest:
        return view.subscriptions(await subscribed(desk, asked.actor))
    if asked.place is None:
        raise ChannelUnknown
    if asked.rest.lower() == "no":
        await unsubscribe(desk, asked.actor, asked.place.channel_id)
        return view.UNSUBSCRIBED
    return view.subscribed(await subscribe(desk, asked.actor, asked.place, asked.rest))


FEATURE = Feature(
    "subscribe",
    words=(Word("subscribe", view.USAGE, view.MEANING, _answer, changes=True, needs_place=True),),
)
