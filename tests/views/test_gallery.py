"""Tests that docs/cards.md shows every card as it is built now."""

import inspect
from importlib import import_module
from pkgutil import walk_packages
from typing import Any, get_type_hints

from bot import views
from bot.views.form import View
from bot.views.message import Message
from tests.views.drawing import WIDTH
from tests.views.gallery import COMMAND, PAGE, page, pictures


def test_the_page_matches_the_current_builders() -> None:
    renew = f"a card has changed: look at it, and renew the page with `{COMMAND}`"
    assert PAGE.read_text("utf-8") == page(), renew


def test_every_builder_is_in_the_gallery() -> None:
    """A builder is any function that returns a message, a dialog or a Home."""
    pieces = {"bot.views.blocks", "bot.views.form"}
    for_scripts = ("_json", "_export")
    names = {module.name for module in walk_packages(views.__path__, "bot.views.")} - pieces
    modules = [import_module(name) for name in names if not name.endswith(for_scripts)]
    builders = {
        f"{module.__name__}.{name}"
        for module in modules
        for name, made in vars(module).items()
        if inspect.isfunction(made)
        and made.__module__ == module.__name__
        and not name.startswith("_")
        and _return_type(made) in (Message, Message | None, View)
    }
    shown = {f"{picture.by.__module__}.{picture.by.__name__}" for picture in pictures()}
    buttons = {
        "bot.views.tickets.closing.reopen.not_solved",
        "bot.views.tickets.closing.withdraw.withdraw_button",
        "bot.views.escalation.ping.why_late",
    }  # returns the blocks of two cards
    assert builders - shown == buttons


def _return_type(made: Any) -> Any:
    return get_type_hints(made).get("return")


def test_no_line_is_wider_than_a_phone() -> None:
    drawings = [line for line in page().splitlines() if line.startswith("│")]
    assert {len(line) for line in drawings} == {WIDTH + 4}
