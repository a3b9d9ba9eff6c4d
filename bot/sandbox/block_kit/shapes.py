"""Rules for JSON values. A rule takes a value and its JSON pointer and yields the problems.

The wording of the problems and the `json-pointer` are Slack's own.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Rule = Callable[[Any, str], Iterator[str]]


def problem(sentence: str, pointer: str) -> str:
    return f"{sentence} [json-pointer:{pointer}]"


def string(limit: int, *, least: int = 0) -> Rule:
    """Return the rule for a string of `least` to `limit` characters."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield problem("must provide a string", pointer)
        elif len(value) > limit:
            yield problem(f"must be less than {limit + 1} characters", pointer)
        elif len(value) < least:
            yield problem(f"must be more than {least - 1} characters", pointer)

    return check


def url(limit: int = 3000) -> Rule:
    """Return the rule for a URL that a browser can open."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        yield from string(limit, least=1)(value, pointer)
        if isinstance(value, str) and "://" not in value and not value.startswith("mailto:"):
            yield problem("must be a valid URL", pointer)

    return check


def integer(least: int, most: int) -> Rule:
    def check(value: Any, pointer: str) -> Iterator[str]:
        if isinstance(value, bool) or not isinstance(value, int):
            yield problem("must provide a number", pointer)
        elif not least <= value <= most:
            yield problem(f"must be between {least} and {most}", pointer)

    return check


def boolean(value: Any, pointer: str) -> Iterator[str]:
    if not isinstance(value, bool):
        yield problem("must be a boolean", pointer)


def anything(_value: Any, _pointer: str) -> Iterator[str]:
    yield from ()


def any_of(*allowed: Any) -> Rule:
    def check(value: Any, pointer: str) -> Iterator[str]:
        if value not in allowed:
            yield problem(f"must be one of: {', '.join(map(str, allowed))}", pointer)

    return check


def list_of(rule: Rule, *, least: int, most: int) -> Rule:
    """Return the rule for a list of `least` to `most` items that satisfy `rule`."""

    def check(value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield problem("must provide an array", pointer)
            return
        if len(value) > most:
            yield problem(f"no more than {most} items allowed", pointer)
        if len(value) < least:
            yield problem(f"no fewer than {least} items allowed", pointer)
        for position, item in enumerate(value):
            yield from rule(item, f"{pointer}/{position}")

    return check


@dataclass(frozen=True)
class Shape:
    """A rule for an object with required and optional properties and no other properties."""

    required: Mapping[str, Rule] = field(default_factory=dict)
    optional: Mapping[str, Rule] = field(default_factory=dict)
    also: Rule = anything

    def __call__(self, value: Any, pointer: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield problem("must provide an object", pointer)
            return
        for name in self.required:
            if value.get(name) is None:
                yield problem(f"missing required field: {name}", pointer)
        known = {"type": anything, **self.required, **self.optional}
        for name, item in value.items():
            if name not in known:
                yield problem(f"invalid additional property: {name}", pointer)
            elif item is not None:
                yield from known[name](item, f"{pointer}/{name}")
        yield from self.also(value, pointer)


@dataclass(frozen=True)
class ByType:
    """A rule for an object whose `type` selects the rule for the rest."""

    rules: Mapping[str, Rule]

    def __call__(self, value: Any, pointer: str) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, dict) else None
        if kind is None:
            yield problem("missing required field: type", pointer)
        elif kind not in self.rules:
            yield problem(f"unsupported type: {kind}", f"{pointer}/type")
        else:
            yield from self.rules[kind](value, pointer)
