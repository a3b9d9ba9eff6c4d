"""Dialogs that are filled in and sent while the bot dies."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.sandbox import Interaction, View
from tests.crash.world import World


async def send(
    at: World,
    user: str,
    open_it: Callable[[], Awaitable[Interaction]],
    given: Mapping[str, Any],
    key: str,
) -> None:
    """Open the dialog about a ticket ("" for none) and send it, as often as it takes."""
    await _close_all_but(at, user, None)
    while (view := await at.opened(user, open_it)).private_metadata != key:
        await _close_all_but(at, user, None)
    values: dict[str | tuple[str, str], Any] = dict(given.items())

    async def submit() -> Interaction:
        await _close_all_but(at, user, view)
        return await at.sandbox.submit(user, view, values)

    done = await at.until_answered(submit)
    if done.errors:  # it had been done, and the answer was lost
        await at.sandbox.close_view(user, view)


async def _close_all_but(at: World, user: str, wanted: View | None) -> None:
    """A dialog may come after it was given up and asked for again."""
    for view in reversed(at.sandbox.views_open(user)):
        if wanted is None or view.view_id != wanted.view_id:
            await at.sandbox.close_view(user, view)
