"""Ask for help with the button on the card in a client's channel."""

from bot.domain.ids import ChannelId
from bot.json_types import Json
from bot.usecases.desk import Desk
from bot.usecases.intake.ask import Request, ask, may_ask
from bot.views.ids import SEVERITY, WORDS
from bot.views.intake import ask as view
from handlers.slack.feature import Click, Feature, Opens, Saves, Submission


async def _dialog(desk: Desk, click: Click) -> Json:
    _, plan = await may_ask(desk, click.channel_id, click.actor)
    return view.ask_modal(
        click.channel_id, [sla_target.severity for sla_target in plan.sla_targets]
    )


async def _submit(desk: Desk, submission: Submission) -> None:
    request = Request(
        channel_id=ChannelId(submission.metadata),
        actor=submission.actor,
        submission_id=submission.id,
        words=submission.values[WORDS],
        severity=submission.values.get(SEVERITY) or None,
    )
    await ask(desk, request)


FEATURE = Feature(
    "ask", buttons={view.ASK: Opens(_dialog)}, submissions={view.ASK_VIEW: Saves(_submit)}
)
