"""Tests `deskbell statement` and `deskbell plan`: amounts for scripts, and agreement history."""

import asyncio
import csv
import io
import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import pytest

from tests.cli.command import Command
from tests.stories.agreements.test_statements import APRIL, LAST_DAY, SMALL, requests
from tests.story import Story, story


async def play_month(tale: Story) -> None:
    """Play a month with four tickets of Acme, two included and another waived; some facts become
    known in April.
    """
    channel, _ = await tale.add_client(terms=SMALL)
    await tale.add_client("Globex")
    await requests(tale, channel, 4)
    await tale.asks(tale.mo, "waive ACME-3 =cmd() they waited")
    await tale.at(APRIL)
    await tale.asks(tale.dana, "dismiss ACME-4")
    await tale.at(APRIL + timedelta(days=30))


def commands(tale: Story, directory: Path) -> Command:
    deskbell = Command(directory)
    deskbell.settings |= {"DATABASE_URL": tale.database_url, "DESKBELL_CATALOG": "ecosire,ecotone"}
    return deskbell


def database_after(directory: Path, play: Callable[[Story], Awaitable[None]]) -> Story:
    """Play a story to its end, so that its database remains and no event loop runs."""

    async def play_to_the_end() -> Story:
        async with story(directory, LAST_DAY) as tale:
            async with tale.running():
                await play(tale)
            return tale

    return asyncio.run(play_to_the_end())


def test_a_statement_is_printed_for_people_scripts_and_billing(tmp_path: Path) -> None:
    output_of = commands(database_after(tmp_path, play_month), tmp_path).output

    listed = (output_of("statement", "list", "ACME")).splitlines()
    assert listed[0].startswith("ACME  2026-03-01  2026-03-31  Standard  4  1  0  USD 25.00")
    assert listed[1].startswith("ACME  2026-04-01  2026-04-30  Standard  0  0  1  USD -25.00")

    text = output_of("statement", "show", "ACME", "--period", "2026-03-01")
    march = json.loads(text)
    assert march["to_pay"] == [{"minor": 2500, "currency": "USD"}]
    assert [line["position"] for line in march["lines"]] == [1, 2, 3, 4]
    assert march["lines"][2]["waived"] == "=cmd() they waited"
    assert march["lines"][2]["amount"] is None
    assert march["lines"][3]["link"].startswith("https://slack.com/archives/C")

    text = output_of("statement", "show", "ACME", "--period", "2026-03-01", "--as", "csv")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["amount"] for row in rows] == ["", "", "", "25.00"]
    assert rows[2]["waived"] == "'=cmd() they waited"
    [april] = csv.DictReader(io.StringIO(output_of("statement", "show", "ACME", "--as", "csv")))
    assert (april["amount"], april["why"]) == ("-25.00", "it was no ticket")

    verified = output_of("statement", "verify")
    assert verified == "4 statements are what the history gives.\n"


def test_a_statement_that_differs_from_the_history_is_reported(tmp_path: Path) -> None:
    tale = database_after(tmp_path, play_month)
    [(body,)] = tale.rows("SELECT body FROM statements WHERE id = 1")
    forged = json.loads(body) if isinstance(body, str) else body
    assert forged["client_key"] == "ACME"
    forged["lines"][3]["price"]["minor"] = 99
    tale.rows("UPDATE statements SET body = ? WHERE id = 1", json.dumps(forged))

    done = commands(tale, tmp_path)("statement", "verify", "ACME")

    assert done.returncode == 1
    difference = "ACME 2026-03-01: ACME-4: its line says USD 0.99 at place 4; the history gives"
    assert f"{difference} USD 25.00 at place 4." in done.stdout
    assert "2 of 2 statements are not what the history gives." in done.stderr
    unknown = commands(tale, tmp_path)("statement", "verify", "NOBODY")
    assert "There is no client NOBODY: choose ACME, GLOBEX." in unknown.stderr


@pytest.mark.thorough
def test_stripes_own_library_accepts_the_exported_items(tmp_path: Path) -> None:
    import stripe  # noqa: PLC0415 (a package that `make test` does not install)

    tale = database_after(tmp_path, play_month)
    output_of = commands(tale, tmp_path).output
    items = []
    for period in ("2026-03-01", "2026-04-01"):
        words = ("statement", "show", "ACME", "--period", period, "--as", "stripe")
        text = output_of(*words, "--customer", "cus_9")
        items += [json.loads(line) for line in text.splitlines()]

    with invoice_server() as (url, posted):
        client = stripe.StripeClient("sk_test_x", base_addresses={"api": url})
        for item in items:
            options: Any = {"idempotency_key": item["idempotency_key"]}
            client.v1.invoice_items.create(params=item["params"], options=options)

    amounts = [(item["amount"], item["currency"], item["customer"]) for _, item in posted]
    assert amounts == [(["2500"], ["usd"], ["cus_9"]), (["-2500"], ["usd"], ["cus_9"])]
    keys = [key for key, _ in posted]
    assert keys == ["deskbell-ACME-4-2026-03-01-charge", "deskbell-ACME-4-2026-04-01-credit"]
    assert posted[0][1]["metadata[ticket]"] == ["ACME-4"]
    refused = commands(tale, tmp_path)("statement", "show", "ACME", "--as", "stripe")
    assert "Say whose invoice items they are: --customer cus_…." in refused.stderr


@contextmanager
def invoice_server() -> Iterator[tuple[str, list[tuple[str, dict[str, list[str]]]]]]:
    """Run a server on loopback in place of Stripe's; yield the posted requests with their
    idempotency keys.
    """
    posted: list[tuple[str, dict[str, list[str]]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            assert self.path == "/v1/invoiceitems"
            posted.append((str(self.headers["Idempotency-Key"]), parse_qs(body)))
            answer = b'{"id": "ii_1", "object": "invoiceitem"}'
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", posted
    finally:
        server.shutdown()
        server.server_close()


async def play_new_client(tale: Story) -> None:
    await tale.add_client()


@pytest.mark.thorough
def test_an_agreement_is_changed_and_its_versions_are_listed(tmp_path: Path) -> None:
    tale = database_after(tmp_path, play_new_client)
    deskbell = commands(tale, tmp_path)
    channels = {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "DESKBELL_MANAGERS_CHANNEL": tale.managers,
        "DESKBELL_TRIAGE_CHANNEL": tale.triage,
    }
    deskbell.settings |= channels

    def change_plan(*words: str) -> str:
        return deskbell.output("plan", *words)

    changed = change_plan("change", "ACME", "--plan", "priority", "--until", "2099-12-31", "--yes")
    assert "Acme is on Priority instead of Standard from now on." in changed
    assert "It runs until 31 December 2099; then Standard is in force." in changed
    change_plan("change", "ACME", "--plan", "included", "--yes")
    withdrawn = change_plan("withdraw", "ACME", "--yes")
    assert "Acme stays on Priority: the change to Included on" in withdrawn
    assert "told." in withdrawn
    shown = json.loads(deskbell.output("client", "show", "ACME", "--json"))
    assert (shown["plan"], shown["used"], shown["included"]) == ("priority", 0, None)
    versions = shown["agreements"]
    assert [version["kind"] for version in versions][:2] == ["start", "upgrade"]
    assert [version["plan"] for version in versions if version["withdrawn_at"]] != []
    text = deskbell.output("client", "show", "acme")
    assert "plan: priority" in text
    assert "from 2099-12-31T19:00:00Z: standard" in text
    assert "taken back" in text


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--plan", "gold"), "There is no plan “ecosire/gold”"),
        (("--cycle-day", "40"), "A billing cycle begins on a day from 1 to 31."),
        (("--statements", "all"), "--statements all is neither managers nor client"),
        ((), "says so already"),
    ],
)
def test_an_impossible_change_is_refused_with_a_message(
    tmp_path: Path, words: tuple[str, ...], why: str
) -> None:
    tale = database_after(tmp_path, play_new_client)
    deskbell = commands(tale, tmp_path)
    done = deskbell("plan", "change", "ACME", *words, "--yes")
    assert done.returncode != 0
    assert why.lower() in done.stderr.lower()
