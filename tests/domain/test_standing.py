"""Where a ticket stands in its quota, and what a month comes to."""

import pytest

from bot.domain.money import Money
from bot.domain.plan import Quota
from bot.domain.quota import standing, usage

PRICE = Money(2500, "USD")
TWENTY = Quota(20, PRICE)
UNLIMITED = Quota(None, None)


@pytest.mark.parametrize(("position", "price"), [(1, None), (20, None), (21, PRICE), (400, PRICE)])
def test_the_first_twenty_are_included_and_the_rest_cost(
    position: int, price: Money | None
) -> None:
    found = standing(TWENTY, position)

    assert (found.position, found.included, found.price) == (position, 20, price)


def test_where_it_is_unlimited_no_ticket_costs() -> None:
    assert standing(UNLIMITED, 10_000).price is None


def test_a_quota_of_none_makes_the_first_one_cost() -> None:
    assert standing(Quota(0, PRICE), 1).price == PRICE


def test_beyond_a_quota_without_a_price_nothing_is_charged() -> None:
    assert standing(Quota(20, None), 21).price is None
    assert usage(Quota(20, None), 25).overage is None


@pytest.mark.parametrize(
    ("used", "percent", "overage"),
    [
        (0, 0, None),
        (15, 75, None),
        (16, 80, None),
        (20, 100, None),
        (21, 105, Money(2500, "USD")),
        (23, 115, Money(7500, "USD")),
    ],
)
def test_a_month_comes_to_a_percentage_and_an_exact_sum(
    used: int, percent: int, overage: Money | None
) -> None:
    found = usage(TWENTY, used)

    assert (found.used, found.percent, found.overage) == (used, percent, overage)


def test_the_percentage_is_rounded_down_so_that_eighty_is_never_said_too_early() -> None:
    assert usage(Quota(7, PRICE), 5).percent == 71


def test_where_it_is_unlimited_the_percentage_is_nought() -> None:
    found = usage(UNLIMITED, 10_000)

    assert (found.percent, found.overage) == (0, None)
