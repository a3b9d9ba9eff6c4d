"""The route table: it connects each interaction in Slack with its feature."""

import re

from slack_bolt.async_app import AsyncApp

from bot.views.ids import MORE
from handlers.slack.desk_command import DeskCommand
from handlers.slack.door import Door
from handlers.slack.features import FEATURES
from handlers.slack.interactions import Interactions
from handlers.slack.out_of_use import OutOfUse

ANY = re.compile("")


def register(app: AsyncApp, door: Door) -> None:
    """Register the handlers of interactions that need an immediate answer; the first match wins.

    Events go to the inbox instead (see `inbox_writer` and `events.ON_EVENT`).
    """
    interactions, out_of_use = Interactions(door), OutOfUse(door)
    for feature in FEATURES:
        for action_id, does in feature.buttons.items():
            app.action(action_id)(interactions.click(does))
        for callback_id, submits in feature.submissions.items():
            app.view(callback_id)(interactions.submission(submits))
        for callback_id, shortcut in feature.shortcuts.items():
            app.shortcut(callback_id)(interactions.shortcut(shortcut))
    choices = {name: does for feature in FEATURES for name, does in feature.choices.items()}
    app.action(MORE)(interactions.choice(choices))
    app.command("/desk")(DeskCommand(door).desk)

    app.action(ANY)(out_of_use.action)
    app.view(ANY)(out_of_use.sent)
    app.view({"type": "view_closed", "callback_id": ANY})(out_of_use.closed)
    app.options(ANY)(out_of_use.options)
    app.command(ANY)(out_of_use.command)
    app.shortcut(ANY)(out_of_use.shortcut)
