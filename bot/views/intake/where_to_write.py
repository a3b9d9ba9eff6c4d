"""Where to write for clients whose plan has no support in Slack."""

from bot.domain.agreements.plan import Plan
from bot.views.blocks import text_message
from bot.views.message import Message
from bot.views.text import clip, inline


def where_to_write(plan: Plan) -> Message:
    """Return the answer to a client who writes in Slack although their plan has no support
    there."""
    name = inline(plan.name, 80, otherwise="your plan")
    first = f"Your plan, *{name}*, has no support in Slack."
    return text_message(f"{first} {clip(plan.where_to_write, 2000) or _by_channels(plan)}")


def _by_channels(plan: Plan) -> str:
    ways = " or ".join(inline(way, 40, otherwise="") for way in plan.channels[:5])
    return f"Please write to us by {ways}." if ways.strip() else "Please ask your contact with us."
