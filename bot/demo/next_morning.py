"""Friday, 14 August 2026: Independence Day in Pakistan."""

from bot.demo.deeds import Deeds
from bot.demo.theatre import Theatre


async def next_morning(theatre: Theatre) -> None:
    """The holiday, the digest, and who is answered all the same."""
    deeds, cast = Deeds(theatre), theatre.cast
    await theatre.until(14, "08:05")
    theatre.screen.day(theatre.clock.now(), "Independence Day, a public holiday")
    theatre.screen.act("A public holiday: Priority's clock waits, Enterprise's runs")
    await deeds.asks(cast.priority, "The label printers have stopped; nothing can leave the house.")
    await deeds.proposes(cast.priority, "MARLIN-2", "critical", "Critical")
    await theatre.why("MARLIN-2", "Independence Day", "next opening", "4 hours.")
    await theatre.until(14, "08:10")
    await deeds.asks(cast.enterprise, "Nobody can log in, at no plant.")
    await deeds.proposes(cast.enterprise, "ORBIT-2", "critical", "Critical")
    await theatre.why("ORBIT-2", "round the clock", "starts at once")
    theatre.screen.act("The morning's digest")
    await theatre.until(14, "09:20")
    theatre.screen.act("Answered on the holiday")
    await deeds.answers(
        cast.hina, "ORBIT-2", "The login service is out of disk space. It is back in ten minutes."
    )
    await theatre.until(14, "09:45")
    await deeds.answers(
        cast.bilal, "MARLIN-2", "The print service is up again; your clock had not even begun."
    )
    await theatre.until(14, "12:10")
    await deeds.replies(cast.omar, "LUMEN-1", "Confirmed: patched today.")
