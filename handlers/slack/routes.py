"""The route table: which interaction in Slack is handled where."""

import re

from slack_bolt.async_app import AsyncApp

from bot.views import ids
from handlers.slack.actions.buttons import Buttons
from handlers.slack.actions.out_of_use import OutOfUse
from handlers.slack.actions.shortcuts import Shortcuts
from handlers.slack.commands.commands import Commands
from handlers.slack.dialogs.agreement_dialogs import AgreementDialogs
from handlers.slack.dialogs.dialogs import Dialogs
from handlers.slack.dialogs.ticket_dialogs import OF_BUTTON
from handlers.slack.door import Door

ANY = re.compile("")


def register(app: AsyncApp, door: Door) -> None:
    """Register the handlers of interactions that need an immediate answer; the first match wins.

    Events go to the inbox instead (see `inbox_writer` and `events.ON_EVENT`).
    """
    buttons, dialogs, commands = Buttons(door), Dialogs(door), Commands(door)
    shortcuts, out_of_use = Shortcuts(door), OutOfUse(door)
    agreements = AgreementDialogs(door)

    app.action(re.compile(f"^{ids.CLIENT_SEVERITY}:"))(buttons.client_severity)
    app.action(ids.ASK)(buttons.ask)
    app.action(ids.NOT_SOLVED)(buttons.not_solved)
    app.action(ids.WITHDRAW)(buttons.withdraw)
    app.action(re.compile(f"^{ids.RATE}:[1-5]$"))(buttons.rate)
    app.action(ids.TAKE)(buttons.take)
    app.action(ids.TAKE_OVER)(buttons.take_over)
    app.action(ids.TRIAGE_SEVERITY)(buttons.triage_severity)
    for button, dialog in OF_BUTTON.items():
        app.action(button)(buttons.opens(dialog))
    app.action(ids.REOPEN)(buttons.reopen)
    app.action(ids.MORE)(buttons.more)
    app.action(re.compile(f"^{ids.MEANT}:"))(buttons.meant)

    app.view(ids.RESOLVE_VIEW)(dialogs.resolve)
    app.view(ids.REPLY_VIEW)(dialogs.reply)
    app.view(ids.PREVIEW_VIEW)(dialogs.previewed)
    app.view(ids.OPEN_VIEW)(dialogs.open)
    app.view(ids.ASK_VIEW)(dialogs.ask)
    app.view(ids.SEVERITY_VIEW)(dialogs.severity)
    app.view(ids.ASSIGN_VIEW)(dialogs.assign)
    app.view(ids.NOTE_VIEW)(dialogs.note)
    app.view(ids.CAUSE_VIEW)(dialogs.cause)
    app.view(ids.CATEGORY_VIEW)(dialogs.category)
    app.view(ids.MERGE_VIEW)(dialogs.merge)
    app.view(ids.SNOOZE_VIEW)(dialogs.snooze)

    app.view(ids.ADD_VIEW)(dialogs.add)
    app.view(ids.AGREE_VIEW)(agreements.agree)
    app.view(ids.AGREED_VIEW)(agreements.agreed)
    app.view(ids.TAKE_BACK_VIEW)(agreements.taken_back)

    app.shortcut(ids.OPEN_SHORTCUT)(shortcuts.open)
    app.shortcut(ids.ADD_SHORTCUT)(shortcuts.add)
    app.command("/desk")(commands.desk)

    app.action(ANY)(out_of_use.action)
    app.view(ANY)(out_of_use.sent)
    app.view({"type": "view_closed", "callback_id": ANY})(out_of_use.closed)
    app.options(ANY)(out_of_use.options)
    app.command(ANY)(out_of_use.command)
    app.shortcut(ANY)(out_of_use.shortcut)
