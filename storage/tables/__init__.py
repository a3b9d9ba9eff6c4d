"""All tables. Importing this package registers each of them in `metadata`."""

from storage.tables import agreements, escalation, intake, operations, reports, sla, tickets
from storage.tables.columns import metadata

__all__ = [
    "agreements",
    "escalation",
    "intake",
    "metadata",
    "operations",
    "reports",
    "sla",
    "tickets",
]
