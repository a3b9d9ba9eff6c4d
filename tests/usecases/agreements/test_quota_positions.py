"""Tests the positions of tickets in the quota, at its limit and at the same instant."""

from datetime import timedelta

from bot.domain.agreements.money import Money
from bot.usecases.tickets.ticket_views import view_all_tickets
from tests.usecases.conftest import MONDAY, Office


async def test_of_two_simultaneous_tickets_at_19_of_20_one_is_charged(office: Office) -> None:
    for number in range(19):
        at = MONDAY + timedelta(seconds=number)
        await office.post(f"Request {number}", at=at, user=f"U{number}")
    office.clock.advance(timedelta(minutes=1))

    at_once = office.clock.now()
    await office.post("One", at=at_once, user="UONE")
    await office.post("Two", at=at_once + timedelta(microseconds=1), user="UTWO")

    async with office.runtime.read() as desk:
        standings = [ticket_view.standing for ticket_view in await view_all_tickets(desk)]
    prices = [standing.price for standing in standings if standing is not None]
    assert prices == [None] * 20 + [Money(2500, "USD")]
    assert sorted(standing.position for standing in standings if standing is not None) == list(
        range(1, 22)
    )


async def test_keys_follow_arrival_and_positions_follow_opening(office: Office) -> None:
    await office.post("Second", user="UONE")
    await office.post("First", at=MONDAY - timedelta(hours=1), user="UTWO")

    async with office.runtime.read() as desk:
        positions = [
            (ticket_view.ticket.key, ticket_view.standing.position)
            for ticket_view in await view_all_tickets(desk)
            if ticket_view.standing
        ]
    assert positions == [("ACME-1", 2), ("ACME-2", 1)]
