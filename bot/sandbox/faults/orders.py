"""A queue of faults that tests have ordered, with the calls or events that each applies to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Condition = Callable[[Mapping[str, Any]], bool]
FaultType = TypeVar("FaultType")


@dataclass
class _Order(Generic[FaultType]):
    subject: str
    fault: FaultType
    times: int | None
    after: int
    when: Condition | None

    def applies_to(self, subject: str, details: Mapping[str, Any]) -> bool:
        if self.times == 0 or self.subject not in (subject, "*"):
            return False
        return self.when is None or self.when(details)


class Orders(Generic[FaultType]):
    """Faults by subject, which is the name of a method or the type of an event.

    When several orders apply to the same subject, the oldest order takes effect.
    """

    def __init__(self) -> None:
        self._orders: list[_Order[FaultType]] = []

    def place(
        self,
        subject: str,
        fault: FaultType,
        *,
        times: int | None,
        after: int,
        when: Condition | None,
    ) -> None:
        self._orders.append(_Order(subject, fault, times, after, when))

    def clear(self) -> None:
        """Remove all orders. Faults that have already taken effect continue."""
        self._orders.clear()

    def strike(self, subject: str, details: Mapping[str, Any]) -> FaultType | None:
        """Return the fault for this call or event and count it, or None."""
        for order in self._orders:
            if not order.applies_to(subject, details):
                continue
            if order.after > 0:
                order.after -= 1
                continue
            if order.times is not None:
                order.times -= 1
            return order.fault
        return None
