"""Tests of a ticket's position in its quota and of a month's overage."""

import pytest

from bot.domain.agreements.money import Money
from bot.domain.agreements.plan import Quota
from bot.domain.agreements.quota import Usage, notice_due, standing

PRICE = Money(2500, "USD")
TWENTY = Quota(20, PRICE)
UNLIMITED = Quota(None, None)


@pytest.mark.parametrize(("position", "price"), [(1, None), (20, None), (21, PRICE), (400, PRICE)])
def test_the_first_twenty_tickets_are_included_and_later_tickets_are_charged(
    position: int, price: Money | None
) -> None:
    quota_position = standing(TWENTY, position)

    assert (quota_position.position, quota_position.included, quota_position.price) == (
        position,
        20,
        price,
    )


def test_tickets_of_an_unlimited_plan_are_free() -> None:
    assert standing(UNLIMITED, 10_000).price is None


def test_a_quota_of_zero_charges_the_first_ticket() -> None:
    assert standing(Quota(0, PRICE), 1).price == PRICE


def test_overage_without_a_price_is_not_charged() -> None:
    assert standing(Quota(20, None), 21).price is None


def test_a_waived_ticket_keeps_its_position_and_is_free() -> None:
    quota_position = standing(TWENTY, 21, waived=True)

    assert (quota_position.position, quota_position.price) == (21, None)


@pytest.mark.parametrize(("used", "percent"), [(0, 0), (15, 75), (16, 80), (20, 100), (23, 115)])
def test_quota_use_is_a_percentage(used: int, percent: int) -> None:
    assert Usage(used, 20, None).percent == percent


def test_the_percentage_is_rounded_down_so_that_no_threshold_is_reported_early() -> None:
    assert Usage(5, 7, None).percent == 71


def test_an_unlimited_quota_is_zero_percent_used() -> None:
    assert Usage(10_000, None, None).percent == 0


@pytest.mark.parametrize(
    ("included", "used", "part"),
    [
        *((20, 15, None), (20, 16, 80), (20, 19, 80), (20, 20, 100), (20, 40, 100)),
        *((7, 5, None), (7, 6, 80), (1, 1, 100), (0, 5, None), (None, 500, None)),
    ],
)
def test_the_client_is_notified_at_80_and_at_100_percent(
    included: int | None, used: int, part: int | None
) -> None:
    assert notice_due(Quota(included, PRICE), used) == part
