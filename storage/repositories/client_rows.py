"""Rows of clients and agreements as values."""

from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from typing import Any

from bot.domain.agreements.agreement import Agreement
from bot.domain.operations.client import Client, Intake
from storage.tables.agreements import agreements
from storage.tables.operations import clients

CLIENT_COLUMNS = [clients.c[field.name] for field in fields(Client)]


AGREEMENT_COLUMNS = [agreements.c[field.name] for field in fields(Agreement)]


# The columns hold "" where the domain has None.
_NONE_IF_EMPTY = ("plan_id", "terms", "agreed_by")
_NAMES = [field.name for field in fields(Agreement)]


def agreement_of(row: Sequence[Any]) -> Agreement:
    """Return the agreement version with the values of `AGREEMENT_COLUMNS`."""
    values: dict[str, Any] = dict(zip(_NAMES, row, strict=True))
    return Agreement(**values | {name: values[name] or None for name in _NONE_IF_EMPTY})


def agreement_values(agreement: Agreement) -> dict[str, Any]:
    """Return the values of all columns except the ID."""
    values = asdict(agreement)
    del values["id"]
    return values | {name: values[name] or "" for name in _NONE_IF_EMPTY}


def client_of(row: Sequence[Any]) -> Client:
    """Return a client from the values of `CLIENT_COLUMNS`."""
    client = Client(*row)
    return replace(client, intake=Intake(client.intake))
