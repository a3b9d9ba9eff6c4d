"""Tests of the managers' morning digest."""

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.agreements.money import Money
from bot.domain.reports.digest import Attainment, Digest, DigestLine, QuotaLine
from bot.views.reports.digest import digest
from bot.views.text import moment
from tests.views.slack_limits import check_message, shown
from tests.views.ticket_views import DUE, ENGINEER, ZONE

QUIET = Digest(date(2026, 3, 16), ZONE, (), (), (), (), ())
LATE = DigestLine("ACME-3", "Acme", "Critical", DUE, ENGINEER)


def lines(of: Digest) -> list[str]:
    message = digest(of)
    check_message(message)
    return shown(message).splitlines()


def test_a_quiet_morning_is_stated_for_every_list() -> None:
    assert lines(QUIET) == [
        "Support on Monday 16 March 2026",
        "*New breaches*",
        "No breaches since the last digest.",
        "*Still late*",
        "No late ticket is waiting for an answer.",
        "*At risk today*",
        "Nothing more falls due today.",
        "*First responses kept, last 7 days*",
        "No first response fell due in the last 7 days.",
        "*First responses kept, last 30 days*",
        "No first response fell due in the last 30 days.",
        "*Quota*",
        "No client is at 80 % of its quota.",
        "*Agreements, next seven days*",
        "No agreement changes or ends in the next seven days.",
        "*Duties*",
        "No duty is overdue or due in seven days.",
    ]


def test_a_listed_ticket_shows_its_client_due_time_and_assignee() -> None:
    free = DigestLine("BETA-1", "Beta & Co", None, DUE, None)
    shown_lines = lines(replace(QUIET, new_breaches=(LATE, free)))
    at = moment(DUE, ZONE)
    assert f"• *ACME-3* Acme, Critical: due {at}, <@{ENGINEER}>" in shown_lines
    assert f"• *BETA-1* Beta &amp; Co, untriaged: due {at}, nobody has it" in shown_lines


@pytest.mark.parametrize(
    ("new", "words"),
    [(0, "no new breaches"), (1, "1 new breach"), (2, "2 new breaches"), (11, "11 new breaches")],
)
def test_the_notification_counts_each_list(new: int, words: str) -> None:
    of = replace(QUIET, new_breaches=(LATE,) * new, at_risk=(LATE,) * 3)
    notification = f"Support on Monday 16 March 2026: {words}, none still late, 3 at risk today."
    assert digest(of).text == notification


def test_attainment_is_shown_by_plan_and_client_for_each_period() -> None:
    of = replace(
        QUIET,
        attainment=(
            Attainment("Standard", "Acme", 7, 12, 13),
            Attainment("Priority", "Beta", 30, 40, 40),
        ),
    )
    shown_lines = lines(of)
    seven = shown_lines.index("*First responses kept, last 7 days*")
    thirty = shown_lines.index("*First responses kept, last 30 days*")
    assert shown_lines[seven + 1] == "Standard · Acme: 12 of 13 kept (92 %)"
    assert shown_lines[thirty + 1] == "Priority · Beta: 40 of 40 kept (100 %)"


def test_100_percent_is_shown_only_if_every_promise_was_met() -> None:
    of = replace(QUIET, attainment=(Attainment("Standard", "Acme", 7, 999, 1000),))
    assert "Standard · Acme: 999 of 1000 kept (99 %)" in lines(of)


def test_a_client_near_its_quota_is_listed_with_its_overage() -> None:
    of = replace(
        QUIET,
        quota=(QuotaLine("Acme", 17, 20, None), QuotaLine("Beta", 22, 20, Money(5000, "USD"))),
    )
    shown_lines = lines(of)
    assert "Acme: 17 of 20 tickets used (85 %)" in shown_lines
    assert "Beta: 22 of 20 tickets used (110 %), USD 50.00 to pay so far" in shown_lines


def test_a_quota_of_zero_has_no_percentage() -> None:
    of = replace(QUIET, quota=(QuotaLine("Acme", 2, 0, Money(5000, "USD")),))
    assert "Acme: 2 of 0 tickets used, USD 50.00 to pay so far" in lines(of)


def test_a_long_list_shows_how_many_tickets_are_omitted_and_counts_all() -> None:
    for line in (LATE, replace(LATE, client="A client with a long name " * 3)):
        shown_lines = lines(replace(QUIET, still_late=(line,) * 500))
        listed = [shown_line for shown_line in shown_lines if shown_line.startswith("• *ACME-3*")]
        more = next(shown_line for shown_line in shown_lines if shown_line.endswith(" more"))
        assert len(listed) >= 10
        assert more == f"and {500 - len(listed)} more"
