"""Check the sections of a catalogue file: each table by itself, then references between tables."""

from collections.abc import Iterator, Mapping

from bot.catalog.check_dates import check_dates
from bot.catalog.faults import Faults
from bot.catalog.schema import CalendarTable, CategoryTable, PlanTable, SeverityTable
from bot.catalog.tables import Tables, need_one, refuse_twice, refuse_unknown, sections
from bot.domain.sla.calendars.parse_windows import parse_windows
from bot.domain.sla.calendars.window import Window, overlaps


def check_severities(faults: Faults, tables: Tables) -> dict[str, SeverityTable]:
    """Check and return the severities, in the order of the file: the most severe first."""
    refuse_twice(faults, tables, "severities", "label")
    return faults.check_each(SeverityTable, "severities", tables.get("severities"))


def check_calendars(faults: Faults, tables: Tables) -> dict[str, CalendarTable]:
    """Check and return the calendars.

    Refuses windows that overlap, because their meaning is ambiguous.
    """
    for name, calendar in sections(tables, "calendars"):
        windows = list(_windows(calendar.get("windows")))
        for first, second in overlaps(windows):
            faults.add(
                f"calendars.{name}.windows",
                f"{first} and {second} overlap; end the one before the other starts",
            )
        check_dates(faults, f"calendars.{name}", calendar, windows)
    return faults.check_each(CalendarTable, "calendars", tables.get("calendars"))


def check_categories(faults: Faults, tables: Tables) -> dict[str, CategoryTable]:
    """Check and return the categories of work."""
    return faults.check_each(CategoryTable, "categories", tables.get("categories"))


def check_plans(faults: Faults, tables: Tables) -> dict[str, PlanTable]:
    """Check and return the plans.

    Refuses two plans with the same rank: a change between them is neither an upgrade nor a
    downgrade.
    """
    for name, plan in sections(tables, "plans"):
        key = f"plans.{name}"
        refuse_unknown(faults, f"{key}.calendar", "calendar", plan.get("calendar"), tables)
        refuse_unknown(faults, f"{key}.lapses_to", "plan", plan.get("lapses_to"), tables)
        left_out = plan.get("not_covered")
        for category in left_out if isinstance(left_out, list) else ():
            refuse_unknown(faults, f"{key}.not_covered", "category", category, tables)
        need_one(faults, key, plan, {"price": "'USD 299.00'", "price_words": "'Negotiated'"})
        _check_quota(faults, f"{key}.quota", plan.get("quota"))
    refuse_twice(faults, tables, "plans", "name")
    refuse_twice(faults, tables, "plans", "rank")
    return faults.check_each(PlanTable, "plans", tables.get("plans"))


def _check_quota(faults: Faults, key: str, quota: object) -> None:
    if not isinstance(quota, Mapping) or "included" not in quota:
        return
    unlimited, priced = quota["included"] == "unlimited", "overage" in quota
    if unlimited and priced:
        faults.add(f"{key}.overage", "stands beside an unlimited number of tickets; leave it out")
    if not unlimited and not priced:
        faults.add(
            f"{key}.overage",
            "is missing; write the price of each further ticket, 'USD 25.00' or 'USD 0.00'",
        )


def _windows(texts: object) -> Iterator[Window]:
    """Yield the windows that can be parsed. `check_calendars` reports the other texts as faults."""
    for text in texts if isinstance(texts, list) else ():
        try:
            yield from parse_windows(str(text))
        except ValueError:
            continue
