"""Flag a message with a :ticket: reaction, which opens a ticket or adds to it."""

from bot.domain.intake.flags import FLAGS
from bot.json_types import Json
from bot.slack_ts import instant_of
from bot.usecases.desk import Desk
from bot.usecases.intake.flag import flag
from handlers.slack.feature import Feature


async def _on_reaction_added(desk: Desk, event: Json) -> str:
    item = event["item"]
    if event["reaction"] not in FLAGS or item.get("type") != "message":
        return "a reaction that asks for nothing"
    channel = await desk.work.channels.current(item["channel"])
    return await flag(desk, channel, item["ts"], event["user"], instant_of(event["event_ts"]))


FEATURE = Feature("flag", events={"reaction_added": _on_reaction_added})
