"""Tests of amounts of money, which are held as whole minor units."""

import pytest

from bot.domain.agreements.money import Money


def test_money_adds_and_multiplies_to_the_cent() -> None:
    assert Money(29900, "USD") + Money(2500, "USD") * 3 == Money(37400, "USD")


def test_adding_two_currencies_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot add EUR to USD"):
        Money(1, "USD") + Money(1, "EUR")


def test_money_is_written_with_two_decimals() -> None:
    assert str(Money(29905, "USD")) == "USD 299.05"
    assert str(Money(-5, "USD")) == "USD -0.05"
