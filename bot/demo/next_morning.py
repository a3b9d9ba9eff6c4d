"""Friday, 14 August 2026: Independence Day in Pakistan."""

from bot.demo.actions import Actions
from bot.demo.demo_runner import DemoRunner


async def next_morning(runner: DemoRunner) -> None:
    """Run the scenes of the morning: the holiday, the digest, and replies in spite of the
    holiday."""
    actions, people = Actions(runner), runner.people
    await runner.until(14, "08:05")
    runner.screen.day(runner.clock.now(), "Independence Day, a public holiday")
    runner.screen.heading("A public holiday: Priority's clock waits, Enterprise's runs")
    await actions.post_request(
        people.priority, "The label printers have stopped; nothing can leave the house."
    )
    await actions.choose_severity(people.priority, "MARLIN-2", "critical", "Critical")
    await runner.why("MARLIN-2", "Independence Day", "next opening", "4 hours.")
    await runner.until(14, "08:10")
    await actions.post_request(people.enterprise, "Nobody can log in, at no plant.")
    await actions.choose_severity(people.enterprise, "ORBIT-2", "critical", "Critical")
    await runner.why("ORBIT-2", "round the clock", "starts at once")
    runner.screen.heading("The morning's digest")
    await runner.until(14, "09:20")
    runner.screen.heading("Answered on the holiday")
    await actions.reply_in_thread(
        people.hina, "ORBIT-2", "The login service is out of disk space. It is back in ten minutes."
    )
    await runner.until(14, "09:45")
    await actions.reply_in_thread(
        people.bilal, "MARLIN-2", "The print service is up again; your clock had not even begun."
    )
    await runner.until(14, "12:10")
    await actions.reply(people.omar, "LUMEN-1", "Confirmed: patched today.")
