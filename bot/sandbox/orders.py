"""Orders for what shall go wrong: how often, after how many, and for which."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Condition = Callable[[Mapping[str, Any]], bool]
Wrong = TypeVar("Wrong")


@dataclass
class _Order(Generic[Wrong]):
    subject: str
    wrong: Wrong
    times: int | None
    after: int
    when: Condition | None

    def concerns(self, subject: str, particulars: Mapping[str, Any]) -> bool:
        if self.times == 0 or self.subject not in (subject, "*"):
            return False
        return self.when is None or self.when(particulars)


class Orders(Generic[Wrong]):
    """What is on order; each order strikes its subjects in turn, the oldest order first."""

    def __init__(self) -> None:
        self._orders: list[_Order[Wrong]] = []

    def place(
        self, subject: str, wrong: Wrong, *, times: int | None, after: int, when: Condition | None
    ) -> None:
        self._orders.append(_Order(subject, wrong, times, after, when))

    def clear(self) -> None:
        """Forget all orders; what has already struck goes on."""
        self._orders.clear()

    def strike(self, subject: str, particulars: Mapping[str, Any]) -> Wrong | None:
        """What goes wrong with this one, if it is its turn."""
        for order in self._orders:
            if not order.concerns(subject, particulars):
                continue
            if order.after > 0:
                order.after -= 1
                continue
            if order.times is not None:
                order.times -= 1
            return order.wrong
        return None
