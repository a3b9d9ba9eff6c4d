"""Pydantic models of the tables in a catalogue file.

Each table is checked alone to find all faults.
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from bot.catalog.ladder_moments import Moment, parse_length, parse_moment
from bot.catalog.short_texts import parse_holidays, parse_money, parse_zone
from bot.domain.agreements.money import Money
from bot.domain.sla.calendars.holiday_calendar import HolidayCalendar
from bot.domain.sla.calendars.parse_windows import Hours, parse_hours, parse_weekday, parse_windows
from bot.domain.sla.calendars.window import Window
from bot.domain.sla.targets.parse_target import parse_target
from bot.domain.sla.targets.target import NoClock, Target


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("is no text; write some between quotes")
    return value.strip()


def _windows(value: object) -> tuple[Window, ...]:
    return parse_windows(_text(value))


def _hours(value: object) -> Hours:
    return parse_hours(_text(value))


def _one_or_more(value: object) -> object:
    """Accept a single text in place of a list with that text."""
    return (value,) if isinstance(value, str) else _filled(value)


def _by_date(value: object) -> object:
    """Accept a list of dates in place of a table of dates without windows."""
    return {str(day): () for day in value} if isinstance(value, list) else value


def _money(value: object) -> Money:
    return parse_money(_text(value))


def _target(value: object) -> Target:
    return parse_target(_text(value))


def _holidays(value: object) -> HolidayCalendar | None:
    return parse_holidays(_text(value))


def _zone(value: object) -> str:
    return parse_zone(_text(value))


def _date(value: object) -> date:
    if type(value) is date:
        return value
    try:
        return date.fromisoformat(_text(value))
    except ValueError:
        raise ValueError(f"{value!r} is no date; write 2026-08-14") from None


def _weekday(value: object) -> int:
    return parse_weekday(_text(value))


def _id(value: object) -> str:
    """Return the text if it is a valid ID, which people type after a command."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text := str(value)):
        raise ValueError(
            f"{text!r} is no id; write small letters, digits and hyphens: 'account-review'"
        )
    return text


def _filled(value: object) -> object:
    if isinstance(value, list) and not value:
        raise ValueError("is empty; write at least one")
    return value


def _included(value: object) -> int | None:
    if value == "unlimited":
        return None
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    raise ValueError(f"{value!r} is no number of tickets; write 20 or 'unlimited'")


Text = Annotated[str, BeforeValidator(_text)]
Zone = Annotated[str, BeforeValidator(_zone)]
Windows = Annotated[tuple[Window, ...], BeforeValidator(_windows)]
DayHours = Annotated[
    tuple[Annotated[Hours, BeforeValidator(_hours)], ...],
    Field(strict=False),
    BeforeValidator(_one_or_more),
]
Price = Annotated[Money, BeforeValidator(_money)]
TargetText = Annotated[Target, BeforeValidator(_target)]
Date = Annotated[date, BeforeValidator(_date)]
Weekday = Annotated[int, BeforeValidator(_weekday)]
Channel = Literal["slack", "email", "portal", "phone"]


class Table(BaseModel):
    """A table of the file. A field's description completes "write …" in the message of a fault."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class CatalogTable(Table):
    """The top level of the file. The sections are checked table by table."""

    vendor: Text = Field(description='the vendor\'s name: vendor = "ECOSIRE"')
    zone: Zone = Field(description='the IANA zone its plans are kept in: zone = "Asia/Karachi"')
    severities: object = Field(description="[severities.critical] and the keys of a severity")
    calendars: object = Field(description="[calendars.business] and the keys of a calendar")
    categories: object = Field(description="[categories.bug] and the keys of a category")
    plans: object = Field(description="[plans.standard] and the keys of a plan")
    ladders: object = None


class SeverityTable(Table):
    """The table `[severities.critical]`."""

    label: Text = Field(description='what people read: label = "Critical"')
    definition: Text = Field(description="the agreement's own sentence for it")
    signs: Annotated[tuple[Text, ...], Field(strict=False)] = Field(
        default=(), description='words that read like it: signs = ["down", "data loss"]'
    )


class CategoryTable(Table):
    """The table `[categories.training]`."""

    label: Text = Field(description='what people read: label = "User training"')
    covered: bool = Field(description="true where it is support, false where it is billed apart")


class CalendarTable(Table):
    """The table `[calendars.business]`."""

    zone: Zone = Field(description='the IANA zone of its windows: zone = "Asia/Karachi"')
    windows: Annotated[tuple[Windows, ...], Field(strict=False), BeforeValidator(_filled)] = Field(
        description='the weekly windows: windows = ["Mon-Fri 09:00-18:00"]'
    )
    holidays: Annotated[HolidayCalendar | None, BeforeValidator(_holidays)] = Field(
        description='the holidays it is closed on, or that it ignores them: "PK", "XECB", "none"'
    )
    extra_closed: Mapping[Date, Text] = Field(
        default_factory=dict, description='dates and their names: { 2026-03-22 = "Eid al-Fitr" }'
    )
    extra_open: Annotated[Mapping[Date, DayHours], BeforeValidator(_by_date)] = Field(
        default_factory=dict,
        description="dates that are no holiday here, [2026-11-09], or dates with windows of their "
        'own, { 2026-05-02 = "09:00-18:00" }',
    )


class QuotaTable(Table):
    """The value `quota = { included = 20, overage = "USD 25.00" }`."""

    included: Annotated[int | None, BeforeValidator(_included)] = Field(
        description="the tickets a billing period includes: 20 or 'unlimited'"
    )
    overage: Price | None = Field(default=None, description="the price of each further ticket")


class TargetTable(Table):
    """The value of a target, with a clock or in words.

    Either `{ target = "2h", on = { sat = "4h" }, calendar = "x" }` or `{ words = "Prioritised" }`.
    """

    target: TargetText | None = Field(default=None, description='a target: target = "4h"')
    words: Text | None = Field(default=None, description="a promise in words, without a clock")
    on: Mapping[Weekday, TargetText] = Field(
        default_factory=dict, description='other targets by weekday: on = { sat = "4h" }'
    )
    calendar: Text | None = Field(default=None, description="the name of a calendar")

    @property
    def target_or_words(self) -> Target:
        """Return the target, or the words as a promise without a clock."""
        return self.target or NoClock(self.words or "")


class StepTable(Table):
    """The value `{ at = "30m late", tell = ["manager"], every = "30m", until = "2h late" }`."""

    at: Annotated[Moment, BeforeValidator(parse_moment)] = Field(
        description='when: a share of the clock ("75%"), "due", or "30m late"'
    )
    tell: Annotated[
        tuple[Literal["assignee", "engineer", "backup", "triage", "manager", "pager"], ...],
        Field(strict=False),
        BeforeValidator(_filled),
    ] = Field(description="whom: of assignee, engineer, backup, triage, manager, pager")
    every: Annotated[timedelta, BeforeValidator(parse_length)] | None = Field(
        default=None, description='again every so often, with until: every = "30m"'
    )
    until: Annotated[Moment, BeforeValidator(parse_moment)] | None = Field(
        default=None, description='the last time, with every: until = "2h late"'
    )


class LadderTable(Table):
    """The table `[ladders.usual]`."""

    steps: Annotated[tuple[StepTable, ...], Field(strict=False), BeforeValidator(_filled)] = Field(
        description='the steps: steps = [{ at = "75%", tell = ["engineer"] }, …]'
    )


class DutyTable(Table):
    """The value `health-report = { label = "System health report", every = "month" }`."""

    label: Text = Field(description='what people read: label = "System health report"')
    every: Literal["month", "quarter", "half-year", "year"] = Field(
        description='how often it is to be done: every = "month", "quarter", "half-year" or "year"'
    )

    @property
    def months(self) -> int:
        """Return the length of a term in months."""
        return {"month": 1, "quarter": 3, "half-year": 6, "year": 12}[self.every]


class PlanTable(Table):
    """The table `[plans.standard]`. Its targets are checked separately, severity by severity."""

    name: Text = Field(description='what people read: name = "Standard"')
    rank: int = Field(description="a whole number, the greater the higher the plan: rank = 2")
    zone: Zone | None = Field(default=None, description="another zone than the catalogue's")
    price: Price | None = Field(default=None, description="a month's price: 'USD 299.00'")
    price_words: Text | None = Field(default=None, description="'negotiated', where no price is")
    calendar: Text = Field(description='the calendar of its targets: calendar = "business"')
    channels: Annotated[tuple[Channel, ...], Field(strict=False), BeforeValidator(_filled)] = Field(
        description="where it has support: of slack, email, portal, phone"
    )
    where_to_write: Text = Field(description="a sentence: where its clients write to")
    named_engineer: bool = Field(
        default=False, description="true where the named account engineer is told first"
    )
    shortest_months: Annotated[int, Field(ge=1, le=120)] | None = Field(
        default=None, description="the months that a fixed term of it has at least: 3"
    )
    lapses_to: Text | None = Field(
        default=None, description="the plan that follows when a fixed term of it has ended"
    )
    quota: QuotaTable = Field(description="quota = { included = 20, overage = 'USD 25.00' }")
    not_covered: Annotated[tuple[Text, ...], Field(strict=False)] = Field(
        default=(), description="the ids of categories that this plan leaves out"
    )
    covers: Annotated[tuple[Text, ...], Field(strict=False), BeforeValidator(_filled)] = Field(
        description="the agreement's list of what is covered"
    )
    targets: object = Field(description="[plans.standard.targets] and a target for each severity")
    ladder: Text | Mapping[Text, Text] | None = Field(
        default=None,
        description="its escalation ladder: 'usual', or { critical = 'urgent', others = 'usual' }",
    )
    duties: Mapping[Annotated[str, BeforeValidator(_id)], DutyTable] = Field(
        default_factory=dict,
        description="recurring work: health-report = { label = 'Health report', every = 'month' }",
    )
    next_response: object = None
    update: object = None
    resolution: object = None
