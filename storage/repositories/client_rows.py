"""Rows of clients and agreements as values."""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from bot.domain.agreements.agreement import Agreement
from bot.domain.operations.client import Client, Intake
from storage.tables.agreements import agreements
from storage.tables.operations import clients

CLIENT_COLUMNS = [clients.c[field.name] for field in fields(Client)]


AGREEMENT_COLUMNS = [agreements.c[field.name] for field in fields(Agreement)]


def client_of(row: Sequence[Any]) -> Client:
    """Return a client from the values of `CLIENT_COLUMNS`."""
    client = Client(*row)
    return replace(client, intake=Intake(client.intake))
