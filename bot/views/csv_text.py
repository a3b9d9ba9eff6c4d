"""CSV tables (RFC 4180) in which spreadsheets run no formulas."""

import csv
import io
from collections.abc import Collection, Iterable, Mapping, Sequence

_FORMULA = ("=", "+", "-", "@")


def csv_text(
    columns: Sequence[str], rows: Iterable[Mapping[str, object]], numbers: Collection[str] = ()
) -> str:
    """Return a CSV table with a header row; a value that a row lacks is empty.

    Spreadsheets run cells that begin with `=`, `+`, `-` or `@`, and clients choose names and words.
    Therefore these cells get an apostrophe in front, except in the columns of `numbers`, where a
    minus sign is allowed.
    """
    out = io.StringIO()
    lines = csv.DictWriter(out, columns, restval="", lineterminator="\r\n")
    lines.writeheader()
    for row in rows:
        lines.writerow({name: _cell(value, name in numbers) for name, value in row.items()})
    return out.getvalue()


def _cell(value: object, is_number: bool) -> str:  # noqa: FBT001 (a property of the column)
    text = "" if value is None else str(value)
    if is_number or text.lstrip()[:1] not in _FORMULA:
        return text
    return f"'{text}"
