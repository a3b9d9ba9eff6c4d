"""Tests of an escalation ladder as text."""

from bot.catalog import load_catalog
from bot.domain.escalation.ladder import USUAL
from bot.views.agreements.ladder_words import ladder_words


def test_each_step_says_when_and_whom_it_pings() -> None:
    priority = load_catalog("ecosire").plans["priority"]
    assert ladder_words(priority.ladder("critical")) == (
        "at 50 %: engineer, assignee; at 75 %: engineer, assignee, backup, triage, pager;"
        " when it is due: engineer, assignee, backup, triage, pager; 30 minutes late, then every"
        " 30 minutes until 2 hours late: engineer, assignee, backup, manager, pager"
    )
    assert ladder_words(USUAL) == (
        "at 75 %: engineer, assignee, triage; when it is due: engineer, assignee, triage"
    )
