"""Tests `deskbell inbox`: parked deliveries are listed and retried."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.cli.command import Command

PARK = (
    "INSERT INTO inbox (key, lane, body, received_at, attempts, not_before, done_at, outcome,"
    " parked_at) VALUES ('Ev1', 'C0ACME', '{}', 0, 4, 0, 0, 'parked: reference 1a2b', 0)"
)


def test_a_parked_delivery_is_listed_until_it_is_retried(tmp_path: Path) -> None:
    deskbell = Command(tmp_path)
    assert deskbell.output("inbox", "parked") == ""
    with closing(sqlite3.connect(tmp_path / "deskbell.db")) as connection, connection:
        connection.execute(PARK)
    assert json.loads(deskbell.output("inbox", "parked", "--json")) == {
        "id": 1,
        "channel": "C0ACME",
        "at": "1970-01-01T00:00:00+00:00",
        "why": "parked: reference 1a2b",
    }
    assert "C0ACME" in deskbell.output("inbox", "parked")

    assert deskbell.output("inbox", "retry", "1") == "Delivery 1 will be worked again.\n"
    assert deskbell.output("inbox", "parked") == ""
    done = deskbell("inbox", "retry", "1")
    assert done.returncode == 1
    assert "`deskbell inbox parked` lists them" in done.stderr
