"""The digest, or what became of some days, as a table for spreadsheets."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC
from functools import partial

from bot.domain.cause import Cause
from bot.domain.digest import Attainment, Digest, DigestLine, Review
from bot.views.csv_text import csv_text
from bot.views.message import Message, Upload

_COLUMNS = (
    *(
        "list",
        "client",
        "plan",
        "ticket",
        "severity",
        "promise",
        "due_at",
        "has_it",
        "days",
        "kept",
    ),
    *("of", "used", "included", "to_pay", "currency", "day", "what"),
)
_NUMBERS = frozenset({"days", "kept", "of", "used", "included", "to_pay"})
Row = dict[str, object]


def csv_message(of: Digest | Review) -> Message:
    """A file, with a title that says of which days it is."""
    if isinstance(of, Digest):
        title, rows = f"Support on {of.day}.csv", [*_of_digest(of)]
    else:
        days = str(of.first) if of.first == of.last else f"{of.first} to {of.last}"
        title, rows = f"Support, {days}.csv", [*_of_review(of)]
    table = csv_text(_COLUMNS, rows, _NUMBERS)
    return Message(title, [], upload=Upload(title, "", partial(table.encode, "utf-8"), "csv"))


def _of_digest(of: Digest) -> Iterator[Row]:
    """Instants in ISO 8601, UTC; money in whole units with its currency; people as Slack IDs."""
    for name, lines in (
        ("new breach", of.new_breaches),
        ("still late", of.still_late),
        ("at risk", of.at_risk),
        ("held", of.held),
    ):
        yield from _tickets(name, lines)
    yield from _attainment(of.attainment)
    for line in of.quota:
        _, _, to_pay = str(line.overage or "").partition(" ")
        yield {
            **{"list": "quota", "client": line.client, "used": line.used},
            **{"included": line.included, "to_pay": to_pay or None},
            "currency": line.overage.currency if line.overage else None,
        }
    for one in of.coming:
        what = "the term ends" if one.ends else "agreed"
        client = {"list": "agreement", "client": one.client, "day": one.day}
        yield client | {"plan": one.plan or "no plan", "what": what}
    for duty in of.duties:
        client = {"list": "duty", "client": duty.client, "day": duty.last, "has_it": duty.has_it}
        yield client | {"what": duty.label}
    yield from _causes(of.causes)


def _of_review(of: Review) -> Iterator[Row]:
    yield from _tickets("breach", of.breaches)
    yield from _attainment(of.attainment)
    yield from _causes(of.causes)


def _tickets(name: str, lines: Sequence[DigestLine]) -> Iterator[Row]:
    for line in lines:
        yield {
            **{"list": name, "client": line.client, "ticket": line.key, "severity": line.severity},
            **{"promise": line.metric.words, "has_it": line.has_it},
            "due_at": line.due_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        }


def _attainment(lines: Iterable[Attainment]) -> Iterator[Row]:
    for line in lines:
        whose = {"list": "kept", "client": line.client, "plan": line.plan}
        yield whose | {"days": line.days, "kept": line.kept, "of": line.total}


def _causes(causes: Iterable[tuple[str, int]]) -> Iterator[Row]:
    for cause, count in causes:
        yield {"list": "cause", "of": count, "what": Cause(cause).words if cause else "not said"}
