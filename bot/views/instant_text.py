"""Instants as scripts read them."""

from datetime import datetime


def instant_text(instant: datetime | None) -> str | None:
    """Return a UTC instant as "2026-03-13T18:59:00Z", None for None."""
    return None if instant is None else f"{instant.isoformat().removesuffix('+00:00')}Z"
