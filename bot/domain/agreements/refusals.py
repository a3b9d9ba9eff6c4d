"""Refusals about agreements, plans and recurring tasks."""

from dataclasses import dataclass
from datetime import date

from bot.errors import ConfigurationFault, Refusal


@dataclass(eq=False)
class PlanNotFound(ConfigurationFault):
    """No plan has the name. `known` are the IDs of all plans."""

    name: str
    known: tuple[str, ...]


@dataclass(eq=False)
class PlanAmbiguous(ConfigurationFault):
    """Several catalogues have a plan of the name. `choices` are their full names."""

    name: str
    choices: tuple[str, ...]


@dataclass(eq=False)
class PlanRefused(Refusal):
    """The requested plan does not exist, or its name is ambiguous."""

    fault: PlanNotFound | PlanAmbiguous


@dataclass(eq=False)
class NoPlanNow(Refusal):
    """The client has no agreement in force, and so no plan to show."""

    client: str


@dataclass(eq=False)
class NoClientOrPlan(Refusal):
    """The words name neither a client nor a plan."""

    name: str
    plans: tuple[str, ...]


@dataclass(eq=False)
class NoAgreementToChange(Refusal):
    """The client never had an agreement, so there is nothing to change."""

    client: str


@dataclass(eq=False)
class NoAgreement(Refusal):
    """The client has no agreement in force, and the action needs one."""

    client: str


class AgreementEnded(Refusal):
    """The agreement has ended, and no plan follows."""


@dataclass(eq=False)
class AgreementUnchanged(Refusal):
    """The requested change leaves the agreement as it is."""

    client: str


@dataclass(eq=False)
class TermsUnreadable(Refusal):
    """The agreement's own terms have faults, as the catalogue's parser lists them."""

    faults: tuple[str, ...]


@dataclass(eq=False)
class TermsTooLong(Refusal):
    """The terms have `over` characters more than a dialog of Slack can hold."""

    over: int


class PlanMissing(Refusal):
    """The agreement has ended, and the change names no plan."""


class NoSuchAnchorDay(Refusal):
    """The first day of the billing cycle is not from 1 to 31."""


@dataclass(eq=False)
class NotADayOfTheMonth(Refusal):
    """The words are not the number of a day of the month."""

    words: str


@dataclass(eq=False)
class NotALastDay(Refusal):
    """The words are not the date of a last day."""

    words: str


class NotAUserId(Refusal):
    """The words are not a Slack user ID."""


@dataclass(eq=False)
class TermTooShort(Refusal):
    """The fixed term is shorter than the plan allows.

    `earliest` is the first last day that it allows; `months` is the plan's least number of months,
    None for no such rule.
    """

    plan: str
    months: int | None
    earliest: date


class ChangedMeanwhile(Refusal):
    """The effect of the change is no longer as it was shown."""


@dataclass(eq=False)
class NoDowngradePlanned(Refusal):
    """No downgrade of the client is planned."""

    client: str
    key: str


@dataclass(eq=False)
class NoSuchDuty(Refusal):
    """The client has no open recurring task with this ID and last day."""

    client: str
    key: str
    duty: str
    last: date


class DutyMissing(Refusal):
    """The command does not say which recurring task is done."""


@dataclass(eq=False)
class NotADutysDay(Refusal):
    """The words are not the last day of a recurring task."""

    words: str
