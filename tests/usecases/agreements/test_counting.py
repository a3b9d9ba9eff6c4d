"""Positions in the quota at the edges: the same instant, the last one included."""

from datetime import timedelta

from bot.domain.agreements.money import Money
from bot.usecases.tickets.ticket_views import view_all_tickets
from tests.usecases.conftest import MONDAY, Bureau


async def test_two_at_the_same_instant_at_nineteen_make_one_included_and_one_charged(
    bureau: Bureau,
) -> None:
    for number in range(19):
        at = MONDAY + timedelta(seconds=number)
        await bureau.says(f"Request {number}", at=at, user=f"U{number}")
    bureau.clock.advance(timedelta(minutes=1))

    same = bureau.clock.now()
    await bureau.says("One", at=same, user="UONE")
    await bureau.says("Two", at=same + timedelta(microseconds=1), user="UTWO")

    async with bureau.runtime.read() as desk:
        standings = [ticket_view.standing for ticket_view in await view_all_tickets(desk)]
    prices = [one.price for one in standings if one is not None]
    assert prices == [None] * 20 + [Money(2500, "USD")]
    assert sorted(one.position for one in standings if one is not None) == list(range(1, 22))


async def test_keys_run_by_arrival_and_positions_by_opening(bureau: Bureau) -> None:
    await bureau.says("Second", user="UONE")
    await bureau.says("First", at=MONDAY - timedelta(hours=1), user="UTWO")

    async with bureau.runtime.read() as desk:
        found = [
            (ticket_view.ticket.key, ticket_view.standing.position)
            for ticket_view in await view_all_tickets(desk)
            if ticket_view.standing
        ]
    assert found == [("ACME-1", 2), ("ACME-2", 1)]
