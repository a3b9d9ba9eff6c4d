"""Change a client's agreement. `/desk plan` and `/desk client` open its dialog."""

from datetime import date

from pydantic import TypeAdapter

from bot.domain.agreements.agreement import Agreement
from bot.domain.agreements.proposal import last_day_of
from bot.domain.agreements.refusals import NotADayOfTheMonth, NotALastDay
from bot.domain.ids import UserId
from bot.json_types import Json
from bot.usecases.access import manager, person
from bot.usecases.agreements.change_agreement import agree
from bot.usecases.agreements.propose_change import (
    Removal,
    Wanted,
    current,
    fingerprint,
    propose,
    removed_if_empty,
)
from bot.usecases.desk import Desk
from bot.views.agreements import change_agreement as view
from bot.views.agreements.agreement_changes import proposal_lines
from handlers.slack.feature import Confirms, Feature, Previews, Submission

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
    return view.agree_modal(client.key, plans, now)


async def _preview(desk: Desk, submission: Submission) -> Json:
    """Return the consequences of the submitted agreement for confirmation."""
    key = submission.metadata
    await manager(desk, submission.actor)
    wanted = _wanted(submission.values, (await current(desk, key))[1])
    proposal = await propose(desk, key, wanted)
    text = _WANTED.dump_json(wanted, exclude_defaults=True).decode()
    metadata = "\n".join((key, fingerprint(proposal), text))
    return view.agree_preview_modal(key, proposal_lines(proposal), metadata)


async def _confirm(desk: Desk, submission: Submission) -> None:
    key, shown, text = submission.metadata.split("\n", 2)
    actor = await person(desk, submission.actor)
    await agree(desk, actor, key, _WANTED.validate_json(text), shown)


def _wanted(submitted: dict[str, str], now: Agreement) -> Wanted:
    """Return the differences between the submitted fields and the current agreement."""
    plan, terms, day = submitted[view.PLAN], submitted[view.TERMS], last_day_of(now)
    to_client = submitted[view.STATEMENTS] == view.TO_CLIENT
    another = plan != now.plan_id
    until = _day(submitted[view.LAST_DAY])
    return Wanted(
        plan=plan if another else None,
        until=until if another or until != day else None,
        open_ended=until is None and day is not None,
        engineer=_if_new(submitted[view.ENGINEER], now.engineer),
        backup=_if_new(submitted[view.BACKUP], now.backup),
        terms=removed_if_empty(terms) if another else _if_new(terms, now.terms),
        anchor_day=_number(submitted[view.CYCLE_DAY]),
        statement_to_client=to_client,
    )


def _if_new(submitted: str, now: str | None) -> Removal | str | None:
    unchanged = submitted.strip() == (now or "").strip()
    return None if unchanged else removed_if_empty(submitted)


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


FEATURE = Feature(
    "change_agreement",
    submissions={
        view.AGREE_VIEW: Previews(_preview, field=view.PLAN),
        view.AGREED_VIEW: Confirms(_confirm),
    },
)
