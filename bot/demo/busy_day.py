"""Thursday, 13 August 2026, the day before a public holiday in Pakistan."""

from bot.demo.actions import Actions
from bot.demo.demo_runner import DemoRunner


async def busy_day(runner: DemoRunner) -> None:
    """Run the scenes of the day; each function is named after its subject."""
    runner.screen.day(runner.clock.now(), "a busy day")
    await _critical_in_time(runner)
    await _report_by_email(runner)
    await _twenty_first_ticket(runner)
    await _not_solved(runner)
    await _breach(runner)
    await _twenty_first_answered(runner)
    await _other_agreement(runner)


async def _critical_in_time(runner: DemoRunner) -> None:
    actions, people = Actions(runner), runner.people
    runner.screen.heading("A critical ticket, answered in time (Priority: 2 hours)")
    await runner.until(13, "09:10")
    await actions.post_request(
        people.priority, "Nobody can start a production order. All three lines stand still."
    )
    await actions.choose_severity(people.priority, "MARLIN-1", "critical", "Critical")
    await runner.until(13, "09:14")
    await actions.take(people.bilal, "MARLIN-1")
    await runner.until(13, "09:38")
    await actions.reply(
        people.bilal,
        "MARLIN-1",
        "One broken record blocks the order queue. I am taking it out.",
    )


async def _report_by_email(runner: DemoRunner) -> None:
    actions, people = Actions(runner), runner.people
    runner.screen.heading("A report by e-mail, due after the public holiday (Included)")
    await runner.until(13, "09:45")
    await actions.open_ticket(
        people.omar,
        people.included,
        "Our licence key is refused.",
        "2026-08-13 09:05",
    )
    await runner.why("BLUEBIRD-1", "Independence Day", "not covered", "business day on")


async def _twenty_first_ticket(runner: DemoRunner) -> None:
    actions, people = Actions(runner), runner.people
    runner.screen.heading(
        "The 21st ticket of the month, with its price, and a re-triage (Standard)"
    )
    await runner.until(13, "10:20")
    await actions.post_request(
        people.standard, "The discount column is missing on printed quotations."
    )
    await actions.choose_severity(people.standard, "ZEPHYR-21", "critical", "Critical")
    await runner.until(13, "10:26")
    await actions.set_severity(people.omar, "ZEPHYR-21", "medium", "Medium")
    await runner.why("ZEPHYR-21", "Independence Day", "business day on")
    await runner.until(13, "10:28")
    await actions.choose_severity_again(people.standard, "ZEPHYR-21", "critical", "Critical")


async def _not_solved(runner: DemoRunner) -> None:
    actions, people = Actions(runner), runner.people
    runner.screen.heading("Resolved, not solved, and resolved again")
    await runner.until(13, "10:35")
    await actions.resolve(people.bilal, "MARLIN-1", "The record is removed.")
    await runner.until(13, "10:50")
    await actions.reopen(people.priority, "MARLIN-1")
    await actions.reply_in_thread(
        people.priority.person, "MARLIN-1", "Line 3 still refuses new orders."
    )
    await runner.until(13, "10:58")
    await actions.resolve(people.bilal, "MARLIN-1", "Line 3 is restarted.")


async def _breach(runner: DemoRunner) -> None:
    actions, people = Actions(runner), runner.people
    runner.screen.heading(
        "A ticket that breaches: pings on the way, and an answer too late (Enterprise)"
    )
    await runner.until(13, "11:00")
    await actions.post_request(
        people.enterprise, "Every second delivery note from the warehouse is refused since 10:30."
    )
    await actions.choose_severity(people.enterprise, "ORBIT-1", "high", "High")
    await runner.until(13, "14:30")
    await actions.record_reply(
        people.omar, "BLUEBIRD-1", "A new key is on its way to you.", "2026-08-13 14:10"
    )
    await runner.until(13, "15:35")
    await actions.reply_in_thread(
        people.hina,
        "ORBIT-1",
        "Sorry for the wait. An expired certificate; the new one works.",
    )


async def _twenty_first_answered(runner: DemoRunner) -> None:
    runner.screen.heading("The 21st ticket is answered before it is due")
    await runner.until(13, "16:00")
    await Actions(runner).reply_in_thread(
        runner.people.omar,
        "ZEPHYR-21",
        "It was off in the quotation layout. I have switched it on.",
    )


async def _other_agreement(runner: DemoRunner) -> None:
    actions, people = Actions(runner), runner.people
    runner.screen.heading("Another agreement, another calendar (Ecotone, Brussels time)")
    await runner.until(13, "19:30")
    await actions.post_request(
        people.ecotone, "Rebuilding a projection loses events; orders are missing."
    )
    await actions.choose_severity(people.ecotone, "LUMEN-1", "p1", "P1 · Critical")
    await runner.why("LUMEN-1", "The first business day after")
    await runner.until(13, "19:50")
    await actions.post_request(
        people.ecotone, "A deprecation notice in the log names the wrong class."
    )
    await actions.choose_severity(people.ecotone, "LUMEN-2", "p3", "P3 · Minor")
