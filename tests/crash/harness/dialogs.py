"""Fill in and send dialogs while the bot crashes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bot.sandbox import Interaction, View
from tests.ids import PREVIEW_VIEW, SEVERITY

if TYPE_CHECKING:
    from tests.crash.harness.world import World

PATIENCE_SECONDS = 30.0


async def send(
    at: World,
    user: str,
    open_it: Callable[[], Awaitable[Interaction]],
    given: Mapping[str, Any],
    key: str,
) -> None:
    """Open the dialog about a ticket ("" for none) and send it, as often as necessary."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await _sent(at, user, await _opened(at, user, open_it, key), given):
            pass


async def _opened(
    at: World, user: str, open_it: Callable[[], Awaitable[Interaction]], key: str
) -> View:
    await _close_all_but(at, user, None)
    while (view := await at.opened(user, open_it)).private_metadata != key:
        await _close_all_but(at, user, None)
    return view


async def _sent(at: World, user: str, view: View, given: Mapping[str, Any]) -> bool:
    """Return False, and do nothing, if another dialog has replaced the given dialog."""
    values: dict[str | tuple[str, str], Any] = dict(given.items())
    while True:
        await _close_all_but(at, user, view)
        if not _is_open(at, user, view):
            return await at.is_done(view)
        asked = {block.get("block_id") for block in view.blocks}
        if (
            SEVERITY not in asked
        ):  # it has a ticket by now: the dialog was sent, the answer was lost
            values.pop(SEVERITY, None)
        done = await at.sandbox.submit(user, view, values)
        if done.acked:
            break
        await asyncio.sleep(0.01)
    if is_preview(top := at.sandbox.views_open(user)[-1:]):
        return await _sent(at, user, top[0], {})
    if done.errors:  # it was done, and the answer was lost
        await at.sandbox.close_view(user, view)
    return True


def is_preview(views: Sequence[View]) -> bool:
    """Return whether the top dialog is a preview that asks for confirmation."""
    return bool(views) and views[-1].callback_id == PREVIEW_VIEW


def _is_open(at: World, user: str, view: View) -> bool:
    return view.view_id in [open_view.view_id for open_view in at.sandbox.views_open(user)]


async def _close_all_but(at: World, user: str, wanted: View | None) -> None:
    """Close other dialogs. A dialog may open after a second request for it, and replace another."""
    while views := at.sandbox.views_open(user):
        if wanted is not None and views[-1].view_id == wanted.view_id:
            return
        await at.sandbox.close_view(user, views[-1])
