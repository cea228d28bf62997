"""What every test may ask for: shared real data when it is there, and the number of kills of the fault tests."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
_NEEDS = {
    "shared_data": lambda: SHARED_DATA.is_dir(),
    "java": lambda: shutil.which("java") is not None,
    "tesseract": lambda: shutil.which("tesseract") is not None,
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=8, help="how often each fault test kills its child process")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for mark in item.iter_markers("needs"):
            for what in mark.args:
                if what not in _NEEDS:
                    raise pytest.UsageError(f"{item.nodeid} needs {what!r}; known: {', '.join(sorted(_NEEDS))}")
                if not _NEEDS[what]():
                    item.add_marker(pytest.mark.skip(reason=f"needs {what}"))


def _undeclared(session: pytest.Session) -> int:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = [] if reporter is None else reporter.stats.get("skipped", [])
    return sum(not any(f"needs {what}" in str(report.longrepr) for what in _NEEDS) for report in skipped)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A skip that no `needs` declares fails the suite: what is not run must be seen."""
    if session.exitstatus == pytest.ExitCode.OK and _undeclared(session):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say on one line how many tests were skipped for want of what."""
    skipped = terminalreporter.stats.get("skipped", [])
    counts = {what: sum(f"needs {what}" in str(report.longrepr) for report in skipped) for what in _NEEDS}
    other = len(skipped) - sum(counts.values())
    said = ", ".join(f"{n} for want of {what}" for what, n in counts.items() if n)
    if skipped:
        terminalreporter.write_line(f"skipped {len(skipped)}: {said or 'none for want of anything declared'}")
    if other:
        terminalreporter.write_line(f"{other} skipped without `needs`: that is a fault of the suite")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the repository; use it with `@pytest.mark.needs("shared_data")`."""
    return SHARED_DATA


@pytest.fixture(scope="session")
def n_kills(request: pytest.FixtureRequest) -> int:
    """How often a fault test kills its child."""
    return int(request.config.getoption("--kills"))


_QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")


# One a module, not a session: the driver keeps an event loop in this thread while it is open.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; without it the page tests fail with what to install."""
    from playwright.sync_api import sync_playwright

    found = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
    )
    if found is None:
        pytest.fail("the page tests need Chromium: make chromium installs it or says how")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=[*_QUIET, "--disable-sync", "--disable-quic"])
        yield opened
        opened.close()
