"""Check references between the tables of a file.

The checks use the raw tables, so a fault within a table does not hide a faulty reference.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.catalog.choices import instead_of
from bot.catalog.faults import Faults

Tables = Mapping[str, Any]

_SECTIONS = {
    "calendar": "calendars",
    "category": "categories",
    "ladder": "ladders",
    "plan": "plans",
    "severity": "severities",
}


def sections(tables: Tables, section: str) -> Iterator[tuple[str, Tables]]:
    """Yield the tables of a section with their IDs. Other values are reported elsewhere."""
    entries = tables.get(section)
    for name, entry in entries.items() if isinstance(entries, Mapping) else ():
        if isinstance(entry, Mapping):
            yield name, entry


def ids(tables: Tables, kind: str) -> list[str]:
    """Return the IDs of a kind: "calendar", "category", "ladder", "plan" or "severity"."""
    section = tables.get(_SECTIONS[kind])
    return list(section) if isinstance(section, Mapping) else []


def need_one(faults: Faults, key: str, table: Tables, keys: Mapping[str, str]) -> None:
    """Report a fault unless the table has exactly one of the keys.

    `keys` maps each key to an example.
    """
    given = [name for name in keys if name in table]
    examples = " or ".join(f"{name} = {example}" for name, example in keys.items())
    if not given:
        faults.add(key, f"has neither {' nor '.join(keys)}; write {examples}")
    elif len(given) > 1:
        faults.add(key, f"has both {' and '.join(given)}; write only one: {examples}")


def refuse_unknown(faults: Faults, key: str, kind: str, name: object, tables: Tables) -> None:
    """Report a fault if the name is not an ID of this kind."""
    known = ids(tables, kind)
    if isinstance(name, str) and name not in known:
        faults.add(key, f"there is no {kind} {name!r}; {instead_of(name, known)}")


def refuse_twice(faults: Faults, tables: Tables, section: str, key: str) -> None:
    """Report a fault if two tables of a section have the same value for a key, ignoring case."""
    first_with: dict[str, str] = {}
    for name, table in sections(tables, section):
        if key not in table:
            continue
        first = first_with.setdefault(str(table[key]).casefold(), name)
        if first != name:
            faults.add(
                f"{section}.{name}.{key}", f"{table[key]!r} is that of {first} too; write another"
            )
