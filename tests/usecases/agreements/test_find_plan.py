"""A plan is found by its id, or by `catalog/plan` where two catalogues have one of that name."""

from dataclasses import replace

import pytest

from bot.catalog import load_catalog
from bot.errors import ConfigurationError
from bot.usecases.agreements.find_plan import find_plan

ECOSIRE = load_catalog("ecosire")
OTHER = replace(ECOSIRE, name="other")


def test_a_plan_of_two_catalogues_must_be_named_with_its_catalogue() -> None:
    with pytest.raises(ConfigurationError, match="write ecosire/standard or other/standard"):
        find_plan([ECOSIRE, OTHER], "standard")
    assert find_plan([ECOSIRE, OTHER], "other/standard")[0] is OTHER
