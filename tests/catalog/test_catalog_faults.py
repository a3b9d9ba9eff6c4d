"""Tests that a bad catalogue is refused with file, key, fault and the valid form."""

from datetime import date

import pytest

from bot.catalog import parse_catalog
from bot.domain.agreements.plan import Catalog
from bot.domain.sla.calendars.window import Window
from bot.domain.sla.targets.metric import Metric
from bot.domain.sla.targets.target import BusinessDays
from bot.errors import ConfigurationError

GOOD = """\
vendor = "Acme"
zone = "Europe/Paris"

[severities.urgent]
label = "Urgent"
definition = "Nothing works."

[severities.later]
label = "Later"
definition = "Anything else."

[calendars.office]
zone = "Europe/Paris"
windows = ["Mon-Fri 09:00-18:00"]
holidays = "FR"

[categories.bug]
label = "Bug"
covered = true

[plans.gold]
name = "Gold"
rank = 1
price = "EUR 10.00"
calendar = "office"
channels = ["slack"]
where_to_write = "Here."
quota = { included = 5, overage = "EUR 1.00" }
covers = ["All of it"]

[plans.gold.targets]
urgent = "4h"
later = { words = "In time" }
"""

SILVER = """
[plans.silver]
name = "Silver"
rank = 2
price_words = "Free"
calendar = "office"
channels = ["slack"]
where_to_write = "Here."
quota = { included = "unlimited" }
covers = ["Some of it"]
targets = { urgent = "8h", later = "2 business days" }
"""


def parse(text: str) -> Catalog:
    return parse_catalog(text, name="acme", source="acme.toml")


def faults(text: str) -> list[str]:
    with pytest.raises(ConfigurationError) as refused:
        parse(text)
    lines = str(refused.value).splitlines()
    assert all(line.startswith("acme.toml: ") for line in lines)
    return [line.removeprefix("acme.toml: ") for line in lines]


def with_change(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


def test_the_catalogue_that_these_tests_modify_is_valid() -> None:
    assert list(parse(GOOD + SILVER).plans) == ["gold", "silver"]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('vendor = "Acme"', "", 'vendor: is missing; write the vendor\'s name: vendor = "ECOSIRE"'),
        ('vendor = "Acme"', "vendor = 3", "vendor: is no text; write some between quotes"),
        (
            'vendor = "Acme"',
            'vendor = "Acme"\nvender = "Acme"',
            "vender: is no key here; did you mean 'vendor'?",
        ),
        (
            'zone = "Europe/Paris"',
            'zone = "Europe/Pari"',
            "zone: there is no time zone 'Europe/Pari'; did you mean 'Europe/Paris'?",
        ),
        (
            'zone = "Europe/Paris"',
            'zone = "../passwd"',
            "zone: there is no time zone '../passwd'; check the spelling",
        ),
        (
            'label = "Later"',
            'label = "urgent"',
            "severities.later.label: 'urgent' is that of urgent too; write another",
        ),
        (
            'definition = "Nothing works."',
            'definition = ""',
            "severities.urgent.definition: is no text; write some between quotes",
        ),
        (
            '["Mon-Fri 09:00-18:00"]',
            '["Mon-Fri 09:00-18:00", "Fri 17:00-20:00"]',
            "calendars.office.windows: Fri 09:00-18:00 and Fri 17:00-20:00 overlap; "
            "end the one before the other starts",
        ),
        (
            '["Mon-Fri 09:00-18:00"]',
            '["Sun 22:00-06:00 overnight", "Mon 05:00-09:00"]',
            "calendars.office.windows: Mon 05:00-09:00 and Sun 22:00-06:00 overlap; "
            "end the one before the other starts",
        ),
        (
            '["Mon-Fri 09:00-18:00"]',
            '["Mon-Fri 18:00-09:00"]',
            "calendars.office.windows.0: 'Mon-Fri 18:00-09:00' ends before it starts; write "
            "'overnight' after it if it ends the next day",
        ),
        (
            '["Mon-Fri 09:00-18:00"]',
            '["Mon-Fri 09:00-18:00 overnight"]',
            "calendars.office.windows.0: 'Mon-Fri 09:00-18:00 overnight' does not run over "
            "midnight; leave out 'overnight', or end at the latest 24 hours after the start",
        ),
        (
            '["Mon-Fri 09:00-18:00"]',
            '["Mon-Fri 09:00-24:30"]',
            "calendars.office.windows.0: '24:30' is no time of day; write 00:00 to 24:00",
        ),
        (
            '["Mon-Fri 09:00-18:00"]',
            '["Mon,Tue,Mon 09:00-18:00"]',
            "calendars.office.windows.0: 'Mon,Tue,Mon' names a weekday twice; name each once",
        ),
        (
            '["Mon-Fri 09:00-18:00"]',
            '["Moon 09:00-18:00"]',
            "calendars.office.windows.0: 'Moon' is no weekday; write one of mon, tue, wed, thu, "
            "fri, sat, sun",
        ),
        (
            '["Mon-Fri 09:00-18:00"]',
            '["9 to 5"]',
            "calendars.office.windows.0: '9 to 5' is no window; write 'Mon-Fri 09:00-18:00'",
        ),
        (
            '["Mon-Fri 09:00-18:00"]',
            "[]",
            "calendars.office.windows: is empty; write at least one",
        ),
        (
            '["Mon-Fri 09:00-18:00"]',
            '"Mon-Fri 09:00-18:00"',
            "calendars.office.windows: 'Mon-Fri 09:00-18:00' is no list; write the weekly windows: "
            'windows = ["Mon-Fri 09:00-18:00"]',
        ),
        (
            'holidays = "FR"',
            'holidays = "France"',
            "calendars.office.holidays: there are no holidays known as 'France'; write a country "
            "('PK', 'GB-SCT'), a market ('XECB') or 'none'",
        ),
        (
            'holidays = "FR"',
            'holidays = "FR"\nextra_closed = { 2026-02-30 = "x" }',
            "calendars.office.extra_closed.2026-02-30: '2026-02-30' is no date; write 2026-08-14",
        ),
        (
            'holidays = "FR"',
            'holidays = "FR"\nextra_open = { 2026-05-02 = "nine to five" }',
            "calendars.office.extra_open.2026-05-02.0: 'nine to five' is no window of a date; "
            "write '09:00-18:00'",
        ),
        (
            'holidays = "FR"',
            'holidays = "FR"\nextra_open = { 2026-05-02 = 9 }',
            "calendars.office.extra_open.2026-05-02: 9 is no list; write dates that are no "
            "holiday here, [2026-11-09], or dates with windows of their own, { 2026-05-02 = "
            '"09:00-18:00" }',
        ),
        (
            'holidays = "FR"',
            'holidays = "FR"\nextra_open = { 2026-05-02 = [] }',
            "calendars.office.extra_open.2026-05-02: is empty; write at least one",
        ),
        (
            'holidays = "FR"',
            'holidays = "FR"\nextra_open = { 2026-05-02 = ["09:00-13:00", "12:00-15:00"] }',
            "calendars.office.extra_open.2026-05-02: Sat 09:00-13:00 and Sat 12:00-15:00 overlap; "
            "end the one before the other starts",
        ),
        (
            'holidays = "FR"',
            'holidays = "FR"\nextra_open = [2026-05-02]',
            "calendars.office.extra_open.2026-05-02: no window starts on a Saturday; write the "
            "date's own: extra_open = { 2026-05-02 = '09:00-18:00' }",
        ),
        (
            'holidays = "FR"',
            'holidays = "FR"\nextra_open = [2026-05-01]\nextra_closed = { 2026-05-01 = "x" }',
            "calendars.office.extra_open.2026-05-01: stands in extra_closed too; leave one out",
        ),
        (
            'holidays = "FR"',
            'holidays = "FR"\nextra_open = "2026-05-01"',
            "calendars.office.extra_open: '2026-05-01' cannot stand here; write dates that are no "
            "holiday here, [2026-11-09], or dates with windows of their own, { 2026-05-02 = "
            '"09:00-18:00" }',
        ),
        (
            'holidays = "FR"',
            "",
            "calendars.office.holidays: is missing; write the holidays it is closed on, or that it "
            'ignores them: "PK", "XECB", "none"',
        ),
        (
            "covered = true",
            'covered = "yes"',
            "categories.bug.covered: 'yes' is neither true nor false; write true where it is "
            "support, false where it is billed apart",
        ),
        (
            "rank = 1",
            'rank = "1"',
            "plans.gold.rank: '1' is no whole number; write a whole number, the greater the higher "
            "the plan: rank = 2",
        ),
        (
            'price = "EUR 10.00"',
            'price = "10 EUR"',
            "plans.gold.price: '10 EUR' is no price; write a currency and two decimals: "
            "'USD 25.00'",
        ),
        (
            'price = "EUR 10.00"',
            "",
            "plans.gold: has neither price nor price_words; write price = 'USD 299.00' or "
            "price_words = 'Negotiated'",
        ),
        (
            'price = "EUR 10.00"',
            'price = "EUR 10.00"\nprice_words = "Free"',
            "plans.gold: has both price and price_words; write only one: price = 'USD 299.00' or "
            "price_words = 'Negotiated'",
        ),
        (
            'calendar = "office"',
            "",
            "plans.gold.calendar: is missing; write the calendar of its targets: calendar = "
            '"business"',
        ),
        (
            'calendar = "office"',
            'calendar = "ofice"',
            "plans.gold.calendar: there is no calendar 'ofice'; did you mean 'office'?",
        ),
        (
            '["slack"]',
            '["slack", "fax"]',
            "plans.gold.channels.1: 'fax' is unknown; write where it has support: of slack, email, "
            "portal, phone",
        ),
        (
            '{ included = 5, overage = "EUR 1.00" }',
            "{ included = 5 }",
            "plans.gold.quota.overage: is missing; write the price of each further ticket, "
            "'USD 25.00' or 'USD 0.00'",
        ),
        (
            "included = 5",
            'included = "unlimited"',
            "plans.gold.quota.overage: stands beside an unlimited number of tickets; leave it out",
        ),
        (
            "included = 5",
            "included = -5",
            "plans.gold.quota.included: -5 is no number of tickets; write 20 or 'unlimited'",
        ),
        (
            "included = 5",
            "included = 5, overrage = 1",
            "plans.gold.quota.overrage: is no key here; did you mean 'overage'?",
        ),
        (
            'covers = ["All of it"]',
            'covers = ["All of it"]\nnot_covered = ["bugs"]',
            "plans.gold.not_covered: there is no category 'bugs'; did you mean 'bug'?",
        ),
        (
            'urgent = "4h"',
            "",
            "plans.gold.targets.urgent: is missing; write urgent = '4h', or its words",
        ),
        (
            'urgent = "4h"',
            'urgent = "4h"\nlatest = "4h"',
            "plans.gold.targets.latest: there is no severity 'latest'; did you mean 'later'?",
        ),
        (
            'urgent = "4h"',
            'urgent = "4hh"',
            'plans.gold.targets.urgent: \'4hh\' is no target; write "4h", "30m", "1h30m", '
            '"4h covered", "2 business days" or "next business day"',
        ),
        (
            'urgent = "4h"',
            "urgent = 4",
            "plans.gold.targets.urgent: is no table; write [plans.gold.targets.urgent] and its "
            "keys below it",
        ),
        (
            'urgent = "4h"',
            'urgent = { target = "4h", on = { caturday = "2h" } }',
            "plans.gold.targets.urgent.on.caturday: 'caturday' is no weekday; write one of mon, "
            "tue, wed, thu, fri, sat, sun",
        ),
        (
            'urgent = "4h"',
            'urgent = { target = "4h", on = { sat = "0h" } }',
            "plans.gold.targets.urgent.on.sat: '0h' is out of range; write more than none and at "
            "most a year",
        ),
        (
            'urgent = "4h"',
            'urgent = { target = "4h", calendar = "night" }',
            "plans.gold.targets.urgent.calendar: there is no calendar 'night'; choose office",
        ),
        (
            'urgent = "4h"',
            "urgent = {}",
            "plans.gold.targets.urgent: has neither target nor words; write target = '4h' or words "
            "= 'Prioritised handling'",
        ),
        (
            '{ words = "In time" }',
            '{ words = "In time", target = "4h" }',
            "plans.gold.targets.later: has both target and words; write only one: target = '4h' or "
            "words = 'Prioritised handling'",
        ),
        (
            '{ words = "In time" }',
            '{ words = "In time", on = { sat = "4h" } }',
            "plans.gold.targets.later.on: stands beside words, which have no clock; leave it out",
        ),
    ],
)
def test_a_fault_names_its_key_and_the_valid_form(old: str, new: str, fault: str) -> None:
    assert faults(with_change(old, new)) == [fault]


def test_faults_in_further_metrics_are_named() -> None:
    text = (
        GOOD + '[plans.gold.update]\nurgnt = "1h"\nlater = { words = "x", on = { sat = "1h" } }\n'
    )
    assert faults(text + "[plans.gold.resolved]") == [
        "plans.gold.resolved: is no key here; check the spelling",
        "plans.gold.update.later.on: stands beside words, which have no clock; leave it out",
        "plans.gold.update.urgnt: there is no severity 'urgnt'; did you mean 'urgent'?",
    ]


def test_a_further_metric_may_omit_severities() -> None:
    plan = parse(GOOD + '[plans.gold.resolution]\nurgent = "1 business day"\n').plans["gold"]
    (resolution,) = plan.further[Metric.RESOLUTION]
    assert (resolution.severity.id, resolution.target) == ("urgent", BusinessDays(1))
    assert parse(GOOD).plans["gold"].further == {}


def test_a_missing_section_is_named() -> None:
    assert faults(GOOD[: GOOD.index("[plans.gold]")]) == [
        "plans: is missing; write [plans.standard] and the keys of a plan"
    ]


def test_a_section_that_is_not_a_table_is_named() -> None:
    text = GOOD[: GOOD.index("[plans.gold]")]
    assert faults("plans = 3\n" + text) == [
        "plans: holds no table; write [plans.standard] and its keys below it"
    ]


def test_targets_that_are_not_a_table_are_named() -> None:
    text = GOOD[: GOOD.index("[plans.gold.targets]")]
    assert faults(text + 'targets = "4h"') == [
        "plans.gold.targets: is no table; write [plans.gold.targets] and a target for each "
        "severity below it"
    ]


def test_an_id_in_capitals_is_refused() -> None:
    assert faults(GOOD.replace("urgent", "Urgent")) == [
        "severities.Urgent: 'Urgent' is no id; write small letters, digits and hyphens: "
        "'support-agreement'"
    ]


def test_two_plans_with_the_same_name_or_rank_are_refused() -> None:
    twin = SILVER.replace('"Silver"', '"gold"').replace("rank = 2", "rank = 1")
    assert faults(GOOD + twin) == [
        "plans.silver.name: 'gold' is that of gold too; write another",
        "plans.silver.rank: 1 is that of gold too; write another",
    ]


def test_a_duplicate_id_is_refused_with_its_line() -> None:
    (fault,) = faults(GOOD + "\n[plans.gold]\n")
    assert fault.startswith("is not TOML: Cannot declare ('plans', 'gold') twice (at line 35")


def test_invalid_toml_is_refused_with_its_line() -> None:
    (fault,) = faults('vendor = "Acme"\nzone = Europe/Paris\n')
    assert fault == (
        "is not TOML: Invalid value (at line 2, column 8); mend it there "
        "(a key stands once in its table)"
    )


def test_all_faults_are_named_at_once() -> None:
    text = (
        GOOD.replace('"Acme"', "1")
        .replace('"FR"', '"France"')
        .replace('["Mon-Fri 09:00-18:00"]', '["Mon 09:00-12:00", "Mon 11:00-13:00", "Tue"]')
        .replace("rank = 1", "rank = 1.5")
        .replace('price = "EUR 10.00"', "")
        .replace('calendar = "office"', 'calendar = "desk"')
        .replace(', overage = "EUR 1.00"', "")
        .replace('urgent = "4h"', 'urgnt = "4hh"')
    )
    assert [fault.partition(": ")[0] for fault in faults(text)] == [
        "vendor",
        "calendars.office.windows",
        "calendars.office.windows.2",
        "calendars.office.holidays",
        "plans.gold.calendar",
        "plans.gold",
        "plans.gold.quota.overage",
        "plans.gold.rank",
        "plans.gold.targets.urgent",
        "plans.gold.targets.urgnt",
        "plans.gold.targets.urgnt",
    ]


def test_windows_may_end_at_midnight_run_overnight_or_occur_several_times_a_day() -> None:
    text = with_change(
        '["Mon-Fri 09:00-18:00"]',
        '["Mon,wed 08:00-12:00", "Mon 13:00 – 24:00", "Sat-Sun 22:00-06:00 overnight"]',
    )
    calendar = parse(text).plans["gold"].sla_targets[0].calendar
    assert sorted(calendar.windows) == [
        Window(0, 480, 720),
        Window(0, 780, 1440),
        Window(2, 480, 720),
        Window(5, 1320, 1800),
        Window(6, 1320, 1800),
    ]


def test_a_range_of_weekdays_may_span_the_weekend() -> None:
    text = with_change('["Mon-Fri 09:00-18:00"]', '["Fri-Mon 09:00-18:00"]')
    calendar = parse(text).plans["gold"].sla_targets[0].calendar
    assert [window.weekday for window in sorted(calendar.windows)] == [0, 4, 5, 6]


def test_holiday_corrections_are_read() -> None:
    text = with_change(
        'holidays = "FR"',
        'holidays = "none"\nextra_closed = { 2026-08-14 = "Fair" }\nextra_open = [2026-05-01]',
    )
    calendar = parse(text).plans["gold"].sla_targets[0].calendar
    assert calendar.holidays is None
    assert [(str(day), name) for day, name in calendar.extra_closed] == [("2026-08-14", "Fair")]
    assert [str(day) for day in calendar.extra_open] == ["2026-05-01"]


def test_dates_with_their_own_windows_are_read() -> None:
    own = (
        'extra_open = { 2026-05-02 = "09:00-18:00", '
        '2026-05-03 = ["08:00-12:00", "22:00-02:00 overnight"] }'
    )
    calendar = (
        parse(with_change('holidays = "FR"', f'holidays = "FR"\n{own}'))
        .plans["gold"]
        .sla_targets[0]
        .calendar
    )
    assert calendar.extra_windows == (
        (date(2026, 5, 2), Window(5, 540, 1080)),
        (date(2026, 5, 3), Window(6, 480, 720)),
        (date(2026, 5, 3), Window(6, 1320, 1560)),
    )
    assert calendar.extra_open == frozenset()


def test_a_plan_uses_its_catalogues_zone_unless_it_names_its_own() -> None:
    own = SILVER.replace("rank = 2", 'rank = 2\nzone = "Asia/Tokyo"')
    plans = parse(GOOD + own).plans
    assert [plan.zone for plan in plans.values()] == ["Europe/Paris", "Asia/Tokyo"]


@pytest.mark.parametrize(
    ("duties", "fault"),
    [
        (
            '{ Review = { label = "Review", every = "month" } }',
            "duties.Review: 'Review' is no id; write small letters, digits and hyphens:"
            " 'account-review'",
        ),
        (
            '{ review = { label = "Review", every = "week" } }',
            "duties.review.every: 'week' is unknown; write how often it is to be done: every ="
            ' "month", "quarter", "half-year" or "year"',
        ),
        (
            '{ review = { every = "year" } }',
            "duties.review.label: is missing; write what people read: label ="
            ' "System health report"',
        ),
    ],
)
def test_a_recurring_task_has_an_id_a_label_and_a_schedule(duties: str, fault: str) -> None:
    text = GOOD + SILVER.replace("targets =", f"duties = {duties}\ntargets =")
    assert faults(text) == [f"plans.silver.{fault}"]


LADDER = """
[ladders.usual]
steps = [{ at = "75%", tell = ["engineer"] }, { at = "due", tell = ["triage"] }]
"""


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            '"75%"',
            '"175%"',
            "ladders.usual.steps.0.at: '175%' is no moment of a clock; write '75%', 'due' or"
            " '30m late'",
        ),
        (
            '"engineer"',
            '"boss"',
            "ladders.usual.steps.0.tell.0: 'boss' is unknown; write whom: of assignee, engineer,"
            " backup, triage, manager, pager",
        ),
        (
            ', { at = "due", tell = ["triage"] }',
            "",
            "ladders.usual.steps: has no step that is due; write { at = 'due', tell ="
            " ['engineer', 'triage'] }",
        ),
        (
            '"75%"',
            '"due"',
            "ladders.usual.steps: has two steps at due; put whom they tell into one",
        ),
        (
            'tell = ["triage"] }',
            'tell = ["triage"], every = "30m" }',
            "ladders.usual.every: needs until, and until needs it; write both or neither",
        ),
        (
            'tell = ["engineer"] }',
            'tell = ["engineer"], every = "30m", until = "2h late" }',
            "ladders.usual.every: repeats before it is due; write 'due' or '30m late'",
        ),
        (
            'tell = ["triage"] }',
            'tell = ["triage"], every = "1m", until = "2h late" }',
            "ladders.usual.every: comes over 48 times; make it longer",
        ),
    ],
)
def test_an_escalation_ladder_names_times_readers_and_repetition(
    old: str, new: str, fault: str
) -> None:
    assert old in LADDER
    assert faults(GOOD + LADDER.replace(old, new, 1)) == [fault]


def test_a_plan_uses_an_existing_ladder() -> None:
    plan = SILVER.replace("targets =", "ladder = 'usuall'\ntargets =") + LADDER
    assert faults(GOOD + plan) == [
        "plans.silver.ladder: there is no ladder 'usuall'; did you mean 'usual'?"
    ]
    only = "ladder = { urgent = 'usual' }\ntargets ="
    assert faults(GOOD + SILVER.replace("targets =", only) + LADDER) == [
        "plans.silver.ladder: leaves severities out; write others = 'usual'"
    ]
    both = "ladder = { urgent = 'usual', others = 'usual' }\ntargets ="
    silver = parse(GOOD + SILVER.replace("targets =", both) + LADDER).plans["silver"]
    assert len(silver.ladder("later")) == 2
