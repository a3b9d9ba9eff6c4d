"""Read access for tests and the demo: the messages and views of people, the calls of the app."""

from operator import attrgetter

from bot.sandbox.slack import Slack
from bot.sandbox.web_api.calls import WebApi
from bot.sandbox.workspace.records import Call, Message, View


class Inspection:
    """Reads the state of the workspace without changing it."""

    def __init__(self, slack: Slack, web_api: WebApi) -> None:
        self._slack = slack
        self._workspace = slack.workspace
        self._web_api = web_api

    def messages(
        self,
        channel: str,
        *,
        thread_ts: str | None = None,
        viewer: str | None = None,
        notes: bool = False,
    ) -> list[Message]:
        """Return the messages of a channel or the replies of a thread, oldest first.

        A `viewer` adds the ephemeral messages to this person. `notes` adds the messages that Slack
        itself writes about members and names.
        """
        self._workspace.channel(channel)
        if thread_ts is None:
            shown = self._workspace.standing(
                channel, lambda message: message.in_channel and (notes or not message.is_note)
            )
        else:
            shown = self._workspace.replies(channel, thread_ts)
        if viewer is not None:
            shown += [
                message
                for message in self.ephemerals(viewer)
                if message.channel == channel and message.thread_ts == thread_ts
            ]
        return sorted(shown, key=attrgetter("ts"))

    def message(self, channel: str, ts: str) -> Message | None:
        """Return a message, or None if it does not exist or has been deleted."""
        return self._workspace.find(channel, ts)

    def all_messages(self) -> list[Message]:
        """Return all messages in the order of posting, deleted and ephemeral messages included."""
        return list(self._workspace.messages)

    def direct_messages(self, user: str) -> list[Message]:
        """Return the messages between the bot and a person, replies included."""
        channel = self._workspace.direct_channel(self._workspace.user(user).user_id)
        return self._workspace.standing(channel.channel_id, lambda _: True)

    def ephemerals(self, user: str) -> list[Message]:
        """Return the ephemeral messages to a person that have not been deleted."""
        return [
            message
            for message in self._workspace.messages
            if message.ephemeral_to == user and not message.deleted
        ]

    def views_open(self, user: str) -> list[View]:
        """Return the open modals of a person; the last modal is on top."""
        return self._slack.views.stack(user)

    def home(self, user: str) -> View | None:
        """Return the App Home of a person, or None before it is published."""
        return self._slack.views.home(user)

    def calls(self, method: str | None = None) -> list[Call]:
        """Return the calls of the Web API, or of a single method, in order."""
        return [call for call in self._web_api.calls if method in (None, call.method)]
