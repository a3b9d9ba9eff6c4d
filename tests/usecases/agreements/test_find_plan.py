"""Tests that a plan is found by its id, or by `catalog/plan` if two catalogues have that id."""

from dataclasses import replace

import pytest

from bot.catalog import load_catalog
from bot.domain.agreements.refusals import PlanAmbiguous
from bot.usecases.agreements.find_plan import find_plan
from bot.views.refusals import sentence_of

ECOSIRE = load_catalog("ecosire")
OTHER_CATALOG = replace(ECOSIRE, name="other")


def test_a_plan_id_in_two_catalogues_must_be_named_with_its_catalogue() -> None:
    with pytest.raises(PlanAmbiguous) as refused:
        find_plan([ECOSIRE, OTHER_CATALOG], "standard")
    assert "write ecosire/standard or other/standard" in sentence_of(refused.value)
    assert find_plan([ECOSIRE, OTHER_CATALOG], "other/standard")[0] is OTHER_CATALOG
