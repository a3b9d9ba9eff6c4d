"""A client asks with the button on its channel's card: the words are posted for them, and what
follows stands in that thread."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.client import Client
from bot.domain.plan import Plan
from bot.errors import Refusal
from bot.ports import Outgoing
from bot.usecases.desk import Desk
from bot.usecases.opening import agreement_at, open_in_channel, plan_in_force
from bot.usecases.triage import choose_severity


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks in a client's channel. `gesture` names the submission: the same one
    delivered twice is one ticket. `severity` is their proposal, "" for none."""

    channel_id: str
    actor: str
    gesture: str
    words: str
    severity: str


async def may_ask(desk: Desk, channel_id: str, actor: str) -> tuple[Client, Plan]:
    """Whom they ask for, and under which plan; raises Refusal for whoever cannot ask here."""
    client = await desk.work.clients.by_channel(await desk.work.channels.current(channel_id))
    if client is None:
        raise Refusal("Nobody is supported in this channel: write where your support team is.")
    if await desk.work.staff.get(actor) is not None:
        raise Refusal(f"Clients ask here; */desk open* enters what {client.name} has told you.")
    plan = await plan_in_force(desk, await agreement_at(desk, client, desk.now), desk.now)
    if not plan.in_slack:
        raise Refusal(plan.where_to_write or f"Please write by {' or '.join(plan.channels)}.")
    return client, plan


async def ask(desk: Desk, request: Request) -> None:
    """Open the ticket, as of now. Raises Refusal with what to mend."""
    client, _ = await may_ask(desk, request.channel_id, request.actor)
    channel_id = client.channel_id or request.channel_id
    if not request.words.strip():
        raise Refusal("Write what you need: it is what our engineers read.")
    if not await desk.work.periods.begin("ask", request.gesture, "", desk.now):
        return
    ticket = await open_in_channel(desk, client, request.actor, request.words.strip(), channel_id)
    if request.severity:
        await choose_severity(
            desk, ticket.key, request.actor, request.severity, channel_id=channel_id
        )


def ask_card(client: Client, channel_id: str, now: datetime) -> Outgoing:
    """The card that stands in the channel; asked for again later, it stands at the end of it."""
    key = f"ask-card:{client.id}:{channel_id}:{now:%Y-%m-%dT%H:%M}"
    return Outgoing(key, "ask_card", channel_id)
