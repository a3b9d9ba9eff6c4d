"""Proposals: the effect of a change to an agreement, computed before anybody confirms it."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Annotated

from pydantic import Field

from bot.domain.agreements.agreement import NOT_STORED, Agreement, ChangeKind
from bot.domain.agreements.billing_cycles import standing_versions
from bot.domain.agreements.plan import Catalog, Plan
from bot.domain.agreements.proposal import (
    Proposal,
    change_kind,
    downgraded_from,
    earliest_end,
    end_of,
)
from bot.domain.agreements.refusals import (
    AgreementUnchanged,
    NoAgreementToChange,
    NoSuchAnchorDay,
    NotAUserId,
    PlanAmbiguous,
    PlanMissing,
    PlanNotFound,
    PlanRefused,
    TermsUnreadable,
    TermTooShort,
)
from bot.domain.ids import UserId
from bot.domain.operations.client import Client
from bot.errors import ConfigurationError
from bot.settings import USER_ID
from bot.usecases.access import client_by_key
from bot.usecases.agreements.accounts import account
from bot.usecases.agreements.find_plan import find_plan
from bot.usecases.agreements.plan_in_force import plan_in_force
from bot.usecases.desk import Desk


class Removal(Enum):
    """Marks a value that a change removes."""

    REMOVED = ""


_Removable = Annotated[Removal | str | None, Field(union_mode="left_to_right")]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The requested changes; None leaves a value unchanged.

    `until` is the last day of a fixed term, in the plan's zone; `open_ended` removes the term's
    end. REMOVED leaves no engineer, no backup or no custom terms.
    """

    plan: str | None = None
    until: date | None = None
    open_ended: bool = False
    engineer: _Removable = None
    backup: _Removable = None
    terms: _Removable = None
    anchor_day: int | None = None
    statement_to_client: bool | None = None


async def current(desk: Desk, key: str) -> tuple[Client, Agreement]:
    """Return a client with the version of its agreement in force, or the last that was.

    Raises Refusal if the client has no agreement.
    """
    client = await client_by_key(desk, key)
    now = await desk.work.clients.agreement_at(client.id, desk.now)
    if now is None:
        raise NoAgreementToChange(client.name)
    return client, now


async def propose(desk: Desk, key: str, wanted: Wanted) -> Proposal:
    """Return the proposal for the change, as of now. Raises Refusal if the change has a fault."""
    client, before = await current(desk, key)
    versions = standing_versions(await desk.work.clients.versions(client.id))
    catalog, plan = await _plan_wanted(desk, before, wanted)
    before_plan = await plan_in_force(desk, before, desk.now) if before.has_plan else None
    how = change_kind(before_plan, plan)
    planned = [version for version in versions if version.effective_from > desk.now]
    past = [version for version in versions if version.effective_from <= desk.now] or [before]
    # No two versions may start at the same instant: the later starts a microsecond after.
    at_once = max(desk.now, before.effective_from + timedelta(microseconds=1))
    version = replace(
        _changed(before, wanted),
        id=NOT_STORED,
        catalog=catalog.name,
        plan_id=plan.id,
        kind=how.value,
        terms=_terms(before, wanted, how),
        effective_from=downgraded_from(past, desk.now) if how is ChangeKind.DOWNGRADE else at_once,
        agreed_at=desk.now,
        withdrawn_at=None,
    )
    agreed = await _as_agreed(desk, version)
    version = replace(version, zone=agreed.zone)
    kept = tuple(
        _changed(following, wanted)
        for following in planned
        if _stays_planned(following, version, wanted)
    )
    keeps_its_end = how is ChangeKind.TERMS and _keeps_term(wanted)
    ends_at = before.ends_at if keeps_its_end else _ends_at(plan, version, wanted)
    version = replace(version, ends_at=ends_at)
    then = (
        None
        if keeps_its_end or ends_at is None
        else _following_version(catalog, plan, before, version)
    )
    proposal = Proposal(
        client=client,
        before=before,
        before_plan=before_plan,
        version=version,
        plan=agreed,
        then=then,
        then_plan=await plan_in_force(desk, then, desk.now) if then and then.has_plan else None,
        withdrawn=tuple(planned),
        kept=kept,
        open_keys=await _open_keys(desk, client),
        used=await _used(desk, client),
    )
    if _is_no_change(proposal):
        raise AgreementUnchanged(client.name)
    return proposal


def fingerprint(proposal: Proposal) -> str:
    """Return a string that identifies a proposal, for its confirmation.

    Another change, or the same change from another day, has another fingerprint.
    """
    version = proposal.version
    since = version.effective_from.isoformat() if version.kind == ChangeKind.DOWNGRADE else "now"
    end = version.ends_at.isoformat() if version.ends_at else ""
    return f"{proposal.before.id} {version.plan_id} {since} {end}"


async def _as_agreed(desk: Desk, version: Agreement) -> Plan:
    """Return the plan with the agreement's own terms. Raises Refusal with the faults of the
    terms."""
    try:
        return await plan_in_force(desk, version, desk.now)
    except ConfigurationError as faults:
        raise TermsUnreadable(tuple(str(faults).splitlines())) from None


async def _plan_wanted(desk: Desk, before: Agreement, wanted: Wanted) -> tuple[Catalog, Plan]:
    """Return the requested plan, from the client's own catalogue unless the request names another.

    Raises Refusal if there is no such plan, or if the agreement has ended and no plan is named.
    """
    name = wanted.plan or before.plan_id
    if name is None:
        raise PlanMissing
    own = name if "/" in name else f"{before.catalog}/{name}"
    try:
        return find_plan(desk.plans.catalogs, own)
    except (PlanAmbiguous, PlanNotFound) as fault:
        raise PlanRefused(fault) from None


def _changed(before: Agreement, wanted: Wanted) -> Agreement:
    """Return the version with the requested values that apply to all future versions.

    Raises Refusal for an invalid anchor day or user ID.
    """
    day = before.anchor_day if wanted.anchor_day is None else wanted.anchor_day
    if not 1 <= day <= 31:
        raise NoSuchAnchorDay
    to_client = before.statement_to_client
    return replace(
        before,
        engineer=_person(before.engineer, wanted.engineer),
        backup=_person(before.backup, wanted.backup),
        anchor_day=day,
        statement_to_client=to_client
        if wanted.statement_to_client is None
        else wanted.statement_to_client,
    )


def removed_if_empty(text: str | None) -> Removal | str | None:
    """Return the requested value for a typed text; an empty text removes the present value."""
    return Removal.REMOVED if text == "" else text


def _person(before: UserId | None, wanted: Removal | str | None) -> UserId | None:
    """Return the user ID after the change, or None for nobody. Raises Refusal for an invalid ID."""
    if wanted is None:
        return before
    if wanted is Removal.REMOVED:
        return None
    if not USER_ID.fullmatch(wanted):
        raise NotAUserId
    return UserId(wanted)


def _terms(before: Agreement, wanted: Wanted, how: ChangeKind) -> str | None:
    """Return the custom terms after the change; a change of plan drops them unless new terms are
    given."""
    if wanted.terms is Removal.REMOVED:
        return None
    if wanted.terms is not None:
        return wanted.terms
    return before.terms if how is ChangeKind.TERMS else None


def _keeps_term(wanted: Wanted) -> bool:
    """Return whether the change leaves the term as it is."""
    return wanted.until is None and not wanted.open_ended


def _stays_planned(planned: Agreement, version: Agreement, wanted: Wanted) -> bool:
    """Return whether a planned version stays planned.

    A version stays if only terms or people change, or if it starts before a planned downgrade. The
    people and the billing cycle that are agreed now apply to it.
    """
    if version.kind == ChangeKind.TERMS:
        return _keeps_term(wanted)
    return version.kind == ChangeKind.DOWNGRADE and planned.effective_from < version.effective_from


def _ends_at(plan: Plan, version: Agreement, wanted: Wanted) -> datetime | None:
    """Return the end of the fixed term, or None. Raises Refusal if the term is too short for the
    plan."""
    if wanted.until is None:
        return None
    ends_at = end_of(wanted.until, version.zone)
    if ends_at < (least := earliest_end(plan, version.effective_from, version.zone)):
        raise TermTooShort(plan.name, plan.shortest_months, least.date())
    return ends_at


def _following_version(
    catalog: Catalog, plan: Plan, before: Agreement, version: Agreement
) -> Agreement:
    """Return the version that follows a fixed term.

    After an upgrade of an agreement without an end, it is that agreement; otherwise it is the plan
    that the catalogue names, or no plan.
    """
    back = version.kind == ChangeKind.UPGRADE and before.ends_at is None
    follows = before.plan_id if back else plan.lapses_to
    planned = catalog.plans.get(follows) if follows else None
    zone = planned.zone if planned else version.zone
    return replace(
        version,
        id=NOT_STORED,
        catalog=before.catalog if back else version.catalog,
        plan_id=follows,
        terms=before.terms if back else None,
        zone=before.zone if back else zone,
        kind=ChangeKind.END.value,
        effective_from=version.ends_at or version.effective_from,
        ends_at=None,
    )


async def _open_keys(desk: Desk, client: Client) -> tuple[str, ...]:
    """Return the keys of the client's open tickets."""
    ids = await desk.work.tickets.open_ids(client.id)
    return tuple([(await desk.work.tickets.get_for_update(ticket_id)).key for ticket_id in ids])


async def _used(desk: Desk, client: Client) -> int:
    """Return the number of tickets used from the quota in this period."""
    figures = (await account(desk, client)).usage
    return figures.used if figures else 0


def _is_no_change(proposal: Proposal) -> bool:
    """Return whether the proposal equals the agreement in force."""
    version = proposal.version
    as_before = replace(
        proposal.before,
        id=NOT_STORED,
        effective_from=version.effective_from,
        kind=version.kind,
        agreed_at=version.agreed_at,
        agreed_by=version.agreed_by,
    )
    return version == as_before
