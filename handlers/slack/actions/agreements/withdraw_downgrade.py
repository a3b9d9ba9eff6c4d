"""Withdraw a planned downgrade. `/desk plan` opens its dialog."""

from bot.domain.ids import UserId
from bot.json_types import Json
from bot.usecases.access import manager, person
from bot.usecases.agreements.change_agreement import downgrade_planned, withdraw_downgrade
from bot.usecases.desk import Desk
from bot.views.agreements import withdraw_downgrade as view
from bot.views.agreements.agreement_changes import taken_back_lines
from handlers.slack.feature import Confirms, Feature, Submission


async def withdraw_dialog(desk: Desk, key: str, actor: UserId) -> Json:
    """Return the dialog that shows a manager the effect of withdrawing a downgrade."""
    await manager(desk, actor)
    planned = await downgrade_planned(desk, key)
    return view.take_back_modal(planned.client.key, taken_back_lines(planned), planned.version.id)


async def _submit(desk: Desk, submission: Submission) -> None:
    key, version_id = view.to_take_back(submission.metadata)
    await withdraw_downgrade(desk, await person(desk, submission.actor), key, version_id)


FEATURE = Feature("withdraw_downgrade", submissions={view.TAKE_BACK_VIEW: Confirms(_submit)})
