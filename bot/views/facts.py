"""The lines that more than one card says, as mrkdwn."""

from bot.domain.quota import Standing
from bot.views.text import mention


def quota_line(standing: Standing) -> str:
    """Where a ticket stands in its month, and its price in plain words beyond the quota; nothing
    where the number of tickets is unlimited."""
    if standing.included is None:
        return ""
    if standing.position <= standing.included:
        return f"Ticket {standing.position} of {standing.included} this month"
    price = str(standing.price) if standing.price else "at no extra charge"
    beyond = f"beyond the {standing.included} included this month"
    return f"Ticket {standing.position}: {beyond}, {price}"


def people(user_ids: tuple[str, ...], limit: int = 10) -> str:
    """Mentions of so many people, and how many more there are."""
    named = " ".join(mention(user_id) for user_id in user_ids[:limit])
    more = len(user_ids) - limit
    return f"{named} and {more} more" if more > 0 else named


def message_link(channel_id: str, ts: str, words: str) -> str:
    """A link to a message: `https://slack.com/archives/CHANNEL/pTS`, the `ts` without its dot.
    The two come from Slack, the words from us."""
    return f"<https://slack.com/archives/{channel_id}/p{ts.replace('.', '')}|{words}>"
