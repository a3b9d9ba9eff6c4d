"""The subcommands of `/desk` that look something up."""

from bot.domain.ids import UserId
from bot.domain.operations.client import Intake
from bot.domain.operations.refusals import ClientSettingMissing
from bot.domain.reports.refusals import NoSuchDays
from bot.usecases.access import staff_member
from bot.usecases.agreements import accounts as accounts_module
from bot.usecases.agreements.billing_periods import running
from bot.usecases.agreements.change_agreement import planned
from bot.usecases.desk import Desk
from bot.usecases.operations.client_settings import set_intake, set_join
from bot.usecases.reports import queues as listing
from bot.usecases.reports.digest import ATTAINMENT_DAYS, digest_now, review
from bot.usecases.sla.clocks import computed_clocks
from bot.usecases.tickets.handling.reply import draft
from bot.usecases.tickets.ticket_views import view_ticket_for_staff
from bot.views.agreements.agreement_changes import planned_lines
from bot.views.agreements.plan import plan_text, plans_text
from bot.views.agreements.statements import period_words, quota_message
from bot.views.intake.open_ticket import open_modal
from bot.views.reports import lists as shown
from bot.views.reports.digest import digest, review_message
from bot.views.sla.explanation import why_text
from bot.views.tickets.handling.reply import preview_modal, reply_modal
from handlers.slack.commands.asked import REVIEWED, Answer, Asked, as_typed
from handlers.slack.dialogs.agreement_dialogs import agreement_dialog, take_back_dialog

_OPENS = {
    Intake.EVERY: "every post opens a ticket",
    Intake.MENTION: "only what mentions the desk opens a ticket",
    Intake.ASKED: "only the card's button or a :ticket: opens a ticket",
}


async def queue(desk: Desk, asked: Asked) -> Answer:
    ticket_views = await listing.queue(desk, asked.actor)
    nothing = "Your queue is empty. */desk list* shows every open ticket."
    return shown.ticket_list("Your queue", ticket_views, desk.now, nothing=nothing)


async def list_tickets(desk: Desk, asked: Asked) -> Answer:
    match asked.rest.lower().removeprefix("--"):
        case "at-risk":
            ticket_views = await listing.at_risk(desk, asked.actor)
            return shown.ticket_list(
                "At risk", ticket_views, desk.now, nothing="Nothing is at risk."
            )
        case "breached":
            ticket_views = await listing.late(desk, asked.actor)
            return shown.ticket_list(
                "Late", ticket_views, desk.now, nothing="No open ticket is late."
            )
    ticket_views = await listing.all_open(desk, asked.actor, asked.rest or None)
    return shown.ticket_list("Open tickets", ticket_views, desk.now, nothing="No ticket is open.")


async def show(desk: Desk, asked: Asked) -> Answer:
    return shown.ticket_shown(await view_ticket_for_staff(desk, asked.key, asked.actor), desk.now)


async def why(desk: Desk, asked: Asked) -> Answer:
    ticket_view = await view_ticket_for_staff(desk, asked.key, asked.actor)
    return why_text(ticket_view, await computed_clocks(desk, ticket_view.ticket))


async def quota(desk: Desk, asked: Asked) -> Answer:
    accounts = await listing.accounts(desk, asked.actor, asked.rest or None)
    if asked.rest and (account := accounts[0]).agreement and account.usage:
        period, lines = await running(desk, account.client)
        when = period_words(period, account.agreement.zone)
        return quota_message(account.client.name, when, account.usage, lines)
    return shown.quota_list(
        [(a.client.name, a.plan.name if a.plan else "", a.usage) for a in accounts]
    )


async def clients(desk: Desk, asked: Asked) -> Answer:
    key, _, rest = asked.rest.partition(" ")
    if rest:
        return await _set(desk, asked.actor, key, rest.split())
    accounts = await listing.accounts(desk, asked.actor, key or None)
    lines = [(a.client.key, a.client.name, a.plan.name if a.plan else "") for a in accounts]
    return shown.client_list(lines)


async def _set(desk: Desk, actor: UserId, key: str, words: list[str]) -> Answer:
    match words:
        case ["change"]:
            return await agreement_dialog(desk, key, actor)
        case ["intake", intake]:
            client = await set_intake(desk, key, actor, intake.lower())
            return f"In the channel of {client.key}, {_OPENS[client.intake]}."
        case ["join", minutes]:
            client = await set_join(desk, key, actor, minutes)
            return f"Follow-ups of {client.key} join a ticket for {client.join_minutes} minutes."
    raise ClientSettingMissing(key)


async def plan(desk: Desk, asked: Asked) -> Answer:
    await staff_member(desk, asked.actor)
    if not asked.rest:
        catalogs = desk.plans.catalogs
        return plans_text([plan for catalog in catalogs for plan in catalog.plans.values()])
    name, _, rest = asked.rest.rpartition(" ")
    match rest.lower():
        case "change" if name:
            return await agreement_dialog(desk, name, asked.actor)
        case "withdraw" if name:
            return await take_back_dialog(desk, name, asked.actor)
    text = plan_text(await accounts_module.plan_of(desk, asked.actor, asked.rest))
    client = await desk.work.clients.by_key_for_update(asked.rest)
    lines = planned_lines(await planned(desk, client)) if client is not None else []
    return "\n".join([text, *lines])


async def open_report(desk: Desk, asked: Asked) -> Answer:
    await staff_member(desk, asked.actor)
    return open_modal([(client.key, client.name) for client in await desk.work.clients.all()])


async def reply(desk: Desk, asked: Asked) -> Answer:
    ticket_view = await view_ticket_for_staff(desk, asked.key, asked.actor)
    if not asked.rest:
        return reply_modal(
            ticket_view.ticket.key, by_slack=ticket_view.ticket.channel_id is not None
        )
    answer = await draft(desk, asked.key, asked.actor, as_typed(asked.rest))
    return preview_modal(answer.ticket.key, answer.words, answer.name)


async def digest_of_now(desk: Desk, asked: Asked) -> Answer:
    when = asked.rest.lower()
    if when in REVIEWED:
        return review_message(await review(desk, asked.actor, REVIEWED[when]))
    if when:
        raise NoSuchDays("digest", tuple(REVIEWED))
    return digest(await digest_now(desk, asked.actor), ATTAINMENT_DAYS)
