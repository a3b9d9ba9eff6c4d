"""Thursday, 13 August 2026, the day before a public holiday in Pakistan."""

from bot.demo.deeds import Deeds
from bot.demo.theatre import Theatre


async def busy_day(theatre: Theatre) -> None:
    """Each act is named after what it shows."""
    theatre.screen.day(theatre.clock.now(), "a busy day")
    await _critical_in_time(theatre)
    await _report_by_email(theatre)
    await _twenty_first_ticket(theatre)
    await _not_solved(theatre)
    await _breach(theatre)
    await _twenty_first_answered(theatre)
    await _other_agreement(theatre)


async def _critical_in_time(theatre: Theatre) -> None:
    deeds, cast = Deeds(theatre), theatre.cast
    theatre.screen.act("A critical ticket, answered in time (Priority: 2 hours)")
    await theatre.until(13, "09:10")
    await deeds.asks(
        cast.priority, "Nobody can start a production order. All three lines stand still."
    )
    await deeds.proposes(cast.priority, "MARLIN-1", "critical", "Critical")
    await theatre.until(13, "09:14")
    await deeds.takes(cast.bilal, "MARLIN-1")
    await theatre.until(13, "09:38")
    await deeds.replies(
        cast.bilal,
        "MARLIN-1",
        "One broken record blocks the order queue. I am taking it out.",
    )


async def _report_by_email(theatre: Theatre) -> None:
    deeds, cast = Deeds(theatre), theatre.cast
    theatre.screen.act("A report by e-mail, due after the public holiday (Included)")
    await theatre.until(13, "09:45")
    await deeds.enters_report(
        cast.omar,
        cast.included,
        "Our licence key is refused.",
        "2026-08-13 09:05",
    )
    await theatre.why("BLUEBIRD-1", "Independence Day", "not covered", "business day on")


async def _twenty_first_ticket(theatre: Theatre) -> None:
    deeds, cast = Deeds(theatre), theatre.cast
    theatre.screen.act("The 21st ticket of the month, with its price, and a re-triage (Standard)")
    await theatre.until(13, "10:20")
    await deeds.asks(cast.standard, "The discount column is missing on printed quotations.")
    await deeds.proposes(cast.standard, "ZEPHYR-21", "critical", "Critical")
    await theatre.until(13, "10:26")
    await deeds.decides(cast.omar, "ZEPHYR-21", "medium", "Medium")
    await theatre.why("ZEPHYR-21", "Independence Day", "business day on")
    await theatre.until(13, "10:28")
    await deeds.insists(cast.standard, "ZEPHYR-21", "critical", "Critical")


async def _not_solved(theatre: Theatre) -> None:
    deeds, cast = Deeds(theatre), theatre.cast
    theatre.screen.act("Resolved, not solved, and resolved again")
    await theatre.until(13, "10:35")
    await deeds.resolves(cast.bilal, "MARLIN-1", "The record is removed.")
    await theatre.until(13, "10:50")
    await deeds.says_not_solved(cast.priority, "MARLIN-1")
    await deeds.answers(cast.priority.person, "MARLIN-1", "Line 3 still refuses new orders.")
    await theatre.until(13, "10:58")
    await deeds.resolves(cast.bilal, "MARLIN-1", "Line 3 is restarted.")


async def _breach(theatre: Theatre) -> None:
    deeds, cast = Deeds(theatre), theatre.cast
    theatre.screen.act(
        "A ticket that breaches: pings on the way, and an answer too late (Enterprise)"
    )
    await theatre.until(13, "11:00")
    await deeds.asks(
        cast.enterprise, "Every second delivery note from the warehouse is refused since 10:30."
    )
    await deeds.proposes(cast.enterprise, "ORBIT-1", "high", "High")
    await theatre.until(13, "14:30")
    await deeds.records_answer(
        cast.omar, "BLUEBIRD-1", "A new key is on its way to you.", "2026-08-13 14:10"
    )
    await theatre.until(13, "15:35")
    await deeds.answers(
        cast.hina,
        "ORBIT-1",
        "Sorry for the wait. An expired certificate; the new one works.",
    )


async def _twenty_first_answered(theatre: Theatre) -> None:
    theatre.screen.act("The 21st ticket is answered before it is due")
    await theatre.until(13, "16:00")
    await Deeds(theatre).answers(
        theatre.cast.omar,
        "ZEPHYR-21",
        "It was off in the quotation layout. I have switched it on.",
    )


async def _other_agreement(theatre: Theatre) -> None:
    deeds, cast = Deeds(theatre), theatre.cast
    theatre.screen.act("Another agreement, another calendar (Ecotone, Brussels time)")
    await theatre.until(13, "19:30")
    await deeds.asks(cast.ecotone, "Rebuilding a projection loses events; orders are missing.")
    await deeds.proposes(cast.ecotone, "LUMEN-1", "p1", "P1 · Critical")
    await theatre.why("LUMEN-1", "The first business day after")
    await theatre.until(13, "19:50")
    await deeds.asks(cast.ecotone, "A deprecation notice in the log names the wrong class.")
    await deeds.proposes(cast.ecotone, "LUMEN-2", "p3", "P3 · Minor")
