"""What managers send in the dialogs about an agreement."""

from datetime import date
from typing import Any

from pydantic import TypeAdapter

from bot.domain.agreements.agreement import Agreement
from bot.domain.agreements.proposal import last_day_of
from bot.errors import Refusal
from bot.json_types import Json
from bot.usecases.access import manager
from bot.usecases.agreements.change_agreement import agree, downgrade_planned, withdraw_downgrade
from bot.usecases.agreements.propose_change import Wanted, current, fingerprint, propose
from bot.usecases.desk import Desk
from bot.views import ids
from bot.views.agreements.agreement_changes import proposal_lines, taken_back_lines
from bot.views.agreements.agreement_dialogs import agree_modal, agree_preview_modal, take_back_modal
from bot.views.refusals import refused_modal
from handlers.slack.dialogs.dialogs import values
from handlers.slack.door import Door

_WANTED = TypeAdapter(Wanted)


async def agreement_dialog(desk: Desk, key: str, actor: str) -> Json:
    """The dialog in which a manager says what an agreement is to be."""
    await manager(desk, actor)
    client, now = await current(desk, key)
    plans = [
        (plan.id, plan.name)
        for catalog in desk.plans.catalogs
        if catalog.name == now.catalog
        for plan in catalog.plans.values()
    ]
    return agree_modal(client.key, plans, now)


async def take_back_dialog(desk: Desk, key: str, actor: str) -> Json:
    """What shows a manager what it means to take back a downgrade."""
    await manager(desk, actor)
    found = await downgrade_planned(desk, key)
    return take_back_modal(found.client.key, taken_back_lines(found), found.version.id)


class AgreementDialogs:
    def __init__(self, door: Door) -> None:
        self._door = door

    async def agree(self, ack: Any, body: Json, view: Json) -> None:
        """What was filled in is shown with what it would mean."""
        key, given, actor = view["private_metadata"], values(view), body["user"]["id"]

        async def preview(desk: Desk) -> Json:
            await manager(desk, actor)
            wanted = _wanted(given, (await current(desk, key))[1])
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
        if shown is None:
            await ack(response_action="errors", errors={ids.PLAN: str(refusal)})
        else:
            await ack(response_action="push", view=shown)

    async def agreed(self, ack: Any, body: Json, view: Json) -> None:
        key, shown, text = view["private_metadata"].split("\n", 2)
        wanted, actor = _WANTED.validate_json(text), body["user"]["id"]
        await _end(ack, await self._door.attempt(lambda d: agree(d, actor, key, wanted, shown)))

    async def taken_back(self, ack: Any, body: Json, view: Json) -> None:
        key, shown = ids.to_take_back(view["private_metadata"])
        actor = body["user"]["id"]
        refusal = await self._door.attempt(lambda d: withdraw_downgrade(d, actor, key, shown))
        await _end(ack, refusal)


async def _end(ack: Any, refusal: Refusal | None) -> None:
    """There is no field to show a refusal beside: it stands in the place of the dialog."""
    if refusal is None:
        await ack(response_action="clear")
    else:
        await ack(response_action="update", view=refused_modal(str(refusal)))


def _wanted(given: dict[str, str], now: Agreement) -> Wanted:
    """What differs from the agreement as it is."""
    plan, day = given[ids.PLAN], last_day_of(now)
    to_client = given[ids.STATEMENTS] == ids.TO_CLIENT
    another = plan != now.plan_id
    until = _day(given[ids.LAST_DAY])
    return Wanted(
        plan=plan if another else None,
        until=until if another or until != day else None,
        open_ended=until is None and day is not None,
        engineer=_if_new(given[ids.ENGINEER], now.engineer or ""),
        backup=_if_new(given[ids.BACKUP], now.backup or ""),
        terms=given[ids.TERMS] if another else _if_new(given[ids.TERMS], now.terms),
        anchor_day=_number(given[ids.CYCLE_DAY]),
        statement_to_client=to_client,
    )


def _if_new(given: str, now: str) -> str | None:
    return None if given.strip() == now.strip() else given


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Refusal(f"“{text}” is not a date: write the last day as 2026-12-31.") from None


def _number(text: str) -> int:
    if not (text.strip().isascii() and text.strip().isdigit()):
        raise Refusal(f"“{text}” is not a day of a month: write a number from 1 to 31.")
    return int(text)
