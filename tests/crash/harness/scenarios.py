"""Short scenarios of a desk.

Each ends at a rest; `ready` ends the preparation, before which the bot is not killed.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from bot.domain.tickets.cause import Cause
from bot.sandbox import DeliveryFault
from bot.slack_ts import MessageTs
from tests import ids
from tests.crash.harness.world import World
from tests.judge.sample_desk import ACME, BETA, DANA, ELI, GOLD, MANAGERS, MO, TRIAGE
from tests.stores import rows

Ready = Callable[[], None]
Scenario = Callable[[World, Ready], Awaitable[None]]


async def _opened(at: World, *, by: str = "ACME", words: str = "Our server is down") -> str:
    """Open a ticket and return its name."""
    channel = f"C0{by}"
    return f"{channel}:{await at.says(at.people[by][0], channel, words)}"


def _root(ticket: str) -> tuple[str, str]:
    channel, _, ts = ticket.partition(":")
    return channel, ts


async def _proposed(at: World, ticket: str, severity: str) -> None:
    """The client presses a severity on their card."""
    channel, ts = _root(ticket)
    ann = at.people[channel.removeprefix("C0")][0]
    action = ids.client_severity(severity)
    deed = ("severity", ticket, severity)
    await at.presses(ann, at.card(channel, ts), action, deed=deed)


async def _decided(at: World, ticket: str, severity: str) -> None:
    """Staff choose a severity on the triage card."""
    key = at.key(*_root(ticket))
    value = ids.severity_choice(key, severity)
    card, deed = at.triage_card(key), ("severity", ticket, severity)
    await at.presses(DANA, card, ids.TRIAGE_SEVERITY, value, deed=deed)


def _rows(at: World, query: str) -> list[tuple[Any, ...]]:
    return rows(at.environment["DATABASE_URL"], query)


async def _more(at: World, ticket: str, what: str) -> None:
    key = at.key(*_root(ticket))
    value, deed = ids.more_choice(key, what), (what, ticket, "")
    await at.presses(DANA, at.triage_card(key), ids.MORE, value, deed=deed)


async def a_new_ticket(at: World, ready: Ready) -> None:
    ready()
    await _opened(at)


async def a_follow_up_joins(at: World, ready: Ready) -> None:
    await _opened(at)
    ready()
    at.pass_time(minutes=2)
    await at.says(at.people["ACME"][0], ACME.channel, "And the printer too")


async def thanks_and_talk_open_nothing(at: World, ready: Ready) -> None:
    ready()
    await at.says(at.people["ACME"][0], ACME.channel, "Thanks!")
    await at.says(DANA, ACME.channel, "We will be away at noon")


async def staff_answer_in_the_thread(at: World, ready: Ready) -> None:
    ticket = await _opened(at)
    ready()
    at.pass_time(minutes=5)
    await at.says(ELI, ACME.channel, "We are on it", thread_ts=_root(ticket)[1])


async def staff_answer_at_top_level(at: World, ready: Ready) -> None:
    await _opened(at)
    ready()
    at.pass_time(minutes=5)
    await at.says(ELI, ACME.channel, "We are on it")


async def the_client_chooses_a_severity_and_staff_another(at: World, ready: Ready) -> None:
    ticket = await _opened(at)
    ready()
    await _proposed(at, ticket, "critical")
    await _decided(at, ticket, "high")


async def resolved_by_the_dialog(at: World, ready: Ready) -> None:
    ticket = await _opened(at)
    ready()
    await at.resolves(DANA, ticket, "high")


async def the_client_says_that_it_is_not_solved(at: World, ready: Ready) -> None:
    ticket = await _opened(at)
    await at.resolves(DANA, ticket, "high")
    ready()
    at.pass_time(minutes=10)
    ann, card = at.people["ACME"][0], at.card(*_root(ticket))
    await at.presses(ann, card, ids.NOT_SOLVED, deed=("reopen", ticket, ""))


async def the_client_writes_again_after_the_end(at: World, ready: Ready) -> None:
    ticket = await _opened(at)
    await at.resolves(DANA, ticket, "high")
    ready()
    at.pass_time(minutes=10)
    words = "It is down again"
    await at.says(at.people["ACME"][0], ACME.channel, words, thread_ts=_root(ticket)[1])


async def answered_by_the_dialog(at: World, ready: Ready) -> None:
    ticket = await _opened(at)
    ready()
    at.pass_time(minutes=5)
    card = at.triage_card(at.key(*_root(ticket)))
    await at.fills_in(
        DANA,
        lambda: at.sandbox.press(DANA, TRIAGE, card.ts, ids.REPLY),
        {ids.WORDS: "We are looking into it"},
        deed=("reply", ticket, ""),
    )


async def a_report_from_outside_slack(at: World, ready: Ready) -> None:
    ready()
    words = "The telephone rang"
    await at.fills_in(
        DANA,
        lambda: at.sandbox.command(DANA, TRIAGE, "/desk", "open"),
        {
            ids.CLIENT: "BETA",
            ids.SOURCE: "phone",
            ids.REPORTED_BY: "Bob",
            ids.REPORTED_AT: "",
            ids.WORDS: words,
        },
        deed=("report", f"report:{words}", "BETA"),
    )


async def warned_due_and_late(at: World, ready: Ready) -> None:
    ticket = await _opened(at)
    await _decided(at, ticket, "critical")
    ready()
    await at.forward(minutes=90)
    await at.forward(minutes=30)
    at.pass_time(minutes=7)
    await at.says(DANA, ACME.channel, "Sorry, we are late", thread_ts=_root(ticket)[1])


async def untriaged_until_it_is_late_whatever_it_is(at: World, ready: Ready) -> None:
    await _opened(at)
    await at.forward(hours=2)
    ready()
    await at.forward(hours=22)


async def the_digest(at: World, ready: Ready) -> None:
    ticket = await _opened(at)
    await _decided(at, ticket, "critical")
    await at.forward(hours=12)
    ready()
    await at.forward(hours=12)


async def two_channels_at_once(at: World, ready: Ready) -> None:
    ready()
    await asyncio.gather(
        *(
            at.sandbox.post(
                at.people[client.key][who], client.channel, f"Request {who} of {client.name}"
            )
            for client in (ACME, BETA)
            for who in range(2)
        )
    )
    await at.settle()


async def an_edit_overtakes_its_message_which_is_then_deleted(at: World, ready: Ready) -> None:
    ready()
    ann, hold = at.people["ACME"][0], at.sandbox.deliveries.add
    hold(DeliveryFault.HOLD, of="message", times=1)
    ts: str = await at.sandbox.post(ann, ACME.channel, "Our server is donw")
    await at.sandbox.edit(ann, ACME.channel, ts, "Our server is down")
    at.sandbox.deliveries.release()
    await at.settle()
    await at.sandbox.delete(ann, ACME.channel, ts)
    await at.settle()


async def found_late_after_an_outage(at: World, ready: Ready) -> None:
    await _opened(at)
    await at.leave()
    at.pass_time(minutes=30)
    await at.sandbox.post(at.people["BETA"][0], BETA.channel, "Nobody was there")
    at.pass_time(hours=5)
    ready()
    at.start()
    await at.settle()


async def found_in_the_history_alone(at: World, ready: Ready) -> None:
    await _opened(at)
    await at.leave()
    at.sandbox.deliveries.add(DeliveryFault.LOSE, of="message")
    at.pass_time(minutes=30)
    ts = await at.sandbox.post(at.people["BETA"][0], BETA.channel, "Slack has given up on this")
    at.pass_time(hours=5)
    ready()
    at.start()
    await at.has_on_record(ts)
    await at.settle()


async def beyond_the_quota(at: World, ready: Ready) -> None:
    for _ in range(2):
        await _opened(at, by="BETA")
        at.pass_time(minutes=20)
    ready()
    await _opened(at, by="BETA", words="One more")


async def a_period_ends_and_is_stated(at: World, ready: Ready) -> None:
    """Issue statements.

    The statements come last, and each client's are a transaction of their own.
    """
    for number in range(3):
        await _opened(at, by="BETA", words=f"Request {number}")
        at.pass_time(minutes=9)
    until = datetime(2026, 4, 1, 1, tzinfo=UTC) - at.clock.now()
    await at.forward(seconds=until.total_seconds() - 86_400)
    ready()
    await at.forward(days=1)


async def waiting_on_the_client(at: World, ready: Ready) -> None:
    ticket = await _opened(at, by="GOLD")
    await _decided(at, ticket, "high")
    await at.says(DANA, GOLD.channel, "Which one?", thread_ts=_root(ticket)[1])
    ready()
    at.pass_time(minutes=10)
    await _more(at, ticket, "wait")
    at.pass_time(hours=3)
    words = "The green one. What now?"
    await at.says(at.people["GOLD"][0], GOLD.channel, words, thread_ts=_root(ticket)[1])
    await at.forward(minutes=90)
    await at.forward(minutes=30)


async def asked_which_ticket_is_meant(at: World, ready: Ready) -> None:
    first = await _opened(at)
    at.pass_time(minutes=20)
    await _opened(at, words="The mail is slow")
    ready()
    at.pass_time(minutes=5)
    await at.says(DANA, ACME.channel, "Both are known")
    [question] = [m for m in at.sandbox.direct_messages(DANA) if "Which" in m.plain()]
    key = at.key(*_root(first))
    ts = next(post.ts for post in at.ledger.posts if post.text == "Both are known")
    value = ids.meant_choice(key, ACME.channel, MessageTs.parse(ts))
    await at.presses(DANA, question, ids.meant_ticket(0), value, deed=("meant", first, ts))


async def withdrawn_and_needed_after_all(at: World, ready: Ready) -> None:
    await _opened(at, by="BETA")
    at.pass_time(minutes=20)
    ticket = await _opened(at, by="BETA", words="And the mail")
    ben, place = at.people["BETA"][0], _root(ticket)
    ready()
    at.pass_time(minutes=5)
    await at.presses(ben, at.card(*place), ids.WITHDRAW, deed=("withdraw", ticket, ""))
    at.pass_time(minutes=5)
    await at.presses(ben, at.card(*place), ids.NOT_SOLVED, deed=("reopen", ticket, ""))
    await at.forward(hours=4)


async def no_ticket_after_all(at: World, ready: Ready) -> None:
    ticket = await _opened(at)
    at.pass_time(minutes=20)
    await _opened(at, words="The mail is slow")
    ready()
    await _more(at, ticket, "dismiss")
    await at.forward(hours=4)


async def taken_and_taken_over(at: World, ready: Ready) -> None:
    ticket = await _opened(at)
    key = at.key(*_root(ticket))
    ready()
    await at.presses(DANA, at.triage_card(key), ids.TAKE, deed=("take", ticket, ""))
    at.pass_time(minutes=5)
    await at.presses(ELI, at.triage_card(key), ids.TAKE_OVER, deed=("take", ticket, ""))


async def flagged_as_a_request(at: World, ready: Ready) -> None:
    ann = at.people["ACME"][0]
    ts = await at.says(ann, ACME.channel, "Thanks!")
    ready()
    at.pass_time(minutes=30)
    await at.flags(ann, ACME.channel, ts)
    await at.forward(hours=4)


async def asked_with_the_button(at: World, ready: Ready) -> None:
    words = "client ACME intake asked"
    await at.until_answered(lambda: at.sandbox.command(MO, TRIAGE, "/desk", words))
    await at.settle()
    [card] = at.sandbox.messages(ACME.channel)
    ready()
    at.pass_time(minutes=5)
    ticket = await at.asks_for_help(at.people["ACME"][0], card, "Our server is down")
    at.pass_time(minutes=5)
    await at.says(DANA, ACME.channel, "We are on it", thread_ts=_root(ticket)[1])


async def merged_and_written_to(at: World, ready: Ready) -> None:
    first = await _opened(at)
    at.pass_time(minutes=20)
    second = await _opened(at, words="The shop is down, too")
    ready()
    await at.fills_in(
        DANA,
        lambda: at.sandbox.press(
            DANA, TRIAGE, at.triage_card(at.key(*_root(second))).ts, ids.MERGE
        ),
        {ids.INTO: at.key(*_root(first))},
        deed=("merge", second, first),
    )
    at.pass_time(minutes=5)
    await at.says(DANA, ACME.channel, "We are on both", thread_ts=_root(second)[1])
    await at.forward(hours=4)


async def several_late_at_once(at: World, ready: Ready) -> None:
    """Send a combined message to each reader on the ladder, and another to the managers."""
    ann, bob = at.people["ACME"]
    tickets = [await at.says(who, ACME.channel, "Our server is down") for who in (ann, bob)]
    at.pass_time(minutes=1)
    for ts in tickets:
        await _decided(at, f"{ACME.channel}:{ts}", "critical")
    ready()
    await at.forward(minutes=89)
    await at.forward(minutes=30)


async def snoozed_on_a_ping_and_woken(at: World, ready: Ready) -> None:
    ticket = await _opened(at)
    await _decided(at, ticket, "critical")
    await at.forward(minutes=90)
    ready()
    at.pass_time(minutes=1)
    [ping] = at.sandbox.direct_messages(DANA)
    for_half_an_hour = ids.more_choice(at.key(*_root(ticket)), "snooze:30")
    await at.presses(DANA, ping, ids.MORE, for_half_an_hour)
    await at.forward(minutes=29)
    await at.forward(minutes=2)
    assert _rows(at, "SELECT snoozed_until FROM tickets") == [(None,)]


async def late_explained_and_rated(at: World, ready: Ready) -> None:
    ticket = await _opened(at)
    await _decided(at, ticket, "critical")
    await at.forward(hours=2)
    ready()
    [breach_message] = at.sandbox.messages(MANAGERS)
    await at.fills_in(
        MO,
        lambda: at.sandbox.press(MO, MANAGERS, breach_message.ts, ids.LATE_WHY),
        {ids.CAUSE: Cause.NOBODY_FREE.value, ids.WORDS: "All were ill"},
        deed=("cause", ticket, ""),
    )
    card = at.triage_card(at.key(*_root(ticket)))
    await at.fills_in(
        DANA,
        lambda: at.sandbox.press(DANA, TRIAGE, card.ts, ids.RESOLVE),
        {ids.WORDS: "Restarted it"},
        deed=("resolve", ticket, "critical"),
    )
    await at.presses(at.people["ACME"][0], at.card(*_root(ticket)), ids.rate(4))
    written = _rows(at, "SELECT cause, cause_words, rating FROM tickets")
    assert written == [(Cause.NOBODY_FREE.value, "All were ill", 4)]


SCENARIOS: tuple[Scenario, ...] = (
    several_late_at_once,
    snoozed_on_a_ping_and_woken,
    late_explained_and_rated,
    a_new_ticket,
    a_follow_up_joins,
    thanks_and_talk_open_nothing,
    staff_answer_in_the_thread,
    staff_answer_at_top_level,
    the_client_chooses_a_severity_and_staff_another,
    resolved_by_the_dialog,
    the_client_says_that_it_is_not_solved,
    the_client_writes_again_after_the_end,
    answered_by_the_dialog,
    a_report_from_outside_slack,
    warned_due_and_late,
    untriaged_until_it_is_late_whatever_it_is,
    the_digest,
    two_channels_at_once,
    an_edit_overtakes_its_message_which_is_then_deleted,
    found_late_after_an_outage,
    found_in_the_history_alone,
    beyond_the_quota,
    waiting_on_the_client,
    asked_which_ticket_is_meant,
    withdrawn_and_needed_after_all,
    no_ticket_after_all,
    taken_and_taken_over,
    flagged_as_a_request,
    asked_with_the_button,
    merged_and_written_to,
    a_period_ends_and_is_stated,
)
