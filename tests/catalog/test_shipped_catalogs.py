"""Tests that the shipped catalogues match the vendors' published agreements."""

from datetime import timedelta

import pytest

from bot.catalog import SHIPPED, load_catalog
from bot.domain.agreements.money import Money
from bot.domain.agreements.plan import Quota
from bot.domain.sla.targets.target import BusinessDays, ClockTime, NextBusinessDay, NoClock, Target
from bot.views.sla.calendar_words import calendar_words

HOUR = timedelta(hours=1)


def hours(count: int) -> Target:
    return ClockTime(count * HOUR)


def test_ecosire_has_four_plans_in_ascending_order() -> None:
    plans = load_catalog("ecosire").plans
    assert list(plans) == ["included", "standard", "priority", "enterprise"]
    ranks = [plan.rank for plan in plans.values()]
    assert ranks == sorted(ranks)


def test_ecosire_prices_and_quotas_are_as_published() -> None:
    plans = load_catalog("ecosire").plans
    assert plans["standard"].price == Money(29900, "USD")
    assert plans["priority"].price == Money(79900, "USD")
    assert plans["included"].price is None
    assert plans["enterprise"].price is None
    assert plans["enterprise"].price_words == "Negotiated"
    assert plans["standard"].quota == Quota(20, Money(2500, "USD"))
    for unlimited in ("included", "priority", "enterprise"):
        assert plans[unlimited].quota == Quota(None, None)


@pytest.mark.parametrize(
    ("plan", "targets"),
    [
        ("included", (BusinessDays(1), BusinessDays(1), BusinessDays(1), BusinessDays(1))),
        ("standard", (hours(4), hours(8), BusinessDays(1), BusinessDays(2))),
        ("priority", (hours(2), hours(4), hours(8), BusinessDays(1))),
        ("enterprise", (hours(2), hours(4), hours(8), BusinessDays(1))),
    ],
)
def test_ecosire_targets_are_as_published(plan: str, targets: tuple[Target, ...]) -> None:
    sla_targets = load_catalog("ecosire").plans[plan].sla_targets
    severities = [sla_target.severity.id for sla_target in sla_targets]
    assert severities == ["critical", "high", "medium", "low"]
    assert tuple(sla_target.target for sla_target in sla_targets) == targets


def test_priority_critical_has_a_four_hour_target_on_weekends_only() -> None:
    sla_targets = load_catalog("ecosire").plans["priority"].sla_targets
    assert sla_targets[0].by_weekday == {5: hours(4), 6: hours(4)}
    assert all(not sla_target.by_weekday for sla_target in sla_targets[1:])


@pytest.mark.parametrize(
    ("plan", "severity", "calendar"),
    [
        ("included", "low", "Mon–Fri 09:00–18:00, Asia/Karachi, closed on public holidays (PK)"),
        ("standard", "low", "Mon–Sat 08:00–22:00, Asia/Karachi, closed on public holidays (PK)"),
        (
            "priority",
            "critical",
            "round the clock, Asia/Karachi, closed on public holidays (PK)",
        ),
        ("priority", "high", "Mon–Sat 08:00–22:00, Asia/Karachi, closed on public holidays (PK)"),
        ("enterprise", "critical", "round the clock, Asia/Karachi"),
        ("enterprise", "high", "Mon–Sat 08:00–22:00, Asia/Karachi, closed on public holidays (PK)"),
    ],
)
def test_ecosire_coverage_is_as_published(plan: str, severity: str, calendar: str) -> None:
    sla_target = load_catalog("ecosire").plans[plan].sla_target(severity)
    assert calendar_words(sla_target.calendar) == calendar


def test_included_is_not_served_in_slack_and_says_where_to_write() -> None:
    plans = load_catalog("ecosire").plans
    assert [plan.in_slack for plan in plans.values()] == [False, True, True, True]
    assert "by e-mail" in plans["included"].where_to_write
    assert "portal" in plans["included"].where_to_write


def test_priority_and_enterprise_have_an_account_engineer() -> None:
    plans = load_catalog("ecosire").plans.values()
    assert [plan.named_engineer for plan in plans] == [False, False, True, True]


def test_critical_is_defined_in_the_agreements_words() -> None:
    critical = load_catalog("ecosire").plans["standard"].sla_target("critical").severity
    assert critical.definition.startswith("System down or data loss risk: the system is ")
    assert "the Odoo server is down, the database is unreachable" in critical.definition


def test_enhancements_and_training_are_not_support() -> None:
    for plan in load_catalog("ecosire").plans.values():
        covered = {category.id for category in plan.categories if category.covered}
        assert {"configuration", "bug", "upgrade", "incident"} <= covered
        assert not covered & {"enhancement", "training"}


def test_higher_plans_cover_more_categories() -> None:
    plans = load_catalog("ecosire").plans
    covered = [
        {category.id for category in plans[name].categories if category.covered}
        for name in ("included", "standard", "priority")
    ]
    assert covered[1] - covered[0] == {"integration"}
    assert covered[2] - covered[1] == {"infrastructure"}


def test_standard_and_priority_include_the_plan_below() -> None:
    plans = load_catalog("ecosire").plans
    assert plans["standard"].covers[0] == "Everything in Included, plus:"
    assert plans["priority"].covers[0] == "Everything in Standard, plus:"
    assert len(plans["enterprise"].covers) == 9


def test_ecotone_promises_a_clock_for_p1_and_words_for_other_severities() -> None:
    plan = load_catalog("ecotone").plans["support-agreement"]
    assert [sla_target.severity.id for sla_target in plan.sla_targets] == ["p1", "p2", "p3", "p4"]
    assert [sla_target.target for sla_target in plan.sla_targets] == [
        NextBusinessDay(),
        NoClock("Prioritised handling"),
        NoClock("Scheduled into a release"),
        NoClock("Handled as capacity allows"),
    ]
    assert calendar_words(plan.sla_targets[0].calendar) == (
        "Mon–Fri 09:00–17:00, Europe/Brussels, closed on public holidays (XECB)"
    )


@pytest.mark.parametrize("name", SHIPPED)
def test_every_plan_says_its_coverage_and_where_to_write(name: str) -> None:
    for plan in load_catalog(name).plans.values():
        assert plan.catalog == name
        assert plan.covers
        assert plan.where_to_write.endswith(".")
        assert all(sla_target.severity.definition for sla_target in plan.sla_targets)
        assert plan.sla_targets[0].calendar.zone == plan.zone
