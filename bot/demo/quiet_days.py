"""1 to 12 August: twenty requests of the Standard client, each answered in time."""

from bot.demo.actions import Actions
from bot.demo.demo_runner import DemoRunner

_DAYS = (1, 3, 4, 5, 6, 7, 8, 10, 11, 12)  # Monday to Saturday
_MORNING = (
    "How do we add a second warehouse?",
    "Which report shows unpaid invoices by region?",
    "Can the order confirmation carry our new logo?",
    "How do we archive last year's price lists?",
    "Please check the tax setting for exports.",
)
_AFTERNOON = (
    "The stock report sorts by date, and we need it by name.",
    "A new colleague needs the rights of a buyer.",
    "How do we merge two suppliers that are one?",
    "The packing slip prints in the wrong language.",
    "How long are log files kept?",
)


async def quiet_days(runner: DemoRunner) -> None:
    """Run the requests in Slack like all others, but summarize them in a line."""
    runner.screen.heading("1 to 12 August: twenty quiet requests, each answered")
    runner.screen.quiet = True
    for index, day in enumerate(_DAYS):
        await _request(runner, day, 10, _MORNING[index % 5], 2 * index + 1)
        await _request(runner, day, 15, _AFTERNOON[index % 5], 2 * index + 2)
    await runner.until(13, "09:05")
    runner.screen.quiet = False
    last = runner.evidence.client_card("ZEPHYR-20").quota
    runner.screen.remark(f"Zephyr Retail is on Standard; its last card says “{last}”.")


async def _request(runner: DemoRunner, day: int, hour: int, words: str, number: int) -> None:
    actions, people = Actions(runner), runner.people
    key = f"{people.standard.key}-{number}"
    await runner.until(day, f"{hour}:00")
    await actions.post_request(people.standard, words)
    await actions.choose_severity(people.standard, key, "low", "Low")
    await runner.until(day, f"{hour}:40")
    await actions.resolve(people.omar, key, "Done together on the phone, step by step.")
