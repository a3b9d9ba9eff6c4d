"""What people see, and what the app has called."""

from bot.sandbox.records import Call, Message, View
from bot.sandbox.stage import Stage


class Reading(Stage):
    """Looks without touching."""

    def messages(
        self,
        channel: str,
        *,
        thread_ts: str | None = None,
        viewer: str | None = None,
        notes: bool = False,
    ) -> list[Message]:
        """What stands in a channel, or the replies in one thread, oldest first.

        With a `viewer` also the ephemeral messages that only they see, and with `notes` also
        what Slack itself wrote of comings, goings and names.
        """
        self._workspace.channel(channel)
        if thread_ts is None:
            shown = self._workspace.standing(
                channel, lambda each: each.in_channel and (notes or not each.is_note)
            )
        else:
            shown = self._workspace.replies(channel, thread_ts)
        if viewer is not None:
            shown += [
                each
                for each in self.ephemerals(viewer)
                if each.channel == channel and each.thread_ts == thread_ts
            ]
        return sorted(shown, key=lambda each: each.ts)

    def message(self, channel: str, ts: str) -> Message | None:
        """The message at this place, unless it is gone."""
        return self._workspace.find(channel, ts)

    def all_messages(self) -> list[Message]:
        """Every message there ever was, in the order of posting, deleted and ephemeral ones too."""
        return list(self._workspace.messages)

    def direct_messages(self, user: str) -> list[Message]:
        """What stands in the conversation between the bot and a person, replies included."""
        channel = self._workspace.direct_channel(self._workspace.user(user).user_id)
        return self._workspace.standing(channel.channel_id, lambda _: True)

    def ephemerals(self, user: str) -> list[Message]:
        """What was shown to this person alone, and is not gone."""
        return [
            each
            for each in self._workspace.messages
            if each.ephemeral_to == user and not each.deleted
        ]

    def views_open(self, user: str) -> list[View]:
        """The modals a person has open; the last is on top."""
        return self._slack.views.stack(user)

    def home(self, user: str) -> View | None:
        """A person's App Home, once it has been published."""
        return self._slack.views.home(user)

    def calls(self, method: str | None = None) -> list[Call]:
        """Every call of the Web API, or of one method, in order."""
        return [each for each in self._web_api.calls if method in (None, each.method)]
