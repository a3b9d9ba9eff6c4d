"""What is wrong with a catalogue file: gathered, so that all of it is said at once."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.catalog_file.choices import instead_of
from bot.catalog_file.schema import Table
from bot.errors import ConfigurationError

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
    """The faults of one file, each `file: key: what is wrong; what would be right`.

    Where the file is a part of a catalogue, `within` is the table it stands for: its name is left
    out of the keys.
    """

    def __init__(self, source: str, *, within: str = "") -> None:
        self._source = source
        self._within = within
        self._lines: list[str] = []

    def add(self, key: str, fault: str) -> None:
        if self._within:
            key = key.removeprefix(self._within).removeprefix(".") or "the plan"
            fault = fault.replace(f"[{self._within}.", "[")
        self._lines.append(f"{self._source}: {key}: {fault}")

    def raise_any(self) -> None:
        """Raises ConfigurationError with every fault so far, a line each."""
        if self._lines:
            raise ConfigurationError("\n".join(self._lines))

    def check(self, model: type[_Table], key: str, value: object) -> _Table | None:
        """The table where it is right; else None, and its faults are noted."""
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
        """The tables of a section that are right, by their ids; the faults of others are noted."""
        found = {
            table_id: self.check(model, f"{key}.{table_id}", table)
            for table_id, table in self.entries(key, tables)
        }
        return {table_id: table for table_id, table in found.items() if table is not None}

    def entries(self, key: str, tables: object) -> Iterator[tuple[str, object]]:
        """The ids of a section and what stands there. What is missing has been noted elsewhere."""
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
        context: dict[str, Any] = detail.get("ctx", {})
        return str(context["error"])
    if detail["type"] == "extra_forbidden":
        return f"is no key here; {instead_of(str(detail['loc'][-1]), _keys(model, detail))}"
    return f"{_wrong(detail)}; write {_right(model, detail)}"


def _wrong(detail: ErrorDetails) -> str:
    value = detail["input"]
    return _WRONG.get(detail["type"], "{!r} cannot stand here").format(value)


def _table_of(model: type[Table], detail: ErrorDetails) -> type[Table]:
    """The table that the faulty key stands in: the model itself, or one nested in it."""
    for part in detail["loc"][:-1]:
        field = model.model_fields.get(str(part))
        annotation: Any = field.annotation if field else None
        # Of a list or a table by names, what stands in it.
        inner = [one for one in (annotation, *get_args(annotation)) if isinstance(one, type)]
        model = next((one for one in inner if issubclass(one, Table)), model)
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
