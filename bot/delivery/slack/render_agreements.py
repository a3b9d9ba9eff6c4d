"""Rendering the messages about a client's agreement, its quota and its statements."""

from collections.abc import Iterable
from typing import assert_never

from bot.domain.agreements.agreement import Agreement
from bot.domain.agreements.billing_cycles import in_force
from bot.domain.agreements.messages import (
    AgreementChanged,
    AgreementEndsSoon,
    AgreementMessage,
    QuotaNotice,
    StatementMessage,
)
from bot.usecases.agreements.billing_periods import stated
from bot.usecases.agreements.plan_in_force import plan_in_force
from bot.usecases.desk import Desk
from bot.views.agreements.agreement_changes import agreed_message, ends_soon
from bot.views.agreements.statements import quota_notice, statement_message
from bot.views.message import Message


async def agreement_message(
    desk: Desk, message: AgreementMessage, *, for_managers: bool
) -> Message | None:
    """Return the message for managers or for the client; None if there is nothing left to say."""
    match message:
        case AgreementChanged():
            return await _changed(desk, message, for_managers=for_managers)
        case AgreementEndsSoon():
            return await _ends_soon(desk, message)
        case QuotaNotice():
            return _quota_notice(message)
        case StatementMessage():
            return await _statement(desk, message, for_managers=for_managers)
        case _:
            assert_never(message)


async def _changed(desk: Desk, message: AgreementChanged, *, for_managers: bool) -> Message:
    versions = {version.id: version for version in await desk.work.clients.versions(message.client)}
    agreed, before = versions[message.agreed], versions[message.before]
    return agreed_message(
        agreed,
        before,
        plan=await _plan_name(desk, agreed),
        before_plan=await _plan_name(desk, before),
        then=await _plan_name(desk, _following(versions.values(), agreed)),
        client=await _client_name(desk, agreed.client_id) if for_managers else None,
        in_force=message.in_force,
    )


async def _ends_soon(desk: Desk, message: AgreementEndsSoon) -> Message | None:
    """Return the reminder, or None if the agreement got another term in the meantime."""
    versions = {version.id: version for version in await desk.work.clients.versions(message.client)}
    agreed = versions[message.agreed]
    following = _following(versions.values(), agreed)
    if following is None or agreed.ends_at is None or following.effective_from != agreed.ends_at:
        return None
    return ends_soon(
        agreed,
        client=await _client_name(desk, agreed.client_id),
        plan=await _plan_name(desk, agreed),
        days=message.days,
        then=await _plan_name(desk, following),
    )


def _quota_notice(notice: QuotaNotice) -> Message:
    return quota_notice(
        percent=notice.percent,
        used=notice.used,
        included=notice.included,
        price=notice.price,
        plan=notice.plan,
        until=notice.until,
        zone=notice.zone,
    )


async def _statement(
    desk: Desk, message: StatementMessage, *, for_managers: bool
) -> Message | None:
    for statement in await stated(desk, message.client):
        if statement.period.start == message.start:
            return statement_message(statement, for_client=not for_managers)
    return None


def _following(versions: Iterable[Agreement], agreed: Agreement) -> Agreement | None:
    """Return the version that is in force when the term of an agreement ends."""
    return in_force(list(versions), agreed.ends_at) if agreed.ends_at else None


async def _client_name(desk: Desk, client_id: int) -> str:
    return next(client.name for client in await desk.work.clients.all() if client.id == client_id)


async def _plan_name(desk: Desk, agreement: Agreement | None) -> str | None:
    """Return the name of the agreement's plan, None if it has no plan."""
    if agreement is None or not agreement.has_plan:
        return None
    at = min(desk.now, agreement.effective_from)
    return (await plan_in_force(desk, agreement, at)).name
