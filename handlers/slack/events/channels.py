"""Events about channels and the app itself, read from the inbox."""

from collections.abc import Awaitable, Callable
from functools import partial

from bot.domain.operations.alarms import Closed
from bot.json_types import Json
from bot.usecases.desk import Desk
from bot.usecases.operations.channels import (
    channel_closed,
    channel_id_changed,
    channel_opened,
)
from bot.usecases.operations.delivery_failures import token_refused
from bot.usecases.reports.subscriptions import no_longer_ours


async def on_id_changed(desk: Desk, event: Json) -> str:
    return await channel_id_changed(desk, event["old_channel_id"], event["new_channel_id"])


async def on_closed(desk: Desk, event: Json, *, why: Closed) -> str:
    return await channel_closed(desk, event["channel"], why)


async def on_opened(desk: Desk, event: Json) -> str:
    return await channel_opened(desk, event["channel"])


async def on_renamed(_: Desk, event: Json) -> str:
    """Log a new channel name; `channel` is an object here, and no record stores the name."""
    return f"{event['channel']['id']} is called {event['channel'].get('name')} now"


async def on_shared(desk: Desk, event: Json) -> str:
    await no_longer_ours(desk, event["channel"])
    return f"{event['channel']} is shared with {event.get('connected_team_id')}"


async def on_unshared(_: Desk, event: Json) -> str:
    return (
        f"{event['channel']} is no longer shared with {event.get('previously_connected_team_id')}"
    )


async def on_tokens_revoked(desk: Desk, event: Json) -> str:
    """Handle revoked tokens: `tokens` lists the users' and the bots' tokens separately."""
    if not event.get("tokens", {}).get("bot"):
        return "not the bot's token"
    return await on_uninstalled(desk, event)


async def on_uninstalled(desk: Desk, event: Json) -> str:
    """Raise the alarm that the token is refused.

    Sending the alarm fails at once, and the failure puts the problem in the log and on the health
    pages.
    """
    await token_refused(desk, event["type"])
    return "the app's token is refused from now on, the operators are told"


OnEvent = Callable[[Desk, Json], Awaitable[str]]
_OF_CHANNEL: dict[str, OnEvent] = {
    "archive": partial(on_closed, why=Closed.ARCHIVED),
    "deleted": partial(on_closed, why=Closed.DELETED),
    "left": partial(on_closed, why=Closed.LEFT),
    "rename": on_renamed,
    "unarchive": on_opened,
}
ON_EVENT: dict[str, OnEvent] = {
    **{f"channel_{what}": on_event for what, on_event in _OF_CHANNEL.items()},
    **{f"group_{what}": on_event for what, on_event in _OF_CHANNEL.items()},  # a private channel
    "app_uninstalled": on_uninstalled,
    "channel_id_changed": on_id_changed,
    "channel_shared": on_shared,
    "channel_unshared": on_unshared,
    "member_joined_channel": on_opened,  # of the bot alone: see `events.handle`
    "member_left_channel": partial(on_closed, why=Closed.LEFT),
    "tokens_revoked": on_tokens_revoked,
}
