"""The store that tests run on. `both_stores` runs a test on SQLite and on PostgreSQL, unless one
of them was asked for."""

import asyncio
from collections.abc import Generator

import pytest
import structlog

from tests import stores

# What crashes is logged whole, here without the values of every variable: to write them out takes
# seconds each time.
_plain = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
structlog.configure(processors=[*structlog.get_config()["processors"][:-1], _plain])


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.definition.get_closest_marker("both_stores"):
        metafunc.parametrize("chosen_store", stores.asked_for(), indirect=True)


@pytest.fixture(autouse=True)
def chosen_store(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The store of this test."""
    kind: str = getattr(request, "param", stores.chosen())
    monkeypatch.setenv(stores.SETTING, kind)
    return kind


def pytest_sessionfinish() -> None:
    asyncio.run(stores.server().close())


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter,
) -> Generator[None, object, object]:
    """Say at the very end what did not run for want of a PostgreSQL server, and how to mend it."""
    told = yield
    reasons = [
        str(report.longrepr[2]).removeprefix("Skipped: ")
        for report in terminalreporter.stats.get("skipped", [])
        if isinstance(report.longrepr, tuple)
    ]
    missing = [reason for reason in reasons if reason.startswith("no PostgreSQL answers")]
    if missing:
        terminalreporter.write_line(f"{len(missing)} tests did not run: {missing[0]}")
    return told
