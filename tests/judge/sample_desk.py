"""The desk of the fault tests: three clients, two engineers and a manager."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.domain.ids import UserId
from bot.runtime import open_runtime
from bot.sandbox import Sandbox
from bot.settings import Settings
from bot.time_source import ManualTimeSource
from bot.usecases.operations.setup import NewClient, add_client, add_staff
from tests.judge.ledger import Ledger, Terms

PLANS = Path(__file__).with_name("plans.toml")
TRIAGE, MANAGERS = "C0TRIAGE", "C0MANAGERS"
DANA, ELI, MO = "U0DANA", "U0ELI", "U0MO"
MONDAY = datetime(2026, 3, 9, 5, 0, tzinfo=UTC)  # 10:00 in Karachi
DIGEST_AT = "09:00"
ACME = Terms("ACME", "Acme", "C0ACME", PLANS, "swift", DANA)
BETA = Terms("BETA", "Beta", "C0BETA", PLANS, "small")
GOLD = Terms("GOLD", "Gold", "C0GOLD", PLANS, "agreed")
CLIENTS = (ACME, BETA, GOLD)
PEOPLE = {DANA: "Dana", ELI: "Eli", MO: "Mo"}


async def furnish(database_url: str, clients: Sequence[Terms] = CLIENTS) -> None:
    """Add the clients and the staff to an empty database, a week before the story begins."""
    settings = Settings(_env_file=None, database_url=database_url, deskbell_catalog=(str(PLANS),))
    clock = ManualTimeSource(MONDAY - timedelta(days=7))
    async with open_runtime(settings, clock) as opened, opened.write() as desk:
        for terms in clients:
            channel = terms.channel or None
            await add_client(
                desk, NewClient(terms.name, terms.key, terms.plan, channel, terms.engineer, None)
            )
        for user, name in PEOPLE.items():
            await add_staff(desk, UserId(user), "manager" if user == MO else "engineer", name)


def add_people(sandbox: Sandbox, clients: Sequence[Terms] = CLIENTS) -> dict[str, list[str]]:
    """Add every person and channel; return two people by client key."""
    for user, name in PEOPLE.items():
        sandbox.add_user(name, user_id=user)
    sandbox.add_channel("triage", members=[DANA, ELI, MO], channel_id=TRIAGE)
    sandbox.add_channel("managers", members=[MO], channel_id=MANAGERS)
    people = {}
    for terms in clients:
        team = sandbox.add_team(terms.name)
        people[terms.key] = [
            sandbox.add_user(f"{name} of {terms.name}", team=team) for name in ("Ann", "Bob")
        ]
        members = [*people[terms.key], DANA, ELI]
        sandbox.add_channel(
            terms.name.lower(), members=members, shared_with=team, channel_id=terms.channel
        )
    return people


def ledger_of(clients: Sequence[Terms] = CLIENTS) -> Ledger:
    return Ledger(list(clients), set(PEOPLE), TRIAGE, MANAGERS, digest_at=DIGEST_AT)
