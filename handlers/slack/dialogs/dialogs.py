"""Submissions of dialogs.

A refusal is shown beside the field, and the dialog stays open.
"""

from datetime import UTC, datetime
from typing import Any

from bot.domain.ids import ChannelId, UserId
from bot.domain.sla.refusals import NoSuchTime
from bot.domain.ticket import Source
from bot.errors import Refusal
from bot.json_types import Json
from bot.usecases.desk import Desk
from bot.usecases.intake.add_message import Picked, add_to
from bot.usecases.intake.ask import Request, ask
from bot.usecases.intake.open_ticket import Report, open_from_report
from bot.usecases.tickets.closing.merge import merge
from bot.usecases.tickets.closing.resolve import resolve
from bot.usecases.tickets.handling.assign import assign
from bot.usecases.tickets.handling.note import note
from bot.usecases.tickets.handling.reply import draft, record_answer, reply
from bot.usecases.tickets.handling.snooze import snooze
from bot.usecases.tickets.triage.category import categorise
from bot.usecases.tickets.triage.cause import set_cause
from bot.usecases.tickets.triage.fault import own_fault
from bot.usecases.tickets.triage.severity import decide_severity
from bot.views import ids
from bot.views.refusals import refused_modal, sentence_of
from bot.views.tickets.handling.reply import preview_modal
from handlers.slack.door import Door
from handlers.slack.sanitize import sanitize


class Dialogs:
    def __init__(self, door: Door) -> None:
        self._door = door

    async def resolve(self, ack: Any, body: Json, view: Json) -> None:
        key, given = view["private_metadata"], values(view)
        refusal = await self._door.attempt(
            lambda d: resolve(
                d, key, body["user"]["id"], given[ids.WORDS], given.get(ids.SEVERITY) or None
            )
        )
        await _answer(ack, refusal)

    async def reply(self, ack: Any, body: Json, view: Json) -> None:
        key, given, actor = view["private_metadata"], values(view), body["user"]["id"]
        words = given[ids.WORDS]
        if ids.GIVEN_AT in given:
            at = given[ids.GIVEN_AT]
            refusal = await self._door.attempt(
                lambda d: record_answer(d, key, actor, words, at, submission_id=view["id"])
            )
            await _answer(ack, refusal, time_field=ids.GIVEN_AT)
            return

        async def preview(desk: Desk) -> Json:
            answer = await draft(desk, key, actor, words)
            return preview_modal(answer.ticket.key, answer.words, answer.name)

        shown, refusal = await self._door.look(preview)
        if shown is None:
            await _answer(ack, refusal)
        else:
            await ack(response_action="push", view=shown)

    async def previewed(self, ack: Any, body: Json, view: Json) -> None:
        """Send the reply as it was previewed; the dialog has no field to show a refusal beside."""
        key, words = ids.previewed(view["private_metadata"])
        actor, submission_id = body["user"]["id"], view["id"]
        refusal = await self._door.attempt(
            lambda d: reply(d, key, actor, words, submission_id=submission_id)
        )
        if refusal is None:
            await ack(response_action="clear")
        else:
            await ack(response_action="update", view=refused_modal(sentence_of(refusal)))

    async def severity(self, ack: Any, body: Json, view: Json) -> None:
        key, given, actor = view["private_metadata"], values(view), body["user"]["id"]
        severity, from_now = given[ids.SEVERITY], given[ids.SINCE] == ids.FROM_NOW
        refusal = await self._door.attempt(
            lambda d: decide_severity(d, key, actor, severity, from_now=from_now)
        )
        await _answer(ack, refusal, field=ids.SEVERITY)

    async def assign(self, ack: Any, body: Json, view: Json) -> None:
        key, to = view["private_metadata"], UserId(values(view)[ids.PERSON])
        refusal = await self._door.attempt(lambda d: assign(d, key, body["user"]["id"], to))
        await _answer(ack, refusal, field=ids.PERSON)

    async def note(self, ack: Any, body: Json, view: Json) -> None:
        key, words = view["private_metadata"], values(view)[ids.WORDS]
        refusal = await self._door.attempt(lambda d: note(d, key, body["user"]["id"], words))
        await _answer(ack, refusal)

    async def cause(self, ack: Any, body: Json, view: Json) -> None:
        key, given, actor = view["private_metadata"], values(view), body["user"]["id"]
        cause, words = given[ids.CAUSE], given[ids.WORDS]
        refusal = await self._door.attempt(lambda d: set_cause(d, key, actor, cause, words))
        await _answer(ack, refusal, field=ids.CAUSE)

    async def category(self, ack: Any, body: Json, view: Json) -> None:
        key, given, actor = view["private_metadata"], values(view), body["user"]["id"]

        async def sort(desk: Desk) -> None:
            if category := given.get(ids.CATEGORY):
                await categorise(desk, key, actor, category)
            await own_fault(desk, key, actor, given[ids.FAULT])

        await _answer(ack, await self._door.attempt(sort), field=ids.FAULT)

    async def snooze(self, ack: Any, body: Json, view: Json) -> None:
        key, given = view["private_metadata"], values(view)[ids.UNTIL]
        until = datetime.fromtimestamp(int(given), UTC)
        refusal = await self._door.attempt(lambda d: snooze(d, key, body["user"]["id"], until))
        await _answer(ack, refusal, field=ids.UNTIL, time_field=ids.UNTIL)

    async def merge(self, ack: Any, body: Json, view: Json) -> None:
        key, into = view["private_metadata"], values(view)[ids.INTO]
        refusal = await self._door.attempt(lambda d: merge(d, key, body["user"]["id"], into))
        await _answer(ack, refusal, field=ids.INTO)

    async def add(self, ack: Any, body: Json, view: Json) -> None:
        channel, ts, words = ids.picked_in(view["private_metadata"])
        picked, key = Picked(ChannelId(channel), ts, words), values(view)[ids.INTO]
        refusal = await self._door.attempt(lambda d: add_to(d, picked, key, body["user"]["id"]))
        await _answer(ack, refusal, field=ids.INTO)

    async def ask(self, ack: Any, body: Json, view: Json) -> None:
        given = values(view)
        request = Request(
            channel_id=view["private_metadata"],
            actor=body["user"]["id"],
            submission_id=view["id"],
            words=given[ids.WORDS],
            severity=given.get(ids.SEVERITY, ""),
        )
        await _answer(ack, await self._door.attempt(lambda d: ask(d, request)))

    async def open(self, ack: Any, body: Json, view: Json) -> None:
        given = values(view)
        report = Report(
            actor=body["user"]["id"],
            submission_id=view["id"],
            client_key=given[ids.CLIENT],
            source=Source(given[ids.SOURCE]),
            reported_at=given[ids.REPORTED_AT],
            reported_by=given[ids.REPORTED_BY],
            words=given[ids.WORDS],
        )
        refusal = await self._door.attempt(lambda d: open_from_report(d, report))
        await _answer(ack, refusal, time_field=ids.REPORTED_AT)


def values(view: Json) -> dict[str, str]:
    """Return the submitted values by input; "" for empty fields."""
    submitted = {}
    for block in view["state"]["values"].values():
        for name, element in block.items():
            option = element.get("selected_option") or {}
            chosen = option.get("value") or element.get("selected_user")
            chosen = chosen or element.get("selected_date_time")
            submitted[name] = sanitize(str(element.get("value") or chosen or ""))
    return submitted


async def _answer(
    ack: Any, refusal: Refusal | None, *, field: str = ids.WORDS, time_field: str = ids.WORDS
) -> None:
    if refusal is None:
        await ack()
        return
    beside = time_field if isinstance(refusal, NoSuchTime) else field
    await ack(response_action="errors", errors={beside: sentence_of(refusal)})
