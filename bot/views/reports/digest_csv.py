"""The digest or a review as a CSV table."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC
from functools import partial

from bot.domain.reports.digest import Attainment, Digest, DigestLine, Review
from bot.views.csv_text import csv_text
from bot.views.message import Message, Upload
from bot.views.tickets.causes import cause_words

USAGE = "[yesterday | week | month]"
MEANING = "the same as a file, sent to you"
FILE_ON_ITS_WAY = "The file is on its way to you, in your messages with me."
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


def csv_message(report: Digest | Review) -> Message:
    """Return an upload of the table; its title names the days that it covers."""
    if isinstance(report, Digest):
        title, rows = f"Support on {report.day}.csv", [*_of_digest(report)]
    else:
        days = (
            str(report.first) if report.first == report.last else f"{report.first} to {report.last}"
        )
        title, rows = f"Support, {days}.csv", [*_of_review(report)]
    table = csv_text(_COLUMNS, rows, _NUMBERS)
    return Message(title, [], upload=Upload(title, "", partial(table.encode, "utf-8"), "csv"))


def _of_digest(figures: Digest) -> Iterator[Row]:
    """Yield the rows of a digest. Instants are ISO 8601 in UTC; money is in whole units with its
    currency; people are Slack IDs."""
    for name, lines in (
        ("new breach", figures.new_breaches),
        ("still late", figures.still_late),
        ("at risk", figures.at_risk),
        ("held", figures.held),
    ):
        yield from _tickets(name, lines)
    yield from _attainment(figures.attainment)
    for line in figures.quota:
        _, _, to_pay = str(line.overage or "").partition(" ")
        yield {
            **{"list": "quota", "client": line.client, "used": line.used},
            **{"included": line.included, "to_pay": to_pay or None},
            "currency": line.overage.currency if line.overage else None,
        }
    for change in figures.coming:
        label = "the term ends" if change.ends else "agreed"
        client = {"list": "agreement", "client": change.client, "day": change.day}
        yield client | {"plan": change.plan or "no plan", "what": label}
    for duty in figures.duties:
        client = {"list": "duty", "client": duty.client, "day": duty.last, "has_it": duty.has_it}
        yield client | {"what": duty.label}
    yield from _causes(figures.causes)


def _of_review(review: Review) -> Iterator[Row]:
    yield from _tickets("breach", review.breaches)
    yield from _attainment(review.attainment)
    yield from _causes(review.causes)


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


def _causes(causes: Iterable[tuple[str | None, int]]) -> Iterator[Row]:
    for cause, count in causes:
        yield {"list": "cause", "of": count, "what": cause_words(cause) if cause else "not said"}
