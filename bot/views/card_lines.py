"""Lines of mrkdwn that several cards share."""

from bot.domain.agreements.quota import Standing
from bot.slack_ts import MessageTs
from bot.views.text import mention


def quota_line(standing: Standing) -> str:
    """Return the ticket's position in its monthly quota and, beyond the quota, its price. Returns
    "" for an unlimited plan."""
    if standing.included is None:
        return ""
    if standing.position <= standing.included:
        return f"Ticket {standing.position} of {standing.included} this month"
    price = str(standing.price) if standing.price else "at no extra charge"
    beyond = f"beyond the {standing.included} included this month"
    return f"Ticket {standing.position}: {beyond}, {price}"


def people(user_ids: tuple[str, ...], limit: int = 10) -> str:
    """Return mentions of the first `limit` people, and the number of the others."""
    named = " ".join(mention(user_id) for user_id in user_ids[:limit])
    more = len(user_ids) - limit
    return f"{named} and {more} more" if more > 0 else named


def message_link(channel_id: str, ts: MessageTs, words: str) -> str:
    """Return a link to a message: `https://slack.com/archives/CHANNEL/pTS`, with `ts` without its
    dot.

    `channel_id` and `ts` come from Slack and `words` from Deskbell, so none of them is escaped.
    """
    return f"<https://slack.com/archives/{channel_id}/p{str(ts).replace('.', '')}|{words}>"


def see_it(channel_id: str, ts: MessageTs) -> str:
    """Return a link "see it" to a message."""
    return message_link(channel_id, ts, "see it")
