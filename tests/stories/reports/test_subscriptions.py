"""A channel of the vendor subscribes to the digest of a client or a plan."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.stories.reports.test_digest import TUESDAY, critical, part
from tests.story import Story, story


def read_in(tale: Story, channel: str) -> list[str]:
    return [message.plain() for message in tale.sandbox.messages(channel)]


async def asks_in(tale: Story, user: str, channel: str, words: str) -> str:
    answer = await tale.sandbox.command(user, channel, "/desk", words)
    await tale.settle()
    return str(dict(answer.ack_payload).get("text", ""))


async def test_a_channel_subscribes_to_a_client_or_a_plan(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await critical(tale)
        await critical(tale, plan="priority", name="Globex")
        of_acme = tale.sandbox.add_channel("team-acme", members=[tale.mo])
        of_plan = tale.sandbox.add_channel("team-priority", members=[tale.mo])
        answer = await asks_in(tale, tale.mo, of_acme, "subscribe acme")
        assert answer == "This channel reads the digest of ACME each morning."
        assert await asks_in(tale, tale.mo, of_acme, "subscribe ACME") == answer
        await asks_in(tale, tale.mo, of_plan, "subscribe Priority")
        listed = await tale.asks(tale.dana, "subscribe")
        assert listed.splitlines() == [f"<#{of_acme}>: ACME", f"<#{of_plan}>: priority"]

        await tale.at(TUESDAY)
        [acme], [plan] = read_in(tale, of_acme), read_in(tale, of_plan)
        assert "*ACME-1*" in part(acme, "New breaches")
        assert "Globex" not in acme
        assert "*GLOBEX-1*" in part(plan, "New breaches")
        assert "Acme" not in plan

        await asks_in(tale, tale.mo, of_acme, "subscribe no")
        await tale.at(TUESDAY + timedelta(days=1))
        assert len(read_in(tale, of_acme)) == 1
        assert len(read_in(tale, of_plan)) == 2


@pytest.mark.thorough
async def test_a_shared_channel_receives_no_digest(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        channel, _ = await critical(tale)
        tale.sandbox.join(tale.mo, channel)
        refused = "Others read along here: choose a channel of your own people."
        assert await asks_in(tale, tale.mo, channel, "subscribe ACME") == refused
        team = tale.sandbox.add_team("Partner")
        shared = tale.sandbox.add_channel("shared", members=[tale.mo], shared_with=team)
        assert await asks_in(tale, tale.mo, shared, "subscribe ACME") == refused
        ours = tale.sandbox.add_channel("ours", members=[tale.mo])
        await asks_in(tale, tale.mo, ours, "subscribe ACME")
        tale.sandbox.share(ours, team)
        await tale.settle()
        assert any("is shared with others now" in text for text in tale.said_to_managers())
        await tale.at(TUESDAY)
        assert read_in(tale, ours) == []


@pytest.mark.thorough
async def test_an_unknown_subscription_is_refused_with_the_choices(tmp_path: Path) -> None:
    async with story(tmp_path) as tale, tale.running():
        await tale.add_client()
        answer = await tale.asks(tale.mo, "subscribe Initech")
        assert answer.startswith("There is no client or plan “Initech”: choose one of ACME, ")
        assert (await tale.asks(tale.dana, "subscribe")).startswith("No channel reads a digest")
        refused = await tale.asks(tale.dana, "subscribe ACME")
        assert refused.startswith("This is for managers")
