"""1 to 12 August: twenty requests of the Standard client, each answered in time."""

from bot.demo.deeds import Deeds
from bot.demo.theatre import Theatre

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


async def quiet_days(theatre: Theatre) -> None:
    """Played through Slack like everything else, and told in one line."""
    theatre.screen.act("1 to 12 August: twenty quiet requests, each answered")
    theatre.screen.quiet = True
    for index, day in enumerate(_DAYS):
        await _request(theatre, day, 10, _MORNING[index % 5], 2 * index + 1)
        await _request(theatre, day, 15, _AFTERNOON[index % 5], 2 * index + 2)
    await theatre.until(13, "09:05")
    theatre.screen.quiet = False
    last = theatre.evidence.client_card("ZEPHYR-20").quota
    theatre.screen.aside(f"Zephyr Retail is on Standard; its last card says “{last}”.")


async def _request(theatre: Theatre, day: int, hour: int, words: str, number: int) -> None:
    deeds, cast = Deeds(theatre), theatre.cast
    key = f"{cast.standard.key}-{number}"
    await theatre.until(day, f"{hour}:00")
    await deeds.asks(cast.standard, words)
    await deeds.proposes(cast.standard, key, "low", "Low")
    await theatre.until(day, f"{hour}:40")
    await deeds.resolves(cast.omar, key, "Done together on the phone, step by step.")
