"""What a catalogue says: plans, severities, targets, quota. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.calendar import Calendar
from bot.domain.duty import Duty
from bot.domain.ladder import USUAL, Ladder
from bot.domain.metric import Metric
from bot.domain.money import Money
from bot.domain.target import NoClock, Target


@dataclass(frozen=True, slots=True)
class Severity:
    """A rung of a plan. `id` is what people type (`critical`, `p1`); `definition` is the
    agreement's own sentence, shown to the client where they choose."""

    id: str
    label: str
    definition: str
    signs: tuple[str, ...] = ()  # words in a request that read like it


@dataclass(frozen=True, slots=True)
class Promise:
    """One line of a plan: for this severity a response within `target` of `calendar`.

    `by_weekday` replaces the target when the clock starts on that weekday (0 = Monday) in the
    calendar's zone: Priority's "2 hours, 24/5 (weekdays), 4 hours on weekends".
    """

    severity: Severity
    target: Target
    calendar: Calendar
    by_weekday: Mapping[int, Target]

    @property
    def has_clock(self) -> bool:
        """Whether anything can be due: a promise in words alone has no clock."""
        if not isinstance(self.target, NoClock):
            return True
        return any(not isinstance(target, NoClock) for target in self.by_weekday.values())

    def target_on(self, weekday: int) -> Target:
        return self.by_weekday.get(weekday, self.target)


@dataclass(frozen=True, slots=True)
class Quota:
    """Tickets a billing period. `included` None = unlimited; `overage` is the price of each
    ticket beyond, None where there is nothing to charge."""

    included: int | None
    overage: Money | None


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of work. What is not `covered` is billed as services, not as support."""

    id: str
    label: str
    covered: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """A support plan as its catalogue states it. `zone` is the IANA zone in which its people
    read times and its billing periods run. `rank` orders plans: higher is an upgrade."""

    catalog: str
    id: str
    name: str
    rank: int
    zone: str
    price: Money | None  # a month; None = negotiated or free
    promises: tuple[Promise, ...]  # in the order they are shown, the most severe first
    quota: Quota
    channels: tuple[str, ...]  # of "slack", "email", "portal", "phone"
    where_to_write: str  # said to a client who writes where the plan has no support
    named_engineer: bool  # the named account engineer is told first
    categories: tuple[Category, ...]
    covers: tuple[str, ...]  # the agreement's list, as it stands
    price_words: str = ""  # where there is no price: "Negotiated"
    shortest_months: int = 0  # of a fixed term
    lapses_to: str = ""  # the plan that follows at the end of one; "" for none
    # What is promised beyond the first response, where it is; each severity is optional there.
    further: Mapping[Metric, tuple[Promise, ...]] = field(default_factory=dict)
    duties: tuple[Duty, ...] = ()
    ladders: Mapping[str, Ladder] = field(default_factory=dict)  # by severity; else USUAL

    @property
    def in_slack(self) -> bool:
        return "slack" in self.channels

    def covers_kind(self, category_id: str | None) -> bool:
        """Whether work of this kind is support; also where nobody has said which kind it is."""
        return all(one.covered for one in self.categories if one.id == category_id)

    def ladder(self, severity_id: str | None) -> Ladder:
        """Who is told, and when, of a clock that is this severity's."""
        return self.ladders.get(severity_id or "", USUAL)

    def promise(self, severity_id: str) -> Promise:
        """Raises KeyError for a severity that the plan does not have."""
        for promise in self.promises:
            if promise.severity.id == severity_id:
                return promise
        raise KeyError(severity_id)

    def promise_for(self, metric: Metric, severity_id: str) -> Promise | None:
        """The promise of the metric; None where the plan makes none for this severity.

        Raises KeyError for a severity that the plan does not have.
        """
        self.promise(severity_id)
        found = (p for p in self.promises_of(metric) if p.severity.id == severity_id)
        return next(found, None)

    def promises_of(self, metric: Metric) -> tuple[Promise, ...]:
        """What the plan promises of the metric; nothing, for most metrics of most plans."""
        if metric is Metric.FIRST_RESPONSE:
            return self.promises
        return self.further.get(metric, ())


@dataclass(frozen=True, slots=True)
class Catalog:
    """A file of plans, as one version. `digest` is the SHA-256 of the file's text."""

    name: str
    vendor: str
    digest: str
    text: str
    plans: Mapping[str, Plan]
