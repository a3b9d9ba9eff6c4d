"""What Slack's own history has and the desk has not: it goes into the inbox as if it were
delivered now.

Only the first of several deliveries counts downstream, so what Slack delivers besides does no harm,
whichever comes first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.clock import ts_of
from bot.domain.flags import FLAGS
from bot.ports import Delivery, Json, Kept
from bot.usecases.as_written import is_written_by_a_person
from bot.usecases.desk import Desk
from bot.usecases.opening import agreement_at

# One page of a channel as a rule; in it every first message tells of its thread's newest reply.
LOOK_BACK = timedelta(days=7)
# The clocks of Slack and of this machine may differ by a day.
THREADS_ACTIVE = timedelta(hours=25)
EVERY = timedelta(minutes=5)
_A_LITTLE = timedelta(seconds=30)  # two rounds are never quite five minutes apart
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Reading:
    """What is to be read of a channel: what was written from `oldest_ts` on, these threads whole,
    and every other in which somebody has written since `active_ts`. What counts was written from
    `agreed_ts` on, when the channel became a client's. `kept` is what was on record when it began.
    """

    channel_id: str
    begun_at: datetime
    agreed_ts: str
    oldest_ts: str
    active_ts: str
    threads: tuple[str, ...]
    kept: Mapping[str, Kept]  # by `ts`

    def is_news(self, message: Json) -> bool:
        """Whether a person wrote it and it is not on record, or reads otherwise since."""
        known = self.kept.get(message["ts"])
        is_on_record = known is not None and _edited_ts(message) <= known.since_ts
        return is_written_by_a_person(message) and not is_on_record

    def is_in_ticket(self, ts: str) -> bool:
        return ts in self.kept and self.kept[ts].in_ticket


@dataclass(frozen=True, slots=True)
class Found:
    """What Slack shows: each message by its `ts`, news as its history has it. `first_ts` is the
    oldest at top level; `threads` are the first messages of those that were read whole."""

    messages: Mapping[str, Json]
    first_ts: str | None
    threads: frozenset[str]
    own_user: str = ""  # by whom the desk is mentioned


async def channels_to_read(desk: Desk, *, all_of_them: bool) -> list[str]:
    """Those to be read now by the caller; unless it is `all_of_them`, without those that another
    process reads or has just read."""
    before = desk.now if all_of_them else desk.now - EVERY + _A_LITTLE
    return await desk.work.backfill.claim(before)


async def what_to_read(desk: Desk, channel_id: str) -> Reading | None:
    """None for a channel that is no client's. Nothing from before the client's first agreement:
    an old message is no report that we have missed."""
    client = await desk.work.clients.by_channel(channel_id)
    if client is None:
        return None
    agreed_at = (await agreement_at(desk, client, _LONG_AGO)).effective_from
    since = await desk.work.backfill.read_until(channel_id) or desk.now
    oldest_ts = ts_of(since - LOOK_BACK)
    threads = await desk.work.backfill.threads(channel_id, since - LOOK_BACK)
    return Reading(
        channel_id,
        desk.now,
        ts_of(agreed_at),
        oldest_ts,
        ts_of(since - THREADS_ACTIVE),
        tuple(threads),
        {one.ts: one for one in await desk.work.backfill.kept(channel_id, oldest_ts, threads)},
    )


async def keep_missed(desk: Desk, reading: Reading, missed: Sequence[Delivery]) -> int:
    """Deliver what was missed, and note how far the channel has been read; how much is new."""
    new = sum([await desk.work.inbox.put_missed(one) for one in missed])
    await desk.work.backfill.move(reading.channel_id, reading.begun_at)
    return new


async def has_been_read(desk: Desk, quiet: Mapping[str, datetime]) -> None:
    """Nothing was missed in these channels; each with when its reading began."""
    for channel_id, begun_at in quiet.items():
        await desk.work.backfill.move(channel_id, begun_at)


def missed_of(reading: Reading, found: Found) -> list[Delivery]:
    """The events that would have told of the difference, in the order of time. A deletion leaves
    no time behind: it counts as done when it was noticed."""
    kept = reading.kept
    gestures = {one.client_msg_id for one in kept.values() if one.client_msg_id}
    missed: list[Delivery] = []
    for ts, message in sorted(found.messages.items()):
        if ts < reading.agreed_ts or not reading.is_news(message):
            continue
        if ts not in kept and message.get("client_msg_id") not in gestures:
            missed.append(_post(reading.channel_id, message))
        elif ts in kept and not kept[ts].deleted:
            missed.append(_edit(reading.channel_id, message))
    missed += [
        _flag(reading, message)
        for ts, message in sorted(found.messages.items())
        if _is_flagged(message) and ts >= reading.agreed_ts and not reading.is_in_ticket(ts)
    ]
    gone = [one.ts for one in kept.values() if _is_gone(one, found)]
    missed += [_deletion(reading.channel_id, ts, reading.begun_at) for ts in gone]
    return [_seen_by(found.own_user, one) for one in missed]


def _seen_by(own_user: str, missed: Delivery) -> Delivery:
    """Each delivery of Slack's says who the app is."""
    who = [{"user_id": own_user, "is_bot": True}]
    return replace(missed, body=missed.body | {"authorizations": who})


def _is_flagged(message: Json) -> bool:
    return any(one["name"] in FLAGS for one in message.get("reactions") or ())


def _flag(reading: Reading, message: Json) -> Delivery:
    """A :ticket: on a message that is part of no ticket. When it was put there is not said: it
    counts from when it was noticed."""
    ts, channel_id = message["ts"], reading.channel_id
    found = [one for one in message["reactions"] if one["name"] in FLAGS]
    event = {
        "type": "reaction_added",
        "user": found[0]["users"][0],
        "reaction": found[0]["name"],
        "item": {"type": "message", "channel": channel_id, "ts": ts},
        "event_ts": ts_of(reading.begun_at),
    }
    return _delivery(channel_id, f"{ts}:flagged", event)


def _is_gone(one: Kept, found: Found) -> bool:
    """Whether it was on record and stands in Slack no more, while something older beside it does:
    the workspace's retention, which takes the oldest first, erases nothing of ours. Where others
    have answered it, Slack leaves a `tombstone`."""
    if one.deleted or one.is_new:
        return False
    if one.ts in found.messages:
        return found.messages[one.ts].get("subtype") == "tombstone"
    if one.thread_ts is not None:
        return one.thread_ts in found.threads
    return found.first_ts is not None and found.first_ts < one.ts


def _edited_ts(message: Json) -> str:
    """Since when it reads so, where it was edited; "" where it was not."""
    return str((message.get("edited") or {}).get("ts", ""))


def _post(channel_id: str, message: Json) -> Delivery:
    """A history's messages do not say where they stand."""
    event = message | {"channel": channel_id, "event_ts": message["ts"]}
    return _delivery(channel_id, message["ts"], event)


def _edit(channel_id: str, message: Json) -> Delivery:
    ts = _edited_ts(message)
    event = {"message": message} | _change("message_changed", channel_id, ts)
    return _delivery(channel_id, f"{message['ts']}:{ts}", event)


def _deletion(channel_id: str, ts: str, noticed_at: datetime) -> Delivery:
    event = {"deleted_ts": ts} | _change("message_deleted", channel_id, ts_of(noticed_at))
    return _delivery(channel_id, f"{ts}:deleted", event)


def _delivery(channel_id: str, what: str, event: Json) -> Delivery:
    """Its key is its own: the same thing found twice is one delivery."""
    key = f"history:{channel_id}:{what}"
    return Delivery(key, channel_id, {"type": "event_callback", "event_id": key, "event": event})


def _change(subtype: str, channel_id: str, ts: str) -> Json:
    event = {"type": "message", "subtype": subtype, "channel": channel_id}
    return event | {"ts": ts, "event_ts": ts, "hidden": True}
