"""Channels that Slack has given other ids."""

from bot.domain.ids import ChannelId
from storage.store import Store
from tests.storage.desk_rows import NOON


async def test_what_was_read_of_a_client_before_its_channel_moved_is_read_again(
    store: Store,
) -> None:
    async with store.write(NOON) as work:
        client = await work.clients.add("GLOBEX", "Globex", ChannelId("C0OLD"))
        assert await work.clients.by_channel_for_update(ChannelId("C0OLD")) == client
        await work.channels.follow(ChannelId("C0OLD"), ChannelId("C0NEW"))
        assert await work.clients.by_channel_for_update(ChannelId("C0OLD")) is None
        moved = await work.clients.by_channel_for_update(ChannelId("C0NEW"))
        assert moved is not None
        assert moved.id == client.id
        assert (await work.clients.by_id_for_update(client.id)).channel_id == "C0NEW"


async def test_ids_that_became_each_other_are_not_looked_up_for_ever(store: Store) -> None:
    async with store.write(NOON) as work:
        await work.channels.follow(ChannelId("C0ONE"), ChannelId("C0TWO"))
        await work.channels.follow(ChannelId("C0TWO"), ChannelId("C0ONE"))
        assert await work.channels.current(ChannelId("C0THREE")) == "C0THREE"
        assert await work.channels.current(ChannelId("C0ONE")) == "C0TWO"
