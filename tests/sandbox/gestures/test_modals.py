"""Modals and App Homes: triggers, stacks, hashes and submissions."""

import asyncio
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import ImpossibleError, Sandbox
from bot.sandbox.gestures.form import filled_in

Json = dict[str, Any]


def plain(words: str) -> Json:
    return {"type": "plain_text", "text": words}


def modal(title: str = "Title", **extra: Any) -> Json:
    blocks = [{"type": "section", "text": plain("Words")}]
    return {"type": "modal", "title": plain(title), "blocks": blocks} | extra


BUTTON = {
    "type": "actions",
    "elements": [{"type": "button", "action_id": "go", "text": plain("Go")}],
}


@pytest.fixture
async def ada(sandbox: Sandbox, app: AsyncApp, connect: Any) -> str:
    """Add Ada, and an app that acknowledges every press."""

    @app.action("go")
    async def go(ack: Any) -> None:
        await ack()

    await connect()
    return sandbox.add_user("Ada")


@pytest.fixture
def trigger(sandbox: Sandbox, client: AsyncWebClient, ada: str) -> Any:
    """Return a function that presses a button and returns the new trigger ID."""

    async def fresh() -> str:
        posted = await client.chat_postMessage(channel=ada, text="Go?", blocks=[BUTTON])
        return (await sandbox.press(ada, posted["channel"], posted["ts"], "go")).trigger_id

    return fresh


async def test_a_trigger_opens_a_single_modal(
    sandbox: Sandbox, client: AsyncWebClient, ada: str, trigger: Any, refused: Any
) -> None:
    """exchanged_trigger_id: "The trigger_id was already exchanged in a previous call"."""
    trigger_id = await trigger()
    opened = await client.views_open(trigger_id=trigger_id, view=modal())
    assert [view.view_id for view in sandbox.views_open(ada)] == [opened["view"]["id"]]
    again = await refused(client.views_open(trigger_id=trigger_id, view=modal()))
    assert again["error"] == "exchanged_trigger_id"


async def test_a_trigger_expires(
    sandbox: Sandbox, client: AsyncWebClient, trigger: Any, refused: Any
) -> None:
    """expired_trigger_id, after three seconds, which the test shortens."""
    sandbox.trigger_seconds = 0.05
    trigger_id = await trigger()
    await asyncio.sleep(0.06)
    late = await refused(client.views_open(trigger_id=trigger_id, view=modal()))
    assert late["error"] == "expired_trigger_id"


async def test_triggers_are_valid_for_three_seconds_by_default(sandbox: Sandbox) -> None:
    """Modals: a trigger has to be used within three seconds."""
    assert sandbox.trigger_seconds == 3.0


async def test_an_invented_trigger_is_invalid(client: AsyncWebClient, refused: Any) -> None:
    """invalid_trigger_id."""
    answer = await refused(client.views_open(trigger_id="1.2.abc", view=modal()))
    assert answer["error"] == "invalid_trigger_id"


async def test_a_refused_view_lists_its_problems(
    client: AsyncWebClient, trigger: Any, refused: Any
) -> None:
    """invalid_arguments; `response_metadata.messages` has a json-pointer to each problem."""
    trigger_id = await trigger()
    answer = await refused(client.views_open(trigger_id=trigger_id, view=modal("a" * 25)))
    assert answer["error"] == "invalid_arguments"
    [message] = answer["response_metadata"]["messages"]
    fault = "must be less than 25 characters [json-pointer:/view/title/text]"
    assert message == f"[ERROR] {fault}"


async def test_a_view_can_be_too_large(client: AsyncWebClient, trigger: Any, refused: Any) -> None:
    """view_too_large: "greater than 250kb"."""
    blocks = [{"type": "section", "text": plain("a" * 3000)}] * 90
    answer = await refused(client.views_open(trigger_id=await trigger(), view=modal(blocks=blocks)))
    assert answer["error"] == "view_too_large"


async def test_a_refused_view_does_not_use_up_the_trigger(
    client: AsyncWebClient, trigger: Any, refused: Any
) -> None:
    """exchanged_trigger_id is for a trigger that has opened a view."""
    trigger_id = await trigger()
    await refused(client.views_open(trigger_id=trigger_id, view=modal("a" * 25)))
    assert (await client.views_open(trigger_id=trigger_id, view=modal()))["ok"]


async def test_a_stack_holds_three_modals(
    sandbox: Sandbox, client: AsyncWebClient, ada: str, trigger: Any, refused: Any
) -> None:
    """push_limit_reached: "Currently the limit is 3"."""
    first = await client.views_open(trigger_id=await trigger(), view=modal("1"))
    await client.views_push(trigger_id=await trigger(), view=modal("2"))
    third = await client.views_push(trigger_id=await trigger(), view=modal("3"))
    fourth = await refused(client.views_push(trigger_id=await trigger(), view=modal("4")))
    assert fourth["error"] == "push_limit_reached"
    assert [view.title for view in sandbox.views_open(ada)] == ["1", "2", "3"]
    assert third["view"]["root_view_id"] == first["view"]["id"]
    await sandbox.close_view(ada, third["view"]["id"])
    assert [view.title for view in sandbox.views_open(ada)] == ["1", "2"]


async def test_an_update_with_an_old_hash_is_a_conflict(
    sandbox: Sandbox, client: AsyncWebClient, ada: str, trigger: Any, refused: Any
) -> None:
    """hash_conflict: the hash "doesn't match the current stored value"."""
    opened = await client.views_open(trigger_id=await trigger(), view=modal("1"))
    view_id, old = opened["view"]["id"], opened["view"]["hash"]
    await client.views_update(view_id=view_id, view=modal("2"), hash=old)
    answer = await refused(client.views_update(view_id=view_id, view=modal("3"), hash=old))
    assert answer["error"] == "hash_conflict"
    assert [view.title for view in sandbox.views_open(ada)] == ["2"]


async def test_a_closed_view_is_not_found(client: AsyncWebClient, refused: Any) -> None:
    """views.update, not_found: "the given `view_id` or `external_id` doesn't exist"."""
    answer = await refused(client.views_update(view_id="V404", view=modal()))
    assert answer["error"] == "not_found"


async def test_an_external_id_is_unique(client: AsyncWebClient, trigger: Any, refused: Any) -> None:
    """duplicate_external_id; views.update accepts an external_id."""
    await client.views_open(trigger_id=await trigger(), view=modal(external_id="mine"))
    again = client.views_push(trigger_id=await trigger(), view=modal(external_id="mine"))
    assert (await refused(again))["error"] == "duplicate_external_id"
    updated = await client.views_update(external_id="mine", view=modal("new"))
    assert updated["view"]["title"]["text"] == "new"


async def test_a_home_is_published_for_a_single_person(
    sandbox: Sandbox, client: AsyncWebClient, ada: str, refused: Any
) -> None:
    """views.publish: one view for each `user_id`; hash_conflict; user_not_found."""
    assert sandbox.home(ada) is None
    home = {"type": "home", "blocks": [BUTTON]}
    published = await client.views_publish(user_id=ada, view=home)
    shown = sandbox.home(ada)
    assert shown is not None
    assert shown.plain() == "Go"
    await client.views_publish(user_id=ada, view=home, hash=published["view"]["hash"])
    late = client.views_publish(user_id=ada, view=home, hash=published["view"]["hash"])
    assert (await refused(late))["error"] == "hash_conflict"
    nobody = await refused(client.views_publish(user_id="U404", view=home))
    assert nobody["error"] == "user_not_found"
    press = await sandbox.press_in_view(ada, shown, "go")
    assert press.acked


async def test_opening_the_home_sends_an_event(
    sandbox: Sandbox, app: AsyncApp, ada: str, eventually: Any
) -> None:
    """app_home_opened: `user`, `channel`, `tab`, and the `view` that is shown."""
    seen: list[Json] = []

    @app.event("app_home_opened")
    async def opened(event: Json) -> None:
        seen.append(event)

    await sandbox.open_home(ada)
    await eventually(lambda: seen)
    assert (seen[0]["user"], seen[0]["tab"]) == (ada, "home")


async def test_answers_to_a_submission_are_applied(
    sandbox: Sandbox, app: AsyncApp, client: AsyncWebClient, ada: str, trigger: Any
) -> None:
    """`update`, `push` and `clear`; an invalid answer leaves the modal unchanged."""
    answers: list[Json] = [
        {"response_action": "update", "view": modal("2", callback_id="c")},
        {"response_action": "push", "view": modal("3", callback_id="c")},
        {"response_action": "update", "view": modal("a" * 25)},
        {"response_action": "errors", "errors": {"no such block": "?"}},
        {"response_action": "clear"},
    ]

    @app.view("c")
    async def step(ack: Any) -> None:
        await ack(**answers.pop(0))

    await client.views_open(trigger_id=await trigger(), view=modal("1", callback_id="c"))
    titles, errors = [], []
    for _ in range(5):
        outcome = await sandbox.submit(ada, sandbox.views_open(ada)[-1], {})
        titles.append([view.title for view in sandbox.views_open(ada)])
        errors.append(outcome.error)
    assert titles == [["2"], ["2", "3"], ["2", "3"], ["2", "3"], []]
    assert errors[0] is errors[1] is errors[4] is None
    assert str(errors[2]).startswith("invalid_arguments: must be less than 25 characters")
    assert errors[3] == "invalid_errors"


def field(block_id: str, kind: str, **extra: Any) -> Json:
    optional = extra.pop("optional", False)
    element = {"type": kind, "action_id": "a"} | extra
    label = plain(block_id.title())
    return {
        "type": "input",
        "block_id": block_id,
        "label": label,
        "element": element,
        "optional": optional,
    }


OPTIONS = [{"text": plain(label), "value": label.lower()} for label in ("High", "Low")]


def test_state_values_depend_on_the_kind_of_input() -> None:
    """view_submission, `state.values`: by block_id and action_id, with a field for each kind."""
    blocks = [
        field("words", "plain_text_input"),
        field("severity", "static_select", options=OPTIONS),
        field("ticks", "checkboxes", options=OPTIONS),
        field("who", "users_select"),
        field("day", "datepicker", initial_date="2026-03-09"),
        field("count", "number_input", is_decimal_allowed=False),
        field("left", "plain_text_input", optional=True),
    ]
    given: Any = {"words": "a", "severity": "low", "ticks": ["high"], "who": "U1", "count": 3}
    values = filled_in(blocks, given)
    flat = {name: value["a"] for name, value in values.items()}
    assert flat == {
        "words": {"type": "plain_text_input", "value": "a"},
        "severity": {"type": "static_select", "selected_option": OPTIONS[1]},
        "ticks": {"type": "checkboxes", "selected_options": [OPTIONS[0]]},
        "who": {"type": "users_select", "selected_user": "U1"},
        "day": {"type": "datepicker", "selected_date": "2026-03-09"},
        "count": {"type": "number_input", "value": "3"},
        "left": {"type": "plain_text_input", "value": None},
    }


WRONG: dict[str, tuple[Json, Any, str]] = {
    "a required input left empty": (field("b", "plain_text_input"), {}, "is required"),
    "a text over max_length": (
        field("b", "plain_text_input", max_length=3),
        {"b": "four"},
        "takes 3 characters, not 4",
    ),
    "a text under min_length": (
        field("b", "plain_text_input", min_length=5),
        {"b": "four"},
        "needs 5 characters, not 4",
    ),
    "an option that is not offered": (
        field("b", "static_select", options=OPTIONS),
        {"b": "medium"},
        "choose one of: high, low",
    ),
    "a block that is not there": (
        field("b", "plain_text_input", optional=True),
        {"c": "a"},
        r"no input is called \['c'\]; present: b",
    ),
    "words for a number": (
        field("b", "number_input", is_decimal_allowed=True),
        {"b": "many"},
        "takes a number",
    ),
    "a number out of range": (
        field("b", "number_input", is_decimal_allowed=True, max_value="5"),
        {"b": "6"},
        "takes any to 5",
    ),
    "half of a whole number": (
        field("b", "number_input", is_decimal_allowed=False),
        {"b": "1.5"},
        "takes a whole number",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_the_client_refuses_invalid_inputs(what: str) -> None:
    """Input block: `optional`; its elements: `min_length`, `max_length`, `min_value`."""
    block, given, words = WRONG[what]
    with pytest.raises(ImpossibleError, match=words):
        filled_in([block], given)


async def test_a_push_needs_an_open_modal(
    client: AsyncWebClient, trigger: Any, refused: Any
) -> None:
    """views.push, not_found: there is no modal below."""
    answer = await refused(client.views_push(trigger_id=await trigger(), view=modal()))
    assert answer["error"] == "not_found"


async def test_only_the_modal_on_top_can_be_submitted(
    sandbox: Sandbox, client: AsyncWebClient, ada: str, trigger: Any
) -> None:
    """Modals: only the view on top of a stack is visible."""
    below = await client.views_open(trigger_id=await trigger(), view=modal("1"))
    await client.views_push(trigger_id=await trigger(), view=modal("2"))
    with pytest.raises(ImpossibleError, match="not the modal on top"):
        await sandbox.submit(ada, below["view"]["id"], {})
    bob = sandbox.add_user("Bob")
    with pytest.raises(ImpossibleError, match="has no view"):
        await sandbox.submit(bob, below["view"]["id"], {})


async def test_a_submission_from_outside_has_their_team(
    sandbox: Sandbox, app: AsyncApp, client: AsyncWebClient, ada: str
) -> None:
    """`team` is theirs, `view.app_installed_team_id` ours."""
    bodies: list[Json] = []

    @app.view("c")
    async def keep(ack: Any, body: Json) -> None:
        bodies.append(body)
        await ack()

    team = sandbox.add_team("Acme Inc")
    wile = sandbox.add_user("Wile", team=team)
    channel = sandbox.add_channel("acme", members=[wile, ada], shared_with=team)
    posted = await client.chat_postMessage(channel=channel, text="Go?", blocks=[BUTTON])
    press = await sandbox.press(wile, channel, posted["ts"], "go")
    await client.views_open(trigger_id=press.trigger_id, view=modal(callback_id="c"))
    await sandbox.submit(wile, sandbox.views_open(wile)[0], {})
    [body] = bodies
    assert (body["team"]["id"], body["user"]["team_id"]) == (team, team)
    assert body["view"]["app_installed_team_id"] == sandbox.team_id
