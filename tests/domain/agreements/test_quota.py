"""Where a ticket stands in its quota, and what a month comes to."""

import pytest

from bot.domain.agreements.money import Money
from bot.domain.agreements.plan import Quota
from bot.domain.agreements.quota import Usage, notice_due, standing

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


def test_what_is_waived_keeps_its_place_and_costs_nothing() -> None:
    found = standing(TWENTY, 21, waived=True)

    assert (found.position, found.price) == (21, None)


@pytest.mark.parametrize(("used", "percent"), [(0, 0), (15, 75), (16, 80), (20, 100), (23, 115)])
def test_what_is_used_is_a_percentage(used: int, percent: int) -> None:
    assert Usage(used, 20, None).percent == percent


def test_the_percentage_is_rounded_down_so_that_eighty_is_never_said_too_early() -> None:
    assert Usage(5, 7, None).percent == 71


def test_where_it_is_unlimited_the_percentage_is_nought() -> None:
    assert Usage(10_000, None, None).percent == 0


@pytest.mark.parametrize(
    ("included", "used", "part"),
    [
        *((20, 15, None), (20, 16, 80), (20, 19, 80), (20, 20, 100), (20, 40, 100)),
        *((7, 5, None), (7, 6, 80), (1, 1, 100), (0, 5, None), (None, 500, None)),
    ],
)
def test_a_client_is_told_at_eighty_and_at_a_hundred_per_cent(
    included: int | None, used: int, part: int | None
) -> None:
    assert notice_due(Quota(included, PRICE), used) == part
