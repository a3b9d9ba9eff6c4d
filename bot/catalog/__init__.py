"""Read catalogue files: TOML text with the promises of a vendor, parsed into domain values."""

from bot.catalog.load import SHIPPED, load_catalog
from bot.catalog.override import override_plan
from bot.catalog.parse import parse_catalog

__all__ = ["SHIPPED", "load_catalog", "override_plan", "parse_catalog"]
