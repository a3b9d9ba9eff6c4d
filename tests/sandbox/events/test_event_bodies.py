"""The bodies of the events, commands and interactions that the app receives."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import ImpossibleError, Sandbox

Json = dict[str, Any]


@pytest.fixture
async def received(app: AsyncApp, connect: Any) -> list[Json]:
    """The body of every event, command and interaction, in order of arrival."""
    bodies: list[Json] = []

    @app.middleware
    async def keep(body: Json, next_: Any) -> None:
        bodies.append(body)
        await next_()

    @app.event({"type": "message"})
    @app.event("app_mention")
    @app.event("reaction_added")
    @app.event("member_joined_channel")
    @app.event("member_left_channel")
    async def listen() -> None: ...

    @app.event("message")
    async def listen_to_all() -> None: ...

    @app.action("choose")
    @app.shortcut("open_ticket")
    @app.command("/desk")
    async def acknowledge(ack: Any) -> None:
        await ack()

    await connect()
    return bodies


@pytest.fixture
def events(received: list[Json], eventually: Any) -> Callable[[int], Any]:
    """Return a function that waits for a number of events and returns the inner events."""

    async def wait(count: int) -> list[Json]:
        await eventually(lambda: len(received) >= count)
        return [body["event"] for body in received]

    return wait


async def test_a_message_from_outside_names_the_team_of_its_author(
    sandbox: Sandbox, received: list[Json], events: Any
) -> None:
    """Slack Connect: `user_team` and `source_team` of the author, `is_ext_shared_channel`."""
    team = sandbox.add_team("Acme Inc")
    wile = sandbox.add_user("Wile", team=team)
    channel = sandbox.add_channel("acme", members=[wile], shared_with=team)
    ts = await sandbox.post(wile, channel, "Help")
    [event] = await events(1)
    body = received[0]
    assert body["type"] == "event_callback"
    assert body["event_id"].startswith("Ev")
    assert body["is_ext_shared_channel"]
    assert (event["team"], event["user_team"], event["source_team"]) == (team, team, team)
    assert (event["user"], event["ts"], event["event_ts"]) == (wile, ts, ts)
    assert event["client_msg_id"]
    assert "subtype" not in event


async def test_a_mention_sends_two_events_with_the_same_ts(sandbox: Sandbox, events: Any) -> None:
    """ "message" and "app_mention" share their `ts`."""
    ada = sandbox.add_user("Ada")
    channel = sandbox.add_channel("acme", members=[ada])
    ts = await sandbox.post(ada, channel, f"<@{sandbox.bot_user_id}> help")
    arrived = await events(2)
    assert sorted(event["type"] for event in arrived) == ["app_mention", "message"]
    assert {event["ts"] for event in arrived} == {ts}


async def test_edits_and_deletions_contain_the_previous_message(
    sandbox: Sandbox, events: Any
) -> None:
    """message_changed, message_deleted: `message`, `previous_message`, `deleted_ts`, `hidden`."""
    ada = sandbox.add_user("Ada")
    channel = sandbox.add_channel("acme", members=[ada])
    ts = await sandbox.post(ada, channel, "Hepl")
    await sandbox.edit(ada, channel, ts, "Help")
    await sandbox.delete(ada, channel, ts)
    _, edit, deletion = sorted(await events(3), key=lambda event: event["event_ts"])
    assert edit["subtype"] == "message_changed"
    assert (edit["previous_message"]["text"], edit["message"]["text"]) == ("Hepl", "Help")
    assert edit["message"]["edited"]["user"] == ada
    assert edit["ts"] > ts
    assert (deletion["subtype"], deletion["deleted_ts"]) == ("message_deleted", ts)
    assert deletion["previous_message"]["text"] == "Help"
    assert sandbox.messages(channel) == []


async def test_a_file_from_outside_has_its_id_alone(
    sandbox: Sandbox, client: AsyncWebClient, events: Any, refused: Any
) -> None:
    """ "check_file_info": the app calls `files.info` for the rest."""
    team = sandbox.add_team("Acme Inc")
    wile, ada = sandbox.add_user("Wile", team=team), sandbox.add_user("Ada")
    channel = sandbox.add_channel("acme", members=[wile, ada], shared_with=team)
    await sandbox.post(wile, channel, "", files=[{"name": "cliff.png", "mimetype": "image/png"}])
    await sandbox.post(ada, channel, "", files=[{"name": "ours.png"}])
    theirs, ours = sorted(await events(2), key=lambda event: event["ts"])
    assert theirs["subtype"] == ours["subtype"] == "file_share"
    assert theirs["files"][0]["file_access"] == "check_file_info"
    assert "name" not in theirs["files"][0]
    assert ours["files"][0]["name"] == "ours.png"
    whole = await client.files_info(file=theirs["files"][0]["id"])
    assert (whole["file"]["name"], whole["file"]["mimetype"]) == ("cliff.png", "image/png")
    assert (await refused(client.files_info(file="F404")))["error"] == "file_not_found"
    assert sandbox.messages(channel)[0].plain() == "cliff.png"


async def test_memberships_and_reactions_send_events(sandbox: Sandbox, events: Any) -> None:
    """member_joined_channel, reaction_added with `item`, `item_user` and `event_ts`."""
    ada, bob = sandbox.add_user("Ada"), sandbox.add_user("Bob")
    channel = sandbox.add_channel("acme", members=[ada])
    ts = await sandbox.post(ada, channel, "Help")
    await sandbox.react(ada, channel, ts, "ticket")
    sandbox.join(bob, channel)
    sandbox.leave(bob, channel)
    by_type = {event["type"]: event for event in await events(4)}
    assert by_type["reaction_added"]["item"] == {"type": "message", "channel": channel, "ts": ts}
    assert (by_type["reaction_added"]["reaction"], by_type["reaction_added"]["user"]) == (
        "ticket",
        ada,
    )
    assert by_type["member_joined_channel"]["user"] == bob
    assert by_type["member_left_channel"]["user"] == bob


async def test_a_channel_without_the_bot_sends_no_event(
    sandbox: Sandbox, events: Any, eventually: Any
) -> None:
    """message.channels: only channels of which the app is a member."""
    ada = sandbox.add_user("Ada")
    elsewhere = sandbox.add_channel("elsewhere", members=[ada], bot=False)
    channel = sandbox.add_channel("acme", members=[ada])
    await sandbox.post(ada, elsewhere, "private")
    await sandbox.post(ada, channel, "public")
    assert [event["text"] for event in await events(1)] == ["public"]
    await eventually(lambda: sandbox.undelivered == 0)


async def test_a_press_from_outside_has_both_teams(
    sandbox: Sandbox, client: AsyncWebClient, received: list[Json], eventually: Any
) -> None:
    """`team.id` is ours and `user.team_id` theirs; a menu sends the whole option."""
    team = sandbox.add_team("Acme Inc")
    wile = sandbox.add_user("Wile", team=team)
    channel = sandbox.add_channel("acme", members=[wile], shared_with=team)
    options = [
        {"text": {"type": "plain_text", "text": label}, "value": label.lower()}
        for label in ("High", "Low")
    ]
    elements = [{"type": "static_select", "action_id": "choose", "options": options}]
    block = {"type": "actions", "block_id": "severity", "elements": elements}
    posted = await client.chat_postMessage(channel=channel, text="How bad?", blocks=[block])
    assert (await sandbox.press(wile, channel, posted["ts"], "choose", value="low")).acked
    body = next(body for body in received if body["type"] == "block_actions")
    assert (body["team"]["id"], body["user"]["team_id"]) == (sandbox.team_id, team)
    assert body["container"]["message_ts"] == body["message"]["ts"] == posted["ts"]
    [action] = body["actions"]
    assert (action["block_id"], action["action_id"]) == ("severity", "choose")
    assert action["selected_option"] == options[1]
    assert body["response_url"].startswith(sandbox.origin)


async def test_a_missing_control_cannot_be_pressed(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    """Slack's client shows the controls of the current message, and to members alone."""
    ada, bob = sandbox.add_user("Ada"), sandbox.add_user("Bob")
    channel = sandbox.add_channel("acme", members=[ada])
    element = {
        "type": "button",
        "action_id": "take",
        "value": "A",
        "text": {"type": "plain_text", "text": "Take"},
    }
    blocks = [
        {"type": "actions", "elements": [element]},
        {"type": "actions", "elements": [element | {"value": "B"}]},
    ]
    posted = await client.chat_postMessage(channel=channel, text="a", blocks=blocks)
    with pytest.raises(AssertionError, match=r"no leave to press; present: take \(A\), take \(B\)"):
        await sandbox.press(ada, channel, posted["ts"], "leave")
    with pytest.raises(AssertionError, match="no take with the value C to press"):
        await sandbox.press(ada, channel, posted["ts"], "take", value="C")
    with pytest.raises(ImpossibleError, match="is not in #acme"):
        await sandbox.press(bob, channel, posted["ts"], "take")
    assert (await sandbox.press(ada, channel, posted["ts"], "take", value="B")).error == (
        "dispatch_failed"
    )


async def test_commands_do_not_exist_for_people_outside(
    sandbox: Sandbox, received: list[Json]
) -> None:
    """Slash commands do not exist for people of other workspaces."""
    team = sandbox.add_team("Acme Inc")
    wile, ada = sandbox.add_user("Wile", team=team), sandbox.add_user("Ada Byron")
    channel = sandbox.add_channel("acme", members=[wile, ada], shared_with=team)
    with pytest.raises(ImpossibleError, match="another workspace"):
        await sandbox.command(wile, channel, "/desk", "list")
    assert (await sandbox.command(ada, channel, "/desk", "list")).acked
    [body] = received
    assert (body["command"], body["text"], body["user_name"]) == ("/desk", "list", "ada.byron")
    assert (body["channel_name"], body["is_enterprise_install"]) == ("acme", "false")


async def test_shortcuts_send_the_message_and_do_not_exist_outside(
    sandbox: Sandbox, received: list[Json]
) -> None:
    """`message_action` has message, trigger and response_url; `shortcut` has only a trigger."""
    team = sandbox.add_team("Acme Inc")
    wile, ada = sandbox.add_user("Wile", team=team), sandbox.add_user("Ada")
    channel = sandbox.add_channel("acme", members=[wile, ada], shared_with=team)
    ts = await sandbox.post(wile, channel, "Help")
    assert (await sandbox.shortcut(ada, channel, ts, "open_ticket")).acked
    body = next(body for body in received if body["type"] == "message_action")
    assert (body["callback_id"], body["message"]["text"]) == ("open_ticket", "Help")
    assert (body["message_ts"], body["user"]["id"]) == (ts, ada)
    with pytest.raises(ImpossibleError, match="has no shortcuts"):
        await sandbox.shortcut(wile, channel, ts, "open_ticket")


async def test_any_other_event_can_be_sent(sandbox: Sandbox, events: Any) -> None:
    """An event without a method of the sandbox has the same outer body."""
    channel = sandbox.add_channel("acme")
    sandbox.tell({"type": "message", "subtype": "channel_topic", "channel": channel}, channel)
    assert [event["subtype"] for event in await events(1)] == ["channel_topic"]


async def test_impossible_gestures_are_refused(sandbox: Sandbox) -> None:
    """Slack's clients let only members write, and only authors edit and delete."""
    ada, bob = sandbox.add_user("Ada"), sandbox.add_user("Bob")
    wile = sandbox.add_user("Wile", team=sandbox.add_team("Acme Inc"))
    channel = sandbox.add_channel("acme", members=[ada])
    ts = await sandbox.post(ada, channel, "a")
    reply = await sandbox.post(ada, channel, "b", thread_ts=ts)
    with pytest.raises(ImpossibleError, match="not in #acme"):
        await sandbox.post(bob, channel, "a")
    with pytest.raises(ImpossibleError, match="of another workspace"):
        sandbox.join(wile, channel)
    with pytest.raises(ImpossibleError, match="itself a reply"):
        await sandbox.post(ada, channel, "c", thread_ts=reply)
    with pytest.raises(ImpossibleError, match="no thread"):
        await sandbox.post(ada, channel, "c", thread_ts="1.000000")
    sandbox.join(bob, channel)
    with pytest.raises(ImpossibleError, match="was written by"):
        await sandbox.edit(bob, channel, ts, "b")
    sandbox.archive(channel)
    with pytest.raises(ImpossibleError, match="archived"):
        await sandbox.post(ada, channel, "c")


async def test_a_watcher_sees_every_change_in_order(
    sandbox: Sandbox, client: AsyncWebClient
) -> None:
    """No rule of Slack's: watchers see messages, ephemeral messages and views."""
    seen: list[tuple[str, str]] = []
    sandbox.watch(lambda what, kind: seen.append((kind, what.plain())))
    ada = sandbox.add_user("Ada")
    channel = sandbox.add_channel("acme", members=[ada])
    ts = await sandbox.post(ada, channel, "a")
    await sandbox.edit(ada, channel, ts, "b")
    await client.chat_postEphemeral(channel=channel, user=ada, text="c")
    await client.views_publish(
        user_id=ada,
        view={
            "type": "home",
            "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "d"}}],
        },
    )
    await sandbox.delete(ada, channel, ts)
    kinds = ["posted", "edited", "ephemeral", "view", "deleted"]
    assert seen == list(zip(kinds, ["a", "b", "c", "d", "b"], strict=True))


async def test_the_bot_does_not_mention_itself(
    sandbox: Sandbox, client: AsyncWebClient, events: Any, eventually: Any
) -> None:
    """app_mention is for messages of others to the app."""
    channel = sandbox.add_channel("acme")
    await client.chat_postMessage(channel=channel, text=f"I am <@{sandbox.bot_user_id}>")
    await client.chat_postMessage(channel=channel, text="last")
    assert [event["type"] for event in await events(2)] == ["message", "message"]


async def test_only_its_viewer_can_press_an_ephemeral_message(
    sandbox: Sandbox, client: AsyncWebClient, received: list[Json]
) -> None:
    """block_actions of an ephemeral message has `is_ephemeral` and no `message`."""
    ada, bob = sandbox.add_user("Ada"), sandbox.add_user("Bob")
    channel = sandbox.add_channel("acme", members=[ada, bob])
    words = {"type": "plain_text", "text": "Go"}
    block = {
        "type": "actions",
        "elements": [{"type": "button", "action_id": "choose", "text": words}],
    }
    shown = await client.chat_postEphemeral(channel=channel, user=ada, text="?", blocks=[block])
    assert (await sandbox.press(ada, channel, shown["message_ts"], "choose")).acked
    assert received[0]["container"]["is_ephemeral"]
    assert "message" not in received[0]
    with pytest.raises(ImpossibleError, match="sees no message"):
        await sandbox.press(bob, channel, shown["message_ts"], "choose")
