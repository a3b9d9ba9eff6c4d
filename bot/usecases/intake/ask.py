"""The client's request button: the desk posts their words, and the ticket's thread begins there."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.agreements.plan import Plan
from bot.domain.destinations import Channel
from bot.domain.ids import ChannelId, UserId
from bot.domain.intake.messages import AskCard
from bot.domain.intake.refusals import (
    NotAClientsChannel,
    NotSupportedInSlack,
    OnlyClientsAsk,
    RequestMissing,
)
from bot.domain.messages import Outgoing
from bot.domain.operations.client import Client
from bot.usecases.agreements.plan_in_force import agreement_at, plan_in_force
from bot.usecases.desk import Desk
from bot.usecases.intake.open_ticket import open_in_channel
from bot.usecases.tickets.triage.severity import choose_severity


@dataclass(frozen=True, slots=True)
class Request:
    """A request made with the button in a client's channel.

    `submission_id` identifies the submission, so that a repeated delivery opens nothing more.
    `severity` is the client's proposal, if any.
    """

    channel_id: ChannelId
    actor: UserId
    submission_id: str
    words: str
    severity: str | None


async def may_ask(desk: Desk, channel_id: ChannelId, actor: UserId) -> tuple[Client, Plan]:
    """Return the client and the plan that the actor asks under.

    Raises Refusal if this is no client's channel, if the actor is on the staff, or if the plan has
    no support in Slack.
    """
    client = await desk.work.clients.by_channel_for_update(
        await desk.work.channels.current(channel_id)
    )
    if client is None:
        raise NotAClientsChannel
    if await desk.work.staff.get(actor) is not None:
        raise OnlyClientsAsk(client.name)
    plan = await plan_in_force(desk, await agreement_at(desk, client, desk.now), desk.now)
    if not plan.in_slack:
        raise NotSupportedInSlack(plan.where_to_write or None, tuple(plan.channels))
    return client, plan


async def ask(desk: Desk, request: Request) -> None:
    """Open a ticket for the request, as of now. Raises Refusal if the request has a fault."""
    client, _ = await may_ask(desk, request.channel_id, request.actor)
    channel_id = client.channel_id or request.channel_id
    if not request.words.strip():
        raise RequestMissing
    if not await desk.work.idempotency.claim("ask", request.submission_id, "", desk.now):
        return
    ticket = await open_in_channel(desk, client, request.actor, request.words.strip(), channel_id)
    if request.severity is not None:
        await choose_severity(
            desk, ticket.key, request.actor, request.severity, channel_id=channel_id
        )


def ask_card(client: Client, channel_id: ChannelId, now: datetime) -> Outgoing:
    """Return the card with the button. Posted again later, it appears at the end of the channel."""
    key = f"ask-card:{client.id}:{channel_id}:{now:%Y-%m-%dT%H:%M}"
    return Outgoing(key, Channel(channel_id), AskCard())
