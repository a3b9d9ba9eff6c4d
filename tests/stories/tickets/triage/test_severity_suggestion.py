"""Staff see a suggested severity until somebody chooses a severity."""

from pathlib import Path

import pytest

from tests import ids
from tests.story import story

SUGGESTED = "Severity: not chosen yet; *Critical*? It says “down”"


async def test_an_edit_renews_the_severity_suggestion_without_setting_it(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        ts = await tale.says(ann, channel, "How do we print invoices?")
        assert "*Low*? It says “how do”" in tale.triage_card("ACME-1").plain()

        await tale.sandbox.edit(ann, channel, ts, "Our server is down")
        await tale.settle()

        assert SUGGESTED in tale.triage_card("ACME-1").plain()
        assert "Critical*?" not in tale.client_card(channel, ts).plain()
        assert (await tale.tickets())["ACME-1"]["severity"] is None
        choice = ids.severity_choice("ACME-1", "high")
        await tale.presses(tale.dana, tale.triage_card("ACME-1"), ids.TRIAGE_SEVERITY, choice)
        assert "It says" not in tale.triage_card("ACME-1").plain()


@pytest.mark.thorough
async def test_a_request_without_clues_has_no_severity_suggestion(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, ann = await tale.add_client()
        await tale.says(ann, channel, "The invoice of May is missing")
        assert "Severity: not chosen yet\n" in tale.triage_card("ACME-1").plain()
