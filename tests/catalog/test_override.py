"""Tests of the values of a plan that an agreement changes: "every value can be overridden"."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.catalog import load_catalog, override_plan
from bot.domain.agreements.money import Money
from bot.domain.agreements.plan import Plan
from bot.domain.sla.targets.due_time import due_time
from bot.domain.sla.targets.metric import Metric
from bot.domain.sla.targets.target import BusinessDays, ClockTime, NoClock
from bot.errors import ConfigurationError

ECOSIRE = load_catalog("ecosire")
ENTERPRISE = ECOSIRE.plans["enterprise"]


def overridden(text: str, plan_id: str = "enterprise") -> Plan:
    return override_plan(ECOSIRE, plan_id, text, source="acme.toml")


def faults(text: str, plan_id: str = "enterprise") -> list[str]:
    with pytest.raises(ConfigurationError) as refused:
        overridden(text, plan_id)
    lines = str(refused.value).splitlines()
    assert all(line.startswith("acme.toml: ") for line in lines)
    return [line.removeprefix("acme.toml: ") for line in lines]


def test_without_overrides_the_plan_is_the_catalogues_plan() -> None:
    assert overridden("") == ENTERPRISE


def test_a_price_replaces_the_words_for_it() -> None:
    plan = overridden('name = "Acme Enterprise"\nprice = "USD 1500.00"')
    assert (plan.name, plan.price, plan.price_words) == (
        "Acme Enterprise",
        Money(150_000, "USD"),
        None,
    )
    assert plan.rank == ENTERPRISE.rank
    assert plan.sla_targets == ENTERPRISE.sla_targets


def test_an_agreement_may_give_its_plan_the_name_of_another_plan() -> None:
    """The catalogue's other plans are no part of the agreement."""
    assert overridden('name = "Standard"').name == "Standard"


def test_words_replace_a_price() -> None:
    plan = overridden('price_words = "As agreed"', "standard")
    assert (plan.price, plan.price_words) == (None, "As agreed")


def test_a_target_replaces_the_target_of_its_severity_only() -> None:
    plan = overridden('[targets]\nhigh = { target = "2h", on = { sun = "6h" } }')
    assert plan.sla_target("high").target == ClockTime(timedelta(hours=2))
    assert plan.sla_target("high").by_weekday == {6: ClockTime(timedelta(hours=6))}
    assert plan.sla_target("critical") == ENTERPRISE.sla_target("critical")


def test_further_metrics_are_promised_if_the_agreement_has_them() -> None:
    plan = overridden(
        '[update]\ncritical = "1h"\n[resolution]\nhigh = "2 business days"\n'
        'low = { words = "As capacity allows" }'
    )
    update = plan.sla_target_for(Metric.UPDATE, "critical")
    assert update is not None
    assert update.target == ClockTime(timedelta(hours=1))
    assert plan.sla_target_for(Metric.UPDATE, "high") is None
    assert plan.sla_target_for(Metric.NEXT_RESPONSE, "critical") is None
    resolution = plan.sla_target_for(Metric.RESOLUTION, "high")
    assert resolution is not None
    assert resolution.target == BusinessDays(2)
    words = plan.sla_target_for(Metric.RESOLUTION, "low")
    assert words is not None
    assert words.target == NoClock("As capacity allows")


def test_a_calendar_can_be_added_and_the_plan_moved_to_it() -> None:
    """High is due four hours after its start, which is now 07:00 in Berlin."""
    plan = overridden(
        'calendar = "berlin"\nzone = "Europe/Berlin"\n[calendars.berlin]\nzone = "Europe/Berlin"\n'
        'windows = ["Mon-Fri 07:00-19:00"]\nholidays = "DE-BE"'
    )
    assert plan.zone == "Europe/Berlin"
    night = datetime(2026, 3, 9, 3, tzinfo=UTC)
    assert due_time(plan, "high", night).due_at == datetime(2026, 3, 9, 10, tzinfo=UTC)
    assert plan.sla_target("critical").calendar.name == "always"


def test_a_calendar_can_be_redefined_for_this_plan_only() -> None:
    plan = overridden(
        '[calendars.extended]\nzone = "Asia/Karachi"\nwindows = ["Mon-Sun 08:00-22:00"]\n'
        'holidays = "none"'
    )
    assert len(plan.sla_target("high").calendar.windows) == 7
    assert len(ECOSIRE.plans["standard"].sla_target("high").calendar.windows) == 6


def test_quota_channels_and_contact_are_replaced_as_a_whole() -> None:
    plan = overridden(
        'quota = { included = 50, overage = "USD 10.00" }\nchannels = ["slack"]\n'
        'where_to_write = "In Slack."'
    )
    assert (plan.quota.included, plan.quota.overage) == (50, Money(1_000, "USD"))
    assert (plan.channels, plan.where_to_write) == (("slack",), "In Slack.")


def test_all_faults_are_named_at_once_by_the_agreements_own_keys() -> None:
    assert faults(
        'rank = 9\nprise = "USD 1.00"\nprice = "1"\nzone = "Mars"\ncalendar = "night"\n'
        'quota = { included = 5 }\nchannels = ["fax"]\nresolution = 3\n'
        '[targets]\nhigh = "4hh"\nurgent = "1h"\n[calendars.berlin]\nzone = "Europe/Berlin"\n'
    ) == [
        "rank: cannot be overridden; check the spelling",
        "prise: cannot be overridden; did you mean 'price'?",
        "calendars.berlin.windows: is missing; write the weekly windows: windows = "
        '["Mon-Fri 09:00-18:00"]',
        "calendars.berlin.holidays: is missing; write the holidays it is closed on, or that it "
        'ignores them: "PK", "XECB", "none"',
        "calendar: there is no calendar 'night'; choose business, extended, every-day, always or "
        "berlin",
        "quota.overage: is missing; write the price of each further ticket, 'USD 25.00' or "
        "'USD 0.00'",
        "zone: there is no time zone 'Mars'; check the spelling",
        "price: '1' is no price; write a currency and two decimals: 'USD 25.00'",
        "channels.0: 'fax' is unknown; write where it has support: of slack, email, portal, phone",
        'targets.high: \'4hh\' is no target; write "4h", "30m", "1h30m", "4h covered", '
        '"2 business days" or "next business day"',
        "targets.urgent: there is no severity 'urgent'; choose critical, high, medium or low",
        "resolution: is no table; write [resolution] and a target for each severity below it",
    ]


def test_a_price_together_with_words_for_it_is_refused() -> None:
    (fault,) = faults('price = "USD 1.00"\nprice_words = "Free"')
    assert fault.startswith("the plan: has both price and price_words; write only one")


def test_targets_that_are_not_a_table_are_refused() -> None:
    assert faults('targets = "4h"') == [
        "targets: is no table; write [targets] and a target for each severity below it"
    ]


def test_calendars_that_are_not_a_table_are_refused() -> None:
    assert faults("calendars = 3")[0] == (
        "calendars: holds no table; write [calendars.business] and its keys below it"
    )


def test_invalid_toml_is_refused_with_its_line() -> None:
    (fault,) = faults("price = USD")
    assert fault.startswith("is not TOML: Invalid value (at line 1, column 9)")


def test_a_plan_missing_from_the_catalogue_names_the_choices() -> None:
    with pytest.raises(ConfigurationError, match="no plan 'gold' in ecosire: choose included,"):
        overridden("", "gold")
