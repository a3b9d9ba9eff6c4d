"""Backfilling: messages in Slack's history that the desk missed are put into the inbox.

They are handled as if they were delivered now. Only the first delivery of a message counts, so
Slack's own late deliveries do no harm, in either order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.domain.ids import ChannelId
from bot.domain.intake.channel_message import Kept
from bot.domain.intake.flags import FLAGS
from bot.domain.operations.inbox import Delivery
from bot.json_types import Json
from bot.slack_ts import MessageTs
from bot.usecases.agreements.plan_in_force import agreement_at
from bot.usecases.desk import Desk
from bot.usecases.intake.slack_messages import is_written_by_a_person

# Usually a single page of a channel. Each thread's first message has the `ts` of its latest reply.
LOOK_BACK = timedelta(days=7)
# A margin over the interval: Slack's clock and this machine's may differ by a day.
THREADS_ACTIVE = timedelta(hours=25)
EVERY = timedelta(minutes=5)
_TOLERANCE = timedelta(seconds=30)  # two rounds are never quite five minutes apart
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PastMessage:
    """A message in Slack's history; `edited_ts` is the `ts` of its last edit, if there was any."""

    ts: MessageTs
    edited_ts: MessageTs | None
    body: Json  # as Slack gave it

    @classmethod
    def parse(cls, body: Json) -> "PastMessage":
        """Return the message with this body. Raises NotATs if it has no Slack `ts`."""
        edited = (body.get("edited") or {}).get("ts")
        return cls(MessageTs.parse(body["ts"]), MessageTs.parse(edited) if edited else None, body)


@dataclass(frozen=True, slots=True)
class Reading:
    """The part of a channel's history to read.

    The reading covers all messages from `oldest_ts` on, the `threads` in full, and every other
    thread with a message since `active_ts`. Messages before `agreed_ts`, when the channel became a
    client's, do not count. `kept` are the messages on record when the reading began.
    """

    channel_id: ChannelId
    begun_at: datetime
    agreed_ts: MessageTs
    oldest_ts: MessageTs
    active_ts: MessageTs
    threads: tuple[MessageTs, ...]
    kept: Mapping[MessageTs, Kept]  # by `ts`

    def is_news(self, message: PastMessage) -> bool:
        """Return whether a person wrote the message, and it is not on record in its present
        wording."""
        known, edited_ts = self.kept.get(message.ts), message.edited_ts
        is_on_record = known is not None and (edited_ts is None or edited_ts <= known.since_ts)
        return is_written_by_a_person(message.body) and not is_on_record

    def is_in_ticket(self, ts: MessageTs) -> bool:
        """Return whether the message is on record as part of a ticket."""
        return ts in self.kept and self.kept[ts].in_ticket


@dataclass(frozen=True, slots=True)
class Found:
    """The part of the history that Slack returned: messages by `ts`.

    `first_ts` is the oldest top-level message; `threads` are the first messages of the threads that
    were read in full.
    """

    messages: Mapping[MessageTs, PastMessage]
    first_ts: MessageTs | None
    threads: frozenset[MessageTs]
    own_user: str | None = None  # the user ID by which the desk is mentioned


async def channels_to_read(desk: Desk, *, all_of_them: bool) -> list[ChannelId]:
    """Claim and return the channels that this process should read now.

    Unless `all_of_them`, channels that another process is reading or has just read are left out.
    """
    before = desk.now if all_of_them else desk.now - EVERY + _TOLERANCE
    return await desk.work.backfill.claim(before)


async def what_to_read(desk: Desk, channel_id: ChannelId) -> Reading | None:
    """Return the part of the channel's history to read, or None if it is no client's channel.

    Messages before the client's first agreement do not count: they are no reports that we missed.
    """
    client = await desk.work.clients.by_channel_for_update(channel_id)
    if client is None:
        return None
    agreed_at = (await agreement_at(desk, client, _LONG_AGO)).effective_from
    since = await desk.work.backfill.read_until(channel_id) or desk.now
    oldest_ts = MessageTs.at(since - LOOK_BACK)
    threads = await desk.work.backfill.threads(channel_id, since - LOOK_BACK)
    return Reading(
        channel_id,
        desk.now,
        MessageTs.at(agreed_at),
        oldest_ts,
        MessageTs.at(since - THREADS_ACTIVE),
        tuple(threads),
        {
            message.ts: message
            for message in await desk.work.backfill.kept(channel_id, oldest_ts, threads)
        },
    )


async def keep_missed(desk: Desk, reading: Reading, missed: Sequence[Delivery]) -> int:
    """Store the missed deliveries and how far the channel has been read.

    Return the number of deliveries that are new.
    """
    new = sum([await desk.work.inbox.put_missed(delivery) for delivery in missed])
    await desk.work.backfill.move(reading.channel_id, reading.begun_at)
    return new


async def has_been_read(desk: Desk, quiet: Mapping[ChannelId, datetime]) -> None:
    """Record that these channels were read with nothing missed; the values are when reading
    began."""
    for channel_id, begun_at in quiet.items():
        await desk.work.backfill.move(channel_id, begun_at)


def missed_of(reading: Reading, history: Found) -> list[Delivery]:
    """Return the deliveries that Slack would have sent for the differences, in order of time.

    A deletion has no time in the history: it counts from when it was noticed.
    """
    kept = reading.kept
    gestures = {known.client_msg_id for known in kept.values() if known.client_msg_id}
    missed: list[Delivery] = []
    for ts, message in sorted(history.messages.items()):
        if ts < reading.agreed_ts or not reading.is_news(message):
            continue
        if ts not in kept and message.body.get("client_msg_id") not in gestures:
            missed.append(_post(reading.channel_id, message.body))
        elif ts in kept and not kept[ts].deleted:
            missed.append(_edit(reading.channel_id, message))
    missed += [
        _flag(reading, message)
        for ts, message in sorted(history.messages.items())
        if _is_flagged(message) and ts >= reading.agreed_ts and not reading.is_in_ticket(ts)
    ]
    deleted = [known.ts for known in kept.values() if _is_gone(known, history)]
    missed += [_deletion(reading.channel_id, ts, reading.begun_at) for ts in deleted]
    return [_with_own_user(history.own_user, delivery) for delivery in missed]


def _with_own_user(own_user: str | None, missed: Delivery) -> Delivery:
    """Return the delivery with the app's user ID, as Slack's own deliveries have it."""
    who = [{"user_id": own_user, "is_bot": True}]
    return replace(missed, body=missed.body | {"authorizations": who})


def _is_flagged(message: PastMessage) -> bool:
    """Return whether the message has a :ticket: reaction."""
    return any(reaction["name"] in FLAGS for reaction in message.body.get("reactions") or ())


def _flag(reading: Reading, message: PastMessage) -> Delivery:
    """Return a delivery for a :ticket: reaction on a message that is part of no ticket.

    The history does not say when the reaction was added: it counts from when it was noticed.
    """
    ts, channel_id = str(message.ts), reading.channel_id
    flags = [reaction for reaction in message.body["reactions"] if reaction["name"] in FLAGS]
    event = {
        "type": "reaction_added",
        "user": flags[0]["users"][0],
        "reaction": flags[0]["name"],
        "item": {"type": "message", "channel": channel_id, "ts": ts},
        "event_ts": str(MessageTs.at(reading.begun_at)),
    }
    return _delivery(channel_id, f"{ts}:flagged", event)


def _is_gone(known: Kept, history: Found) -> bool:
    """Return whether a message on record has been deleted in Slack.

    An older message beside it must still exist, because a workspace's retention deletes the oldest
    messages first and must erase nothing here. A deleted message with replies is left in the
    history with the subtype `tombstone`.
    """
    if known.deleted or known.is_new:
        return False
    if known.ts in history.messages:
        return history.messages[known.ts].body.get("subtype") == "tombstone"
    if known.thread_ts is not None:
        return known.thread_ts in history.threads
    return history.first_ts is not None and history.first_ts < known.ts


def _post(channel_id: ChannelId, message: Json) -> Delivery:
    """Return a delivery for a new message; a history's messages do not name their channel."""
    event = message | {"channel": channel_id, "event_ts": message["ts"]}
    return _delivery(channel_id, message["ts"], event)


def _edit(channel_id: ChannelId, message: PastMessage) -> Delivery:
    """Return a delivery for an edited message."""
    edited_ts = "" if message.edited_ts is None else str(message.edited_ts)
    event = {"message": message.body} | _change("message_changed", channel_id, edited_ts)
    return _delivery(channel_id, f"{message.ts}:{edited_ts}", event)


def _deletion(channel_id: ChannelId, ts: MessageTs, noticed_at: datetime) -> Delivery:
    """Return a delivery for a deleted message."""
    noticed_ts = str(MessageTs.at(noticed_at))
    event = {"deleted_ts": str(ts)} | _change("message_deleted", channel_id, noticed_ts)
    return _delivery(channel_id, f"{ts}:deleted", event)


def _delivery(channel_id: ChannelId, difference: str, event: Json) -> Delivery:
    """Return a delivery whose key identifies the difference, so that finding it again adds
    nothing."""
    key = f"history:{channel_id}:{difference}"
    return Delivery(key, channel_id, {"type": "event_callback", "event_id": key, "event": event})


def _change(subtype: str, channel_id: ChannelId, ts: str) -> Json:
    """Return the fields that Slack's edits and deletions share."""
    event = {"type": "message", "subtype": subtype, "channel": channel_id}
    return event | {"ts": ts, "event_ts": ts, "hidden": True}
