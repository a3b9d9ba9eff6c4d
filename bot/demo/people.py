"""The people of the demo: the vendor's staff, and a client on each plan. All are invented."""

from dataclasses import dataclass

from bot.domain.ids import UserId
from bot.runtime import Runtime
from bot.sandbox import Sandbox
from bot.usecases.operations.setup import NewClient, add_client, add_staff

_PLAN_NAMES = {
    "included": "Included",
    "standard": "Standard",
    "priority": "Priority",
    "enterprise": "Enterprise",
    "support-agreement": "Ecotone's Support Agreement",
}


@dataclass(frozen=True, slots=True)
class Person:
    user_id: str
    name: str

    @property
    def first_name(self) -> str:
        return self.name.split()[0]


@dataclass(frozen=True, slots=True)
class Account:
    """A client of the demo; `channel` is "" for a client who is not in Slack."""

    key: str
    name: str
    plan: str  # the plan's ID in its catalogue
    person: Person
    channel: str
    engineer: Person | None = None

    @property
    def plan_name(self) -> str:
        return _PLAN_NAMES[self.plan]


class People:
    """Creates everybody in the simulated workspace: `staff` by role, and accounts by plan."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.omar = self._person("Omar Farooq")
        self.bilal = self._person("Bilal Ahmed")
        self.hina = self._person("Hina Qureshi")
        self.nadia = self._person("Nadia Khan")
        self.staff = {
            self.omar: "engineer",
            self.bilal: "engineer",
            self.hina: "engineer",
            self.nadia: "manager",
        }
        inside = [person.user_id for person in self.staff]
        self.triage = sandbox.add_channel("triage", members=inside)
        self.managers = sandbox.add_channel("managers", members=[self.nadia.user_id])
        self.included = self._account("BLUEBIRD", "Bluebird Books", "included", "Grace Lim")
        self.standard = self._account("ZEPHYR", "Zephyr Retail", "standard", "Sana Mirza")
        self.priority = self._account("MARLIN", "Marlin Foods", "priority", "Tom Berg", self.bilal)
        self.enterprise = self._account(
            "ORBIT", "Orbit Steel", "enterprise", "Ravi Iyer", self.hina
        )
        self.ecotone = self._account("LUMEN", "Lumen Mobility", "support-agreement", "Lotte Maes")

    @property
    def accounts(self) -> tuple[Account, ...]:
        return self.included, self.standard, self.priority, self.enterprise, self.ecotone

    def name_of(self, user_id: str) -> str:
        """Return a person's name, or the bot's."""
        if user_id == self.sandbox.bot_user_id:
            return "Deskbell"
        people = [*self.staff, *(account.person for account in self.accounts)]
        return next((person.name for person in people if person.user_id == user_id), user_id)

    async def register(self, office: Runtime) -> None:
        """Register staff and clients in the desk; their agreements are in force from now."""
        async with office.write() as desk:
            for person, role in self.staff.items():
                await add_staff(desk, UserId(person.user_id), role, person.name)
            for account in self.accounts:
                engineer = account.engineer.user_id if account.engineer else None
                await add_client(
                    desk,
                    NewClient(
                        account.name,
                        account.key,
                        account.plan,
                        account.channel or None,
                        engineer,
                        None,
                    ),
                )

    def _person(self, name: str, team: str | None = None) -> Person:
        return Person(self.sandbox.add_user(name, team=team), name)

    def _account(
        self, key: str, name: str, plan: str, person_name: str, engineer: Person | None = None
    ) -> Account:
        """Create a client. The plan Included has no support in Slack, so its client has no
        channel."""
        team = self.sandbox.add_team(name)
        person = self._person(person_name, team)
        channel = ""
        if plan != "included":
            members = [person.user_id, *(colleague.user_id for colleague in self.staff)]
            channel = self.sandbox.add_channel(key.lower(), members=members, shared_with=team)
        return Account(key, name, plan, person, channel, engineer)
