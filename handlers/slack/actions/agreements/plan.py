"""Look up plans, and open the dialogs that change a client's agreement."""

from bot.usecases.access import staff_member
from bot.usecases.agreements.accounts import plan_of
from bot.usecases.agreements.change_agreement import planned
from bot.usecases.desk import Desk
from bot.views.agreements import plan as view
from bot.views.agreements.agreement_changes import planned_lines
from handlers.slack.actions.agreements.change_agreement import agreement_dialog
from handlers.slack.actions.agreements.withdraw_downgrade import withdraw_dialog
from handlers.slack.feature import Answer, Asked, Feature, Word


async def _answer(desk: Desk, asked: Asked) -> Answer:
    await staff_member(desk, asked.actor)
    if not asked.rest:
        catalogs = desk.plans.catalogs
        return view.plans_text([plan for catalog in catalogs for plan in catalog.plans.values()])
    name, _, rest = asked.rest.rpartition(" ")
    match rest.lower():
        case "change" if name:
            return await agreement_dialog(desk, name, asked.actor)
        case "withdraw" if name:
            return await withdraw_dialog(desk, name, asked.actor)
    text = view.plan_text(await plan_of(desk, asked.actor, asked.rest))
    client = await desk.work.clients.by_key_for_update(asked.rest)
    lines = planned_lines(await planned(desk, client)) if client is not None else []
    return "\n".join([text, *lines])


FEATURE = Feature("plan", words=(Word("plan", view.USAGE, view.MEANING, _answer),))
