"""The stored form of messages: their kind, their facts as JSON, and the columns of their
destination.

Rows of every earlier release can be read. A field that a release added has a default here, and a
field or a kind that a release renamed is renamed here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, get_args

from pydantic import GetPydanticSchema, TypeAdapter, ValidationError
from pydantic_core.core_schema import no_info_after_validator_function

from bot.domain.destinations import Channel, Destination, Direct, Pager, Thread, ThreadUnder
from bot.domain.escalation.decision import Audience
from bot.domain.escalation.ladder import Step, Tell
from bot.domain.escalation.messages import ClockStep, Page, PingMessage, PingsTogether
from bot.domain.ids import ChannelId, TicketId, UserId
from bot.domain.messages import Message, Outgoing
from bot.domain.operations.alarms import KINDS, TAG, Alarm, WordedAlarm, alarm_facts
from bot.domain.operations.messages import AlarmMessage, UnreadableMessage, Withdrawal
from bot.domain.reports.messages import DigestCsv, DigestMessage, DigestPicture
from bot.domain.sla.targets.metric import Metric
from bot.domain.tickets.messages import MirroredMessages, ReplyMessage
from bot.json_types import Json
from storage.repositories.empty_texts import empty_to_none, none_to_empty

PAGER = Pager().address  # in the column `channel` of rows for the pagers
_ALARMS = {name: TypeAdapter(kind) for name, kind in KINDS.items()}
_TICKET = "ticket"  # the field that is stored in the column `ticket_id`
# The texts that are "" in the stored facts for None.
_EMPTY_IN_ALARMS = (("place", "name"), ("channel",))
_EMPTY_IN_DIGESTS = (("digest", "coming", "plan"), ("digest", "causes"))
_EMPTY = {
    ReplyMessage.kind: (("name",),),
    DigestMessage.kind: _EMPTY_IN_DIGESTS,
    DigestPicture.kind: _EMPTY_IN_DIGESTS,
    DigestCsv.kind: (("report", "coming", "plan"), ("report", "causes")),
}
_FIRST_CLOCK = f"{Metric.FIRST_RESPONSE}:1"  # the only clock of the first releases


def columns_of(outgoing: Outgoing) -> dict[str, Any]:
    """Return the columns of a new row that hold its key, destination and message."""
    destination, message = outgoing.destination, outgoing.message
    if isinstance(message, UnreadableMessage):
        raise TypeError(f"an unreadable message is not stored again: {message.kind}")
    return {
        "key": outgoing.key,
        "kind": message.kind,
        "channel": destination.address,
        "thread_ts": destination.ts if isinstance(destination, Thread) else None,
        "under": destination.key if isinstance(destination, ThreadUnder) else None,
        "ticket_id": outgoing.ticket_id,
        "facts": facts_of(message),
    }


def outgoing_of(row: Any) -> Outgoing:
    """Return the message of a row of the table `outbox`."""
    return Outgoing(row.key, _destination(row), _message(row))


def facts_of(message: Message) -> Json:
    """Return the facts of a message as JSON, without its ticket."""
    match message:
        case PingMessage():
            return _ping_facts(message)
        case PingsTogether(parts=parts, noticed_at=noticed_at):
            stored = [_ping_facts(part) | {_TICKET: part.ticket} for part in parts]
            return {"parts": stored, "now": noticed_at.isoformat()}
        case Page(clock_step=(clock, step, at), noticed_at=noticed_at):
            facts = {"clock": clock, "step": str(step), "at": at.isoformat()}
            return facts | {"now": noticed_at.isoformat()}
        case AlarmMessage(alarm=alarm):
            return none_to_empty(alarm_facts(alarm), *_EMPTY_IN_ALARMS)
        case _:
            dumped: Json = _ADAPTERS[message.kind].dump_python(message, mode="json")
            dumped.pop(_TICKET, None)
            return none_to_empty(dumped, *_EMPTY.get(message.kind, ()))


def message_of(kind: str, facts: Json, ticket_id: int | None, key: str = "") -> Message:
    """Return the message with these facts.

    `key` is its idempotency key, which tells the instant of a ping in rows of the first releases.
    Raises LookupError for an unknown kind, and ValueError, TypeError or LookupError for facts that
    do not fit the kind.
    """
    match kind:
        case PingMessage.kind:
            return _ping(_dated(facts, key) | {_TICKET: ticket_id})
        case PingsTogether.kind:
            parts = tuple(_ping(part) for part in facts["parts"])
            return PingsTogether(parts, _INSTANT.validate_python(facts["now"]))
        case Page.kind:
            ping = _ping({"audience": "pager", "readers": (), **facts, _TICKET: ticket_id})
            return Page(ping.ticket, ping.steps[0], ping.noticed_at)
        case AlarmMessage.kind:
            return AlarmMessage(_alarm(facts))
        case _:
            renamed = _RENAMED[kind](facts) if kind in _RENAMED else facts
            renamed = empty_to_none(renamed, *_EMPTY.get(kind, ()))
            given = renamed if ticket_id is None else renamed | {_TICKET: ticket_id}
            message: Message = _ADAPTERS[kind].validate_python(given)
            return message


def _alarm(facts: Json) -> Alarm:
    """Return the stored alarm. Earlier releases stored its sentences."""
    if TAG not in facts:
        return WordedAlarm(str(facts["words"]))
    given = empty_to_none(facts, *_EMPTY_IN_ALARMS)
    alarm: Alarm = _ALARMS[facts[TAG]].validate_python(given)
    return alarm


def _message(row: Any) -> Message | UnreadableMessage:
    """Return the row's message. A row for the pagers was a ping to the channel PAGER before."""
    kind = Page.kind if row.channel == PAGER else row.kind
    try:
        return message_of(kind, row.facts, row.ticket_id, row.key)
    except (LookupError, TypeError, ValueError) as error:  # a ValidationError is a ValueError
        ticket = None if row.ticket_id is None else TicketId(row.ticket_id)
        return UnreadableMessage(row.kind, ticket, _reason(error))


def _reason(error: Exception) -> str:
    """Return why a row is unreadable, without its facts, which may hold a client's words."""
    if isinstance(error, ValidationError):
        places = (".".join(str(part) for part in fault["loc"]) for fault in error.errors())
        return f"its facts are unknown here ({', '.join(places)})"
    return repr(error)


def _destination(row: Any) -> Destination:
    """Return the row's destination. Slack's user IDs begin with U or W, and channel IDs never."""
    address: str = row.channel
    if address == PAGER:
        return Pager()
    if row.under is not None:
        return ThreadUnder(ChannelId(address), row.under)
    if row.thread_ts is not None:
        return Thread(ChannelId(address), row.thread_ts)
    if address.startswith(("U", "W")):
        return Direct(UserId(address))
    return Channel(ChannelId(address))


def _ping_facts(ping: PingMessage) -> Json:
    """Return the facts of a ping; its first step is stored apart from the others."""
    (clock, step, at), *besides = ping.steps
    return {
        "clock": clock,
        "step": str(step),
        "at": at.isoformat(),
        "besides": [[clock, str(step), at.isoformat()] for clock, step, at in besides],
        "instead_of": ping.instead_of,
        "named": sorted(ping.tells),
        "audience": ping.audience.value,
        "readers": list(ping.readers),
        "to_all": ping.to_all,
        "now": ping.noticed_at.isoformat(),
    }


def _ping(facts: Json) -> PingMessage:
    """Return the ping with these facts, among them its ticket."""
    stored = _PING.validate_python(facts)
    steps = ((stored.clock, stored.step, stored.at), *stored.besides)
    return PingMessage(
        stored.ticket,
        tuple(ClockStep(clock, step, at) for clock, step, at in steps),
        stored.audience,
        stored.readers,
        stored.now,
        stored.named,
        stored.instead_of,
        stored.to_all,
    )


def _dated(facts: Json, key: str) -> Json:
    """Return the facts of a ping with its clock and the instant of its step.

    Rows of the first releases have neither: such a ping is about the first response, and the
    instant (in seconds since 1970) is the fourth part of its key.
    """
    if "at" in facts:
        return facts
    seconds = int(key.split(":")[3])
    return {"clock": _FIRST_CLOCK, "at": datetime.fromtimestamp(seconds, UTC).isoformat()} | facts


def _step_named(name: str) -> Step:
    """Return the step with this name. The step at 75 % was named "warning" before."""
    return Step.WARNING if name == "warning" else Step(name)


_StepName = Annotated[
    Step,
    GetPydanticSchema(
        lambda _, handler: no_info_after_validator_function(_step_named, handler(str))
    ),
]


@dataclass(frozen=True, slots=True)
class _StoredPing:
    """The facts of a ping. Later releases added the fields that have a default."""

    ticket: TicketId
    clock: str
    step: _StepName
    at: datetime
    audience: Audience
    readers: tuple[UserId, ...]
    now: datetime
    besides: tuple[tuple[str, _StepName, datetime], ...] = ()
    named: frozenset[Tell] = frozenset()
    instead_of: int = 0
    to_all: bool = False


def _mirror(facts: Json) -> Json:
    """Return the facts of a copy in triage. A copy was of a single message before."""
    if "since" in facts:
        return facts
    return {"by": None, "since": facts["ts"], "until": f"{facts['ts']}0"}


def _digest(facts: Json) -> Json:
    """Return the facts of a digest, which were its own fields before."""
    return facts if "digest" in facts else {"digest": facts}


def _digest_csv(facts: Json) -> Json:
    """Return the facts of a CSV file, which named a digest and a review apart before."""
    return facts if "report" in facts else {"report": facts.get("digest") or facts["review"]}


def _withdrawal(facts: Json) -> Json:
    """Return the facts of a withdrawal.

    A message was marked with its key before, and a file had its mark for a `ts`.
    """
    mark = facts.get("mark") or facts["key"]
    return facts | {"mark": mark, "ts": None if facts["ts"] == mark else facts["ts"]}


_RENAMED: dict[str, Callable[[Json], Json]] = {
    MirroredMessages.kind: _mirror,
    DigestMessage.kind: _digest,
    DigestPicture.kind: _digest,
    DigestCsv.kind: _digest_csv,
    Withdrawal.kind: _withdrawal,
}
_PING = TypeAdapter(_StoredPing)
_INSTANT = TypeAdapter(datetime)
_BY_HAND = (PingMessage, PingsTogether, Page)
_ADAPTERS: dict[str, TypeAdapter[Any]] = {
    cls.kind: TypeAdapter(cls) for cls in get_args(Message) if cls not in _BY_HAND
}
