"""Look up the recurring tasks of plans, and mark them as done."""

from datetime import date

from bot.domain.agreements.refusals import DutyMissing, NotADutysDay
from bot.usecases.agreements.recurring_tasks import duties_of, mark_duty
from bot.usecases.desk import Desk
from bot.views.agreements import recurring_tasks as view
from handlers.slack.feature import Answer, Asked, Feature, Word


async def _answer(desk: Desk, asked: Asked) -> Answer:
    match asked.rest.split():
        case []:
            return view.due_duties(await duties_of(desk, asked.actor))
        case [client]:
            duties = await duties_of(desk, asked.actor, client)
            return view.client_duties(client.upper(), duties)
        case [client, duty, day, *rest] if rest in ([], ["no"]):
            last, done = _day(day), not rest
            marked = await mark_duty(desk, asked.actor, client, duty.lower(), last, done=done)
            return view.duty_marked(duty.lower(), marked.key, last, done=done)
    raise DutyMissing


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotADutysDay(text) from None


FEATURE = Feature(
    "recurring_tasks", words=(Word("duties", view.USAGE, view.MEANING, _answer, changes=True),)
)
