"""Parse the text of a catalogue into values, or report all its faults together."""

import hashlib
import tomllib
from collections.abc import Mapping
from typing import Any

from bot.catalog.build import Parts, build_plans
from bot.catalog.check import (
    check_calendars,
    check_categories,
    check_plans,
    check_severities,
)
from bot.catalog.check_ladders import check_ladders
from bot.catalog.check_targets import check_further, check_targets
from bot.catalog.faults import Faults
from bot.catalog.schema import CatalogTable
from bot.domain.agreements.plan import Catalog
from bot.errors import ConfigurationError


def parse_catalog(text: str, *, name: str, source: str) -> Catalog:
    """Return the catalogue in the TOML text. Faults are reported with `source` as the file name.

    Raises ConfigurationError with a line for each fault: `file: key: what is wrong; what would be
    right`.
    """
    faults = Faults(source)
    parts = check_tables(read_toml(text, source), faults)
    return Catalog(
        name=name,
        vendor=parts.head.vendor,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        text=text,
        plans=build_plans(name, parts),
    )


def read_toml(text: str, source: str) -> dict[str, Any]:
    """Return the tables of the text.

    Raises ConfigurationError with the position of a syntax error.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(
            f"{source}: is not TOML: {error}; mend it there (a key stands once in its table)"
        ) from None


def check_tables(tables: Mapping[str, Any], faults: Faults) -> Parts:
    """Check and return the tables of a whole catalogue.

    Raises ConfigurationError with all faults.
    """
    head = faults.check(CatalogTable, "", tables)
    severities = check_severities(faults, tables)
    calendars = check_calendars(faults, tables)
    categories = check_categories(faults, tables)
    plans = check_plans(faults, tables)
    targets = check_targets(faults, tables)
    further = check_further(faults, tables)
    ladders = check_ladders(faults, tables)
    faults.raise_any()
    if head is None:
        raise AssertionError("a table that is not right has left a fault")
    return Parts(head, severities, calendars, categories, plans, targets, further, ladders)
