"""Amounts of money as whole minor units with a currency, never floats."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in `minor` units (cents) of an ISO 4217 `currency` with two decimals."""

    minor: int
    currency: str

    def __add__(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise ValueError(f"cannot add {other.currency} to {self.currency}")
        return Money(self.minor + other.minor, self.currency)

    def __mul__(self, count: int) -> "Money":
        return Money(self.minor * count, self.currency)

    def __str__(self) -> str:
        sign = "-" if self.minor < 0 else ""
        return f"{self.currency} {sign}{abs(self.minor) // 100}.{abs(self.minor) % 100:02d}"
