"""Submissions of managers in the dialogs about an agreement."""

from datetime import date
from typing import Any

from pydantic import TypeAdapter

from bot.domain.agreements.agreement import Agreement
from bot.domain.agreements.proposal import last_day_of
from bot.domain.agreements.refusals import NotADayOfTheMonth, NotALastDay
from bot.domain.ids import UserId
from bot.errors import Refusal
from bot.json_types import Json
from bot.usecases.access import manager, person
from bot.usecases.agreements.change_agreement import agree, downgrade_planned, withdraw_downgrade
from bot.usecases.agreements.propose_change import Wanted, current, fingerprint, propose
from bot.usecases.desk import Desk
from bot.views import ids
from bot.views.agreements.agreement_changes import proposal_lines, taken_back_lines
from bot.views.agreements.agreement_dialogs import agree_modal, agree_preview_modal, take_back_modal
from bot.views.refusals import refused_modal, sentence_of
from handlers.slack.dialogs.dialogs import values
from handlers.slack.door import Door

_WANTED = TypeAdapter(Wanted)


async def agreement_dialog(desk: Desk, key: str, actor: UserId) -> Json:
    """Return the dialog in which a manager edits an agreement."""
    await manager(desk, actor)
    client, now = await current(desk, key)
    plans = [
        (plan.id, plan.name)
        for catalog in desk.plans.catalogs
        if catalog.name == now.catalog
        for plan in catalog.plans.values()
    ]
    return agree_modal(client.key, plans, now)


async def take_back_dialog(desk: Desk, key: str, actor: UserId) -> Json:
    """Return the dialog that shows a manager the effect of withdrawing a downgrade."""
    await manager(desk, actor)
    planned = await downgrade_planned(desk, key)
    return take_back_modal(planned.client.key, taken_back_lines(planned), planned.version.id)


class AgreementDialogs:
    def __init__(self, door: Door) -> None:
        self._door = door

    async def agree(self, ack: Any, body: Json, view: Json) -> None:
        """Show the consequences of the submitted agreement for confirmation."""
        key, submitted, actor = view["private_metadata"], values(view), body["user"]["id"]

        async def preview(desk: Desk) -> Json:
            await manager(desk, actor)
            wanted = _wanted(submitted, (await current(desk, key))[1])
            proposal = await propose(desk, key, wanted)
            metadata = "\n".join(
                (
                    key,
                    fingerprint(proposal),
                    _WANTED.dump_json(wanted, exclude_defaults=True).decode(),
                )
            )
            return agree_preview_modal(key, proposal_lines(proposal), metadata)

        shown, refusal = await self._door.look(preview)
        if refusal is not None:
            await ack(response_action="errors", errors={ids.PLAN: sentence_of(refusal)})
        else:
            await ack(response_action="push", view=shown)

    async def agreed(self, ack: Any, body: Json, view: Json) -> None:
        key, shown, text = view["private_metadata"].split("\n", 2)
        wanted, user_id = _WANTED.validate_json(text), body["user"]["id"]

        async def confirm(desk: Desk) -> None:
            await agree(desk, await person(desk, user_id), key, wanted, shown)

        await _end(ack, await self._door.attempt(confirm))

    async def taken_back(self, ack: Any, body: Json, view: Json) -> None:
        key, shown = ids.to_take_back(view["private_metadata"])
        user_id = body["user"]["id"]

        async def confirm(desk: Desk) -> None:
            await withdraw_downgrade(desk, await person(desk, user_id), key, shown)

        await _end(ack, await self._door.attempt(confirm))


async def _end(ack: Any, refusal: Refusal | None) -> None:
    """Close the dialog, or replace it by the refusal: it has no field to show a refusal beside."""
    if refusal is None:
        await ack(response_action="clear")
    else:
        await ack(response_action="update", view=refused_modal(sentence_of(refusal)))


def _wanted(submitted: dict[str, str], now: Agreement) -> Wanted:
    """Return the differences between the submitted fields and the current agreement."""
    plan, day = submitted[ids.PLAN], last_day_of(now)
    to_client = submitted[ids.STATEMENTS] == ids.TO_CLIENT
    another = plan != (now.plan_id or "")
    until = _day(submitted[ids.LAST_DAY])
    return Wanted(
        plan=plan if another else None,
        until=until if another or until != day else None,
        open_ended=until is None and day is not None,
        engineer=_if_new(submitted[ids.ENGINEER], now.engineer or ""),
        backup=_if_new(submitted[ids.BACKUP], now.backup or ""),
        terms=submitted[ids.TERMS] if another else _if_new(submitted[ids.TERMS], now.terms or ""),
        anchor_day=_number(submitted[ids.CYCLE_DAY]),
        statement_to_client=to_client,
    )


def _if_new(submitted: str, now: str) -> str | None:
    return None if submitted.strip() == now.strip() else submitted


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise NotALastDay(text) from None


def _number(text: str) -> int:
    if not (text.strip().isascii() and text.strip().isdigit()):
        raise NotADayOfTheMonth(text)
    return int(text)
