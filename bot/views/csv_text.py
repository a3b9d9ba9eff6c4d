"""Tables as CSV (RFC 4180) that no spreadsheet runs."""

import csv
import io
from collections.abc import Collection, Iterable, Mapping, Sequence

_FORMULA = ("=", "+", "-", "@")


def csv_text(
    columns: Sequence[str], rows: Iterable[Mapping[str, object]], numbers: Collection[str] = ()
) -> str:
    """With a head; what a row does not have is empty. No cell is a formula: a spreadsheet would run
    what a client has called themselves. A minus sign is one in the `numbers` alone."""
    out = io.StringIO()
    lines = csv.DictWriter(out, columns, restval="", lineterminator="\r\n")
    lines.writeheader()
    for row in rows:
        lines.writerow({name: _cell(value, name in numbers) for name, value in row.items()})
    return out.getvalue()


def _cell(value: object, is_number: bool) -> str:  # noqa: FBT001 (which column it is of)
    text = "" if value is None else str(value)
    if is_number or text.lstrip()[:1] not in _FORMULA:
        return text
    return f"'{text}"
