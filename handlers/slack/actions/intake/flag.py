"""Flag a message with a :ticket: reaction, which opens a ticket or adds to it."""

from bot.domain.intake.flags import FLAGS
from bot.json_types import Json
from bot.slack_ts import MessageTs
from bot.usecases.desk import Desk
from bot.usecases.intake.flag import flag
from handlers.slack.feature import Feature


async def _on_reaction_added(desk: Desk, event: Json) -> str:
    item = event["item"]
    if event["reaction"] not in FLAGS or item.get("type") != "message":
        return "a reaction that asks for nothing"
    channel = await desk.work.channels.current(item["channel"])
    ts, flagged_at = MessageTs.parse(item["ts"]), MessageTs.parse(event["event_ts"]).instant
    return await flag(desk, channel, ts, event["user"], flagged_at)


FEATURE = Feature("flag", events={"reaction_added": _on_reaction_added})
