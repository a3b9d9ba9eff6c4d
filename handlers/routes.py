"""Which gesture in Slack leads where: the whole table."""

import re

from slack_bolt.async_app import AsyncApp

from bot.views import ids
from handlers.buttons import Buttons
from handlers.commands import Commands
from handlers.dialogs import Dialogs
from handlers.door import Door
from handlers.inbox import Inbox


def register(app: AsyncApp, inbox: Inbox, door: Door) -> None:
    """Events go to the inbox (see `handlers.events.ON_EVENT`); what wants an answer at once goes
    straight to its use-case."""
    buttons, dialogs, commands = Buttons(door), Dialogs(door), Commands(door)
    app.use(inbox.keep)

    app.action(re.compile(f"^{ids.CLIENT_SEVERITY}:"))(buttons.client_severity)
    app.action(ids.NOT_SOLVED)(buttons.not_solved)
    app.action(ids.TAKE)(buttons.take)
    app.action(ids.TRIAGE_SEVERITY)(buttons.triage_severity)
    app.action(ids.RESOLVE)(buttons.resolve)
    app.action(ids.REPLY)(buttons.reply)
    app.action(ids.REOPEN)(buttons.reopen)
    app.action(ids.MORE)(buttons.more)
    app.action(re.compile(f"^{ids.MEANT}:"))(buttons.meant)

    app.view(ids.RESOLVE_VIEW)(dialogs.resolve)
    app.view(ids.REPLY_VIEW)(dialogs.reply)
    app.view(ids.OPEN_VIEW)(dialogs.open)
    app.view(ids.SEVERITY_VIEW)(dialogs.severity)

    app.command("/desk")(commands.desk)
