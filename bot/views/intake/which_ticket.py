"""The question to a member of staff: to which ticket does your message belong?"""

from collections.abc import Sequence

from bot.slack_ts import MessageTs
from bot.views.blocks import actions, button, people_said, section
from bot.views.card_lines import message_link
from bot.views.message import Message
from bot.views.text import clip, escape

MEANT = "meant"


def meant_ticket(number: int) -> str:
    """Return the action ID of a ticket's button on the question to which ticket a message
    belongs."""
    return f"{MEANT}:{number}"


def meant_choice(key: str, channel_id: str, ts: MessageTs) -> str:
    """Encode the value of such a button: the ticket key, and the message's channel and `ts`."""
    return f"{key}:{channel_id}:{ts}"


def chosen_meant(value: str) -> tuple[str, str, MessageTs]:
    """Decode the value of `meant_choice`: the ticket key, and the message's channel and `ts`."""
    key, channel_id, ts = value.split(":")
    return key, channel_id, MessageTs.parse(ts)


def which_ticket(channel_id: str, ts: MessageTs, tickets: Sequence[tuple[str, str]]) -> Message:
    """Return the question about a message in a client's channel. `tickets` are pairs of key and
    first words, oldest first."""
    link = message_link(channel_id, ts, "your message")
    ask = f"Several tickets wait for an answer there. Which one is {link} meant for?"
    listed = "\n".join(f"*{escape(key)}* {clip(words, 100)}" for key, words in tickets)
    buttons = [
        button(key, meant_ticket(number), meant_choice(key, channel_id, ts))
        for number, (key, _) in enumerate(tickets)
    ]
    blocks = [section(ask), people_said(listed), *actions(buttons, "which_ticket")]
    return Message("Which ticket is your message in the client's channel meant for?", blocks)


def answers(key: str) -> str:
    """Return the answer that the message is the first response of the chosen ticket."""
    return f"It answers {key}."
