"""Show the App Home."""

from bot.json_types import Json
from bot.usecases.desk import Desk
from bot.usecases.reports.homes import home_opened
from handlers.slack.feature import Feature


async def _on_home_opened(desk: Desk, event: Json) -> str:
    """Handle `app_home_opened`, which Slack also sends for the Messages tab."""
    if event.get("tab") != "home":
        return "not the Home tab"
    return await home_opened(desk, event["user"])


FEATURE = Feature("home", events={"app_home_opened": _on_home_opened})
