"""Collect all faults of a catalogue file, so that a single error reports them together."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.catalog.choices import instead_of
from bot.catalog.schema import Table
from bot.domain.sla.text_faults import TextFault
from bot.errors import ConfigurationError
from bot.views.refusals import sentence_of

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ID_RULE = "write small letters, digits and hyphens: 'support-agreement'"
_EXAMPLES = {
    "severities": "critical",
    "calendars": "business",
    "ladders": "usual",
    "categories": "bug",
    "plans": "standard",
}

_WRONG = {
    "missing": "is missing",
    "bool_type": "{!r} is neither true nor false",
    "int_type": "{!r} is no whole number",
    "literal_error": "{!r} is unknown",
    "tuple_type": "{!r} is no list",
    "mapping_type": "{!r} is no table",
}

_Table = TypeVar("_Table", bound=Table)


class Faults:
    """The faults of a file, each as `file: key: what is wrong; what would be right`.

    If the text is only a part of a catalogue, `within` is the name of its table, which the reported
    keys leave out.
    """

    def __init__(self, source: str, *, within: str = "") -> None:
        self._source = source
        self._within = within
        self._lines: list[str] = []

    def add(self, key: str, fault: str) -> None:
        """Add a fault of the key."""
        if self._within:
            key = key.removeprefix(self._within).removeprefix(".") or "the plan"
            fault = fault.replace(f"[{self._within}.", "[")
        self._lines.append(f"{self._source}: {key}: {fault}")

    def raise_any(self) -> None:
        """Raise ConfigurationError with all faults up to now, a line each, if there are any."""
        if self._lines:
            raise ConfigurationError("\n".join(self._lines))

    def check(self, model: type[_Table], key: str, value: object) -> _Table | None:
        """Return the table if it is valid; else report its faults and return None."""
        if not isinstance(value, Mapping):
            self.add(key, f"is no table; write [{key}] and its keys below it")
            return None
        try:
            return model.model_validate(dict(value))
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                self.add(_key(key, detail), _fault(model, detail))
            return None

    def check_each(self, model: type[_Table], key: str, tables: object) -> dict[str, _Table]:
        """Return the valid tables of a section by ID, and report the faults of the others."""
        checked = {
            table_id: self.check(model, f"{key}.{table_id}", table)
            for table_id, table in self.entries(key, tables)
        }
        return {table_id: table for table_id, table in checked.items() if table is not None}

    def entries(self, key: str, tables: object) -> Iterator[tuple[str, object]]:
        """Yield the IDs and the values of a section, and report malformed IDs.

        A missing section is reported elsewhere.
        """
        if tables is None:
            return
        if not isinstance(tables, Mapping) or not tables:
            self.add(key, f"holds no table; write [{key}.{_EXAMPLES[key]}] and its keys below it")
            return
        for table_id, table in tables.items():
            if not _ID.fullmatch(table_id):
                self.add(f"{key}.{table_id}", f"{table_id!r} is no id; {_ID_RULE}")
            yield table_id, table


def _key(key: str, detail: ErrorDetails) -> str:
    parts = [str(part) for part in detail["loc"] if part != "[key]"]
    return ".".join(part for part in (key, *parts) if part)


def _fault(model: type[Table], detail: ErrorDetails) -> str:
    if detail["type"] == "value_error":
        error = detail["ctx"]["error"]
        return sentence_of(error) if isinstance(error, TextFault) else str(error)
    if detail["type"] == "extra_forbidden":
        return f"is no key here; {instead_of(str(detail['loc'][-1]), _keys(model, detail))}"
    return f"{_wrong(detail)}; write {_right(model, detail)}"


def _wrong(detail: ErrorDetails) -> str:
    value = detail["input"]
    return _WRONG.get(detail["type"], "{!r} cannot stand here").format(value)


def _table_of(model: type[Table], detail: ErrorDetails) -> type[Table]:
    """Return the model of the table with the faulty key: the model itself or a nested table."""
    for part in detail["loc"][:-1]:
        field = model.model_fields.get(str(part))
        annotation: Any = field.annotation if field else None
        # For a list or a mapping, the type of its items.
        inner = [kind for kind in (annotation, *get_args(annotation)) if isinstance(kind, type)]
        model = next((kind for kind in inner if issubclass(kind, Table)), model)
    return model


def _keys(model: type[Table], detail: ErrorDetails) -> list[str]:
    return list(_table_of(model, detail).model_fields)


def _right(model: type[Table], detail: ErrorDetails) -> str:
    table = _table_of(model, detail)
    for part in reversed(detail["loc"]):
        field = table.model_fields.get(str(part))
        if field and field.description:
            return field.description
    return "what the catalogue's documentation shows"
