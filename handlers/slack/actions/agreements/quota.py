"""Look up how many tickets clients have used in the current period, and the overage."""

from bot.usecases.agreements.billing_periods import running
from bot.usecases.desk import Desk
from bot.usecases.reports.queues import accounts
from bot.views.agreements import statements as view
from bot.views.reports.lists import quota_list
from handlers.slack.feature import Answer, Asked, Feature, Word


async def _answer(desk: Desk, asked: Asked) -> Answer:
    accounts_ = await accounts(desk, asked.actor, asked.rest or None)
    if asked.rest and (account := accounts_[0]).agreement and account.usage:
        period, lines = await running(desk, account.client)
        when = view.period_words(period, account.agreement.zone)
        return view.quota_message(account.client.name, when, account.usage, lines)
    return quota_list(
        [
            (account.client.name, account.plan.name if account.plan else "", account.usage)
            for account in accounts_
        ]
    )


FEATURE = Feature("quota", words=(Word("quota", view.QUOTA_USAGE, view.QUOTA_MEANING, _answer),))
