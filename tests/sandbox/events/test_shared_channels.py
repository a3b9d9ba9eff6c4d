"""The teams in the events of a shared channel, as in the payloads of Bolt's own tests
(`test_internals.py`, "slack_connect").
"""

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


async def outer(sandbox: Sandbox, bodies: list[Any], eventually: Any) -> dict[str, Any]:
    await eventually(lambda: sandbox.undelivered == 0)
    return {body["event"]["type"]: body for body in bodies}


async def test_a_message_has_the_team_of_its_author_and_authorizations_have_ours(
    sandbox: Sandbox, team: str, wile: str, channel: str, bodies: list[Any], eventually: Any
) -> None:
    """Bolt: "we should use .authorizations[0].team_id over .team_id"."""
    await sandbox.post(wile, channel, f"<@{sandbox.bot_user_id}> help")
    by_type = await outer(sandbox, bodies, eventually)
    message, mention = by_type["message"], by_type["app_mention"]
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


async def test_edits_and_notices_have_the_team_of_the_author(
    sandbox: Sandbox, team: str, wile: str, channel: str, bodies: list[Any], eventually: Any
) -> None:
    """The outer `team_id` of a message is the team of its author; other events have ours."""
    ts = await sandbox.post(wile, channel, "Hepl")
    await sandbox.edit(wile, channel, ts, "Help")
    await sandbox.react(wile, channel, ts, "eyes")
    road_runner = sandbox.add_user("Road Runner", team=team)
    sandbox.join(road_runner, channel)
    await eventually(lambda: sandbox.undelivered == 0)
    by_type = {(body["event"]["type"], body["event"].get("subtype")): body for body in bodies}
    for subtype in (None, "message_changed", "channel_join"):
        assert by_type["message", subtype]["team_id"] == team
    for kind in ("reaction_added", "member_joined_channel"):
        assert by_type[kind, None]["team_id"] == sandbox.team_id
        assert by_type[kind, None]["is_ext_shared_channel"]
    assert by_type["member_joined_channel", None]["event"]["team"] == team


async def test_app_mention_names_the_organization_of_a_workspace(
    sandbox: Sandbox, bodies: list[Any], eventually: Any
) -> None:
    """In app_mention `user_team` "can be an enterprise_id"."""
    team = sandbox.add_team("Acme Corp", enterprise=True)
    wile = sandbox.add_user("Wile", team=team)
    channel = sandbox.add_channel("acme", members=[wile], shared_with=team)
    await sandbox.post(wile, channel, f"<@{sandbox.bot_user_id}> help")
    by_type = await outer(sandbox, bodies, eventually)
    assert by_type["message"]["enterprise_id"].startswith("E")
    assert by_type["app_mention"]["event"]["user_team"] == by_type["message"]["enterprise_id"]
    assert extract_actor_team_id(by_type["app_mention"]) is None


async def test_an_app_installed_in_both_workspaces_receives_an_event_once(
    sandbox: Sandbox, team: str, wile: str, channel: str, bodies: list[Any], eventually: Any
) -> None:
    """`authorizations`: "an installation of your app" that sees the event."""
    sandbox.install_at(team)
    await sandbox.post(wile, channel, "Help")
    await eventually(lambda: sandbox.undelivered == 0)
    [body] = bodies
    [installed] = body["authorizations"]
    assert installed["team_id"] == team
    assert installed["user_id"] != sandbox.bot_user_id


async def test_our_people_have_no_foreign_team(
    sandbox: Sandbox, channel: str, bodies: list[Any], eventually: Any
) -> None:
    """A message in our workspace has no `user_team` and no `source_team`."""
    ada = sandbox.add_user("Ada")
    sandbox.join(ada, channel)
    await sandbox.post(ada, channel, "Hello")
    await eventually(lambda: sandbox.undelivered == 0)
    assert {body["team_id"] for body in bodies} == {sandbox.team_id}
    assert "user_team" not in bodies[-1]["event"]
