"""Rules for JSON values, each a function from a value and its place to the faults found there.

The sentences and the `json-pointer` are those that Slack answers with.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Rule = Callable[[Any, str], Iterator[str]]


def fault(sentence: str, pointer: str) -> str:
    return f"{sentence} [json-pointer:{pointer}]"


def string(limit: int, *, least: int = 0) -> Rule:
    """A string of `least` to `limit` characters."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield fault("must provide a string", pointer)
        elif len(value) > limit:
            yield fault(f"must be less than {limit + 1} characters", pointer)
        elif len(value) < least:
            yield fault(f"must be more than {least - 1} characters", pointer)

    return check


def url(limit: int = 3000) -> Rule:
    """An address that a browser can open."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        yield from string(limit, least=1)(value, pointer)
        if isinstance(value, str) and "://" not in value and not value.startswith("mailto:"):
            yield fault("must be a valid URL", pointer)

    return check


def integer(least: int, most: int) -> Rule:
    def check(value: Any, pointer: str) -> Iterator[str]:
        if isinstance(value, bool) or not isinstance(value, int):
            yield fault("must provide a number", pointer)
        elif not least <= value <= most:
            yield fault(f"must be between {least} and {most}", pointer)

    return check


def boolean(value: Any, pointer: str) -> Iterator[str]:
    if not isinstance(value, bool):
        yield fault("must be a boolean", pointer)


def anything(_value: Any, _pointer: str) -> Iterator[str]:
    yield from ()


def one_of(*allowed: Any) -> Rule:
    def check(value: Any, pointer: str) -> Iterator[str]:
        if value not in allowed:
            yield fault(f"must be one of: {', '.join(map(str, allowed))}", pointer)

    return check


def list_of(rule: Rule, *, least: int, most: int) -> Rule:
    """A list of `least` to `most` items that each satisfy `rule`."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield fault("must provide an array", pointer)
            return
        if len(value) > most:
            yield fault(f"no more than {most} items allowed", pointer)
        if len(value) < least:
            yield fault(f"no fewer than {least} items allowed", pointer)
        for position, item in enumerate(value):
            yield from rule(item, f"{pointer}/{position}")

    return check


@dataclass(frozen=True)
class Shape:
    """An object with required and optional properties and no others."""

    required: Mapping[str, Rule] = field(default_factory=dict)
    optional: Mapping[str, Rule] = field(default_factory=dict)
    also: Rule = anything

    def __call__(self, value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield fault("must provide an object", pointer)
            return
        for name in self.required:
            if value.get(name) is None:
                yield fault(f"missing required field: {name}", pointer)
        known = {"type": anything, **self.required, **self.optional}
        for name, item in value.items():
            if name not in known:
                yield fault(f"invalid additional property: {name}", pointer)
            elif item is not None:
                yield from known[name](item, f"{pointer}/{name}")
        yield from self.also(value, pointer)


@dataclass(frozen=True)
class ByType:
    """An object whose `type` says which rule holds for it."""

    rules: Mapping[str, Rule]

    def __call__(self, value: Any, pointer: str) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, dict) else None
        if kind is None:
            yield fault("missing required field: type", pointer)
        elif kind not in self.rules:
            yield fault(f"unsupported type: {kind}", f"{pointer}/type")
        else:
            yield from self.rules[kind](value, pointer)
