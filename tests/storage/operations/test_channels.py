"""Tests channels whose ids Slack has changed."""

from bot.domain.ids import ChannelId
from storage.store import Store
from tests.storage.desk_rows import NOON


async def test_a_client_is_read_again_after_its_channel_gets_a_new_id(store: Store) -> None:
    async with store.write(NOON) as work:
        client = await work.clients.add("GLOBEX", "Globex", ChannelId("C0OLD"))
        assert await work.clients.by_channel_for_update(ChannelId("C0OLD")) == client
        await work.channels.follow(ChannelId("C0OLD"), ChannelId("C0NEW"))
        assert await work.clients.by_channel_for_update(ChannelId("C0OLD")) is None
        moved = await work.clients.by_channel_for_update(ChannelId("C0NEW"))
        assert moved is not None
        assert moved.id == client.id
        assert (await work.clients.by_id_for_update(client.id)).channel_id == "C0NEW"


async def test_a_cycle_of_channel_ids_ends_after_a_single_step(store: Store) -> None:
    async with store.write(NOON) as work:
        await work.channels.follow(ChannelId("C0ONE"), ChannelId("C0TWO"))
        await work.channels.follow(ChannelId("C0TWO"), ChannelId("C0ONE"))
        assert await work.channels.current(ChannelId("C0THREE")) == "C0THREE"
        assert await work.channels.current(ChannelId("C0ONE")) == "C0TWO"
