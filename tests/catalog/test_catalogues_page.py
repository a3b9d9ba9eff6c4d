"""Tests that the examples in docs/catalogues.md are valid and that the page names every key."""

import re
from pathlib import Path

import pytest

from bot.catalog import override_plan, parse_catalog
from bot.catalog.schema import (
    CalendarTable,
    CatalogTable,
    CategoryTable,
    PlanTable,
    SeverityTable,
    Table,
)
from bot.domain.sla.targets.metric import Metric

PAGE = (Path(__file__).parents[2] / "docs" / "catalogues.md").read_text("utf-8")
CATALOG, TERMS = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


def test_the_pages_complete_example_is_a_valid_catalogue_and_its_terms_match() -> None:
    acme = parse_catalog(CATALOG, name="acme", source="acme.toml")
    gold = override_plan(acme, "gold", TERMS, source="initech.toml")
    assert str(gold.quota.overage) == "EUR 40.00"
    assert [sla_target.severity.id for sla_target in gold.sla_targets_of(Metric.UPDATE)] == [
        "critical"
    ]
    assert [sla_target.severity.id for sla_target in gold.sla_targets_of(Metric.RESOLUTION)] == [
        "critical"
    ]


@pytest.mark.parametrize(
    "table", [CatalogTable, SeverityTable, CalendarTable, CategoryTable, PlanTable]
)
def test_the_page_names_every_key(table: type[Table]) -> None:
    for key in table.model_fields:
        assert f"`{key}`" in PAGE or f".{key}]`" in PAGE or f"[{key}." in PAGE, key
