"""Look up the clients, and set which posts of a client open tickets."""

from bot.domain.ids import UserId
from bot.domain.operations.refusals import ClientSettingMissing
from bot.usecases.desk import Desk
from bot.usecases.operations.client_settings import set_intake, set_join
from bot.usecases.reports.queues import accounts
from bot.views.operations import client_settings as view
from bot.views.reports.lists import client_list
from handlers.slack.actions.agreements.change_agreement import agreement_dialog
from handlers.slack.feature import Answer, Asked, Feature, Word


async def _answer(desk: Desk, asked: Asked) -> Answer:
    key, _, rest = asked.rest.partition(" ")
    if rest:
        return await _set(desk, asked.actor, key, rest.split())
    clients = [
        (account.client.key, account.client.name, account.plan.name if account.plan else "")
        for account in await accounts(desk, asked.actor, key or None)
    ]
    return client_list(clients)


async def _set(desk: Desk, actor: UserId, key: str, words: list[str]) -> Answer:
    match words:
        case ["change"]:
            return await agreement_dialog(desk, key, actor)
        case ["intake", intake]:
            return view.intake_set(await set_intake(desk, key, actor, intake.lower()))
        case ["join", minutes]:
            return view.join_set(await set_join(desk, key, actor, minutes))
    raise ClientSettingMissing(key.upper())


FEATURE = Feature(
    "client_settings", words=(Word("client", view.USAGE, view.MEANING, _answer, changes=True),)
)
