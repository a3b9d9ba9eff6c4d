"""Tests of the dialogs that staff fill in."""

from typing import Any

import pytest

from bot.domain.intake.refusals import NoClientYet
from bot.views.intake.open_ticket import open_modal
from bot.views.refusals import sentence_of
from bot.views.tickets.closing.resolve import resolve_modal
from bot.views.tickets.handling.reply import reply_modal
from tests import ids
from tests.views.slack_limits import check_view
from tests.views.ticket_views import CRITICAL, LOW


def inputs(view: dict[str, Any]) -> dict[str, dict[str, Any]]:
    check_view(view)
    for block in view["blocks"]:
        assert block["element"]["action_id"] == block["block_id"]
    return {block["block_id"]: block for block in view["blocks"]}


def test_the_resolve_dialog_asks_for_the_resolution_and_carries_the_key() -> None:
    view = resolve_modal("ACME-3", [CRITICAL, LOW], severity_needed=False)
    assert view["callback_id"] == ids.RESOLVE_VIEW
    assert view["private_metadata"] == "ACME-3"
    assert view["title"]["text"] == "Resolve ACME-3"
    asked = inputs(view)
    assert list(asked) == [ids.WORDS]
    assert asked[ids.WORDS]["optional"] is False
    assert asked[ids.WORDS]["element"]["max_length"] == 3000


def test_resolving_an_untriaged_ticket_asks_for_its_severity() -> None:
    asked = inputs(resolve_modal("ACME-3", [CRITICAL, LOW], severity_needed=True))
    menu = asked[ids.SEVERITY]["element"]
    assert [option["value"] for option in menu["options"]] == ["critical", "low"]
    assert not asked[ids.SEVERITY].get("optional", False)


def test_a_reply_in_slack_asks_for_the_words_only() -> None:
    view = reply_modal("ACME-3", by_slack=True)
    assert view["callback_id"] == ids.REPLY_VIEW
    assert view["private_metadata"] == "ACME-3"
    assert view["submit"]["text"] == "Preview"
    assert list(inputs(view)) == [ids.WORDS]


def test_a_reply_outside_slack_is_recorded_with_its_time() -> None:
    view = reply_modal("ACME-3", by_slack=False)
    assert view["submit"]["text"] == "Record the answer"
    asked = inputs(view)
    assert list(asked) == [ids.WORDS, ids.GIVEN_AT]
    assert asked[ids.GIVEN_AT]["optional"] is True
    assert asked[ids.GIVEN_AT]["element"]["max_length"] == len("2026-03-13 14:00")


def test_opening_a_ticket_asks_for_client_source_person_time_and_words() -> None:
    view = open_modal([("ACME", "Acme"), ("BETA", "Beta")])
    assert view["callback_id"] == ids.OPEN_VIEW
    asked = inputs(view)
    assert {name for name, block in asked.items() if block.get("optional")} == {ids.REPORTED_AT}
    clients = asked[ids.CLIENT]["element"]["options"]
    assert [(option["text"]["text"], option["value"]) for option in clients] == [
        ("Acme (ACME)", "ACME"),
        ("Beta (BETA)", "BETA"),
    ]
    sources = asked[ids.SOURCE]["element"]["options"]
    assert [option["value"] for option in sources] == ["email", "phone", "portal", "alert"]
    assert list(asked)[2:] == [ids.REPORTED_BY, ids.REPORTED_AT, ids.WORDS]


def test_more_clients_than_fit_into_a_menu_are_grouped_without_omission() -> None:
    clients = [(f"KEY{number:03}", f"Client {number}") for number in range(250)]
    menu = inputs(open_modal(clients))[ids.CLIENT]["element"]
    groups = menu["option_groups"]
    assert [group["label"]["text"] for group in groups] == [
        "KEY000 to KEY099",
        "KEY100 to KEY199",
        "KEY200 to KEY249",
    ]
    values = [option["value"] for group in groups for option in group["options"]]
    assert values == [key for key, _ in clients]


def test_a_long_client_name_leaves_room_for_its_key() -> None:
    menu = inputs(open_modal([("ACME", "A" * 200)]))[ids.CLIENT]["element"]
    assert menu["options"][0]["text"]["text"].endswith("… (ACME)")


def test_without_clients_the_dialog_says_how_to_add_them() -> None:
    with pytest.raises(NoClientYet) as refused:
        open_modal([])
    assert "deskbell client add" in sentence_of(refused.value)
