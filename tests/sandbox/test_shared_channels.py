"""Who is who in a channel that two workspaces share: the shapes are those of Slack's own payloads
in the tests of Bolt (`test_internals.py`, "slack_connect")."""

from typing import Any

import pytest
from slack_bolt.request.internals import extract_actor_team_id, extract_team_id

from bot.sandbox import Sandbox


@pytest.fixture
def team(sandbox: Sandbox) -> str:
    return sandbox.add_team("Acme Inc")


@pytest.fixture
def wile(sandbox: Sandbox, team: str) -> str:
    return sandbox.add_user("Wile", team=team)


@pytest.fixture
def channel(sandbox: Sandbox, team: str, wile: str) -> str:
    return sandbox.add_channel("acme", members=[wile], shared_with=team)


async def outer(sandbox: Sandbox, told: list[Any], eventually: Any) -> dict[str, Any]:
    await eventually(lambda: sandbox.undelivered == 0)
    return {body["event"]["type"]: body for body in told}


async def test_a_message_bears_its_authors_team_outside_and_authorizations_bear_ours(
    sandbox: Sandbox, team: str, wile: str, channel: str, told: list[Any], eventually: Any
) -> None:
    """Bolt: "we should use .authorizations[0].team_id over .team_id"."""
    await sandbox.post(wile, channel, f"<@{sandbox.bot_user_id}> help")
    bodies = await outer(sandbox, told, eventually)
    message, mention = bodies["message"], bodies["app_mention"]
    assert (message["team_id"], message["context_team_id"]) == (team, sandbox.team_id)
    assert (mention["team_id"], mention["event"]["team"]) == (sandbox.team_id, sandbox.team_id)
    assert mention["event"]["user_team"] == mention["event"]["source_team"] == team
    for body in (message, mention):
        assert body["is_ext_shared_channel"]
        [installed] = body["authorizations"]
        assert (installed["team_id"], installed["user_id"]) == (
            sandbox.team_id,
            sandbox.bot_user_id,
        )
        assert extract_team_id(body) == sandbox.team_id
        assert extract_actor_team_id(body) == team


async def test_edits_and_notes_bear_their_authors_team_and_other_events_ours(
    sandbox: Sandbox, team: str, wile: str, channel: str, told: list[Any], eventually: Any
) -> None:
    """The outer `team_id` of a message is its author's; of all else it is ours."""
    ts = await sandbox.post(wile, channel, "Hepl")
    await sandbox.edit(wile, channel, ts, "Help")
    await sandbox.react(wile, channel, ts, "eyes")
    road_runner = sandbox.add_user("Road Runner", team=team)
    sandbox.join(road_runner, channel)
    await eventually(lambda: sandbox.undelivered == 0)
    found = {(each["event"]["type"], each["event"].get("subtype")): each for each in told}
    for subtype in (None, "message_changed", "channel_join"):
        assert found["message", subtype]["team_id"] == team
    for kind in ("reaction_added", "member_joined_channel"):
        assert found[kind, None]["team_id"] == sandbox.team_id
        assert found[kind, None]["is_ext_shared_channel"]
    assert found["member_joined_channel", None]["event"]["team"] == team


async def test_an_organization_outside_is_named_in_the_place_of_its_workspace(
    sandbox: Sandbox, told: list[Any], eventually: Any
) -> None:
    """In app_mention `user_team` "can be an enterprise_id"."""
    team = sandbox.add_team("Acme Corp", enterprise=True)
    wile = sandbox.add_user("Wile", team=team)
    channel = sandbox.add_channel("acme", members=[wile], shared_with=team)
    await sandbox.post(wile, channel, f"<@{sandbox.bot_user_id}> help")
    bodies = await outer(sandbox, told, eventually)
    assert bodies["message"]["enterprise_id"].startswith("E")
    assert bodies["app_mention"]["event"]["user_team"] == bodies["message"]["enterprise_id"]
    assert extract_actor_team_id(bodies["app_mention"]) is None


async def test_an_app_that_is_installed_on_both_sides_gets_each_event_once(
    sandbox: Sandbox, team: str, wile: str, channel: str, told: list[Any], eventually: Any
) -> None:
    """`authorizations`: "an installation of your app", one of those that see the event."""
    sandbox.install_at(team)
    await sandbox.post(wile, channel, "Help")
    await eventually(lambda: sandbox.undelivered == 0)
    [body] = told
    [installed] = body["authorizations"]
    assert installed["team_id"] == team
    assert installed["user_id"] != sandbox.bot_user_id


async def test_our_own_people_bear_our_team(
    sandbox: Sandbox, channel: str, told: list[Any], eventually: Any
) -> None:
    """Within our workspace no field is another's: no `user_team`, no `source_team`."""
    ada = sandbox.add_user("Ada")
    sandbox.join(ada, channel)
    await sandbox.post(ada, channel, "Hello")
    await eventually(lambda: sandbox.undelivered == 0)
    assert {each["team_id"] for each in told} == {sandbox.team_id}
    assert "user_team" not in told[-1]["event"]
