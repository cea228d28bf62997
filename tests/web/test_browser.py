"""The pages of the shipped case in a real browser, from disk and served: legible, reachable, asking nobody else."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from importlib import resources
from io import BytesIO
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from fontTools.ttLib import TTFont
from playwright.sync_api import Browser, Page

from taggant.evidence.intake import import_case
from taggant.ledger.ledger import Ledger
from taggant.report.addresses import page_address
from taggant.report.dossier import Dossier
from taggant.report.site import Site
from taggant.report.site_folder import write_site
from taggant.web.app import ServedCase, create_app
from taggant.web.casebook import open_dossier

from .conftest import Crawl


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped real case, imported."""
    folder = tmp_path_factory.mktemp("shipped") / "case"
    with resources.as_file(resources.files("taggant") / "cases" / "geran") as files:
        shutil.copytree(files, folder)
    with Ledger.create(folder) as ledger:
        import_case(ledger, folder, author="tester")
    return folder


@pytest.fixture(scope="module")
def dossier(shipped: Path) -> Dossier:
    """What its pages show at CLEAR."""
    return open_dossier(shipped, level="CLEAR")


@pytest.fixture(scope="module")
def site(dossier: Dossier, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its pages on disk."""
    folder = tmp_path_factory.mktemp("pages")
    write_site(folder, Site(dossier))
    return folder


@pytest.fixture(scope="module")
def looked_at(dossier: Dossier) -> list[str]:
    """One page of each sort, the longest names among them."""
    kinds = ("item", "component", "claim", "source", "exhibit", "incident", "use")
    rows = [page_address(kind, max(dossier.rows[kind], key=len)) for kind in kinds if dossier.rows.get(kind)]
    questions = [f"{name}.html" for name in dossier.answers]
    commit = page_address("commit", dossier.commits[0].commit_id)
    tables = ["table/component.html", "table/production.html", "table/made_range.html"]
    return ["index.html", "tables.html", "log.html", *questions, *rows, *tables, commit]


def _watched(page: Page) -> tuple[list[str], list[str]]:
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    return said, asked


def test_no_link_of_the_shipped_case_is_broken(site: Path, crawl: Crawl) -> None:
    """Every link of every page, to the last row."""
    n_links, n_pages = crawl(site)
    assert n_pages > 500
    assert n_links > 10_000


@pytest.mark.parametrize("width", [375, 1280])
def test_pages_from_disk_fit_and_ask_nobody(browser: Browser, site: Path, looked_at: list[str], width: int) -> None:
    """No sideways scrolling, no message of the policy, no request but for the style and fonts beside them."""
    page = browser.new_page(viewport={"width": width, "height": 800})
    said, asked = _watched(page)
    for address in looked_at:
        page.goto((site / address).as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert said == [], address
    assert all(one.startswith(site.as_uri() + "/") for one in asked)
    assert page.evaluate("document.fonts.check('16px \"Noto Sans\"')")
    page.close()


@pytest.fixture(scope="module")
def small(case: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented case on disk: the same templates as the shipped one, on short pages."""
    folder = tmp_path_factory.mktemp("small")
    write_site(folder, Site(open_dossier(case, level="CLEAR")))
    return folder


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, small: Path, scheme: str) -> None:
    """axe-core, all its rules, on one page of each sort, in light and dark."""
    sorts = ("item", "component", "claim", "source", "exhibit", "commit", "table")
    one_of_each = [*small.glob("*.html"), *(min((small / sort).glob("*.html")) for sort in sorts)]
    if scheme == "dark":  # the colours are computed in the tests of the look; here is what stands on what
        one_of_each = one_of_each[::3]
    context = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    found: dict[str, str] = {}
    for path in one_of_each:
        page.goto(path.as_uri())
        results = Axe().run(page)
        if results.violations_count:
            wrong = results.response["violations"]
            found[path.name] = "; ".join(f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in wrong)
    context.close()
    assert len(one_of_each) > (12 if scheme == "light" else 4)
    assert found == {}


def test_served_pages_keep_their_policy_with_charts_drawn(browser: Browser, shipped: Path) -> None:
    """Over HTTP: the charts are there, the policy is not broken, nobody else is asked."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(create_app(ServedCase(shipped)), host="127.0.0.1", port=port, log_level="error")
    )
    running = threading.Thread(target=server.run, daemon=True)
    running.start()
    until = time.monotonic() + 10
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    said, asked = _watched(page)
    try:
        for name in ("when-made", "how-many"):
            answer = page.goto(f"http://127.0.0.1:{port}/{name}")
            assert answer is not None
            assert "unsafe" not in answer.headers["content-security-policy"]
            assert page.locator("svg.chart-wide a").count() > 10
    finally:
        page.close()
        server.should_exit = True
        running.join(10)
    assert said == []
    assert all(one.startswith(f"http://127.0.0.1:{port}/") for one in asked)


def test_no_letter_of_the_shipped_case_lacks_a_glyph(site: Path) -> None:
    """Each letter of each page is in the fonts that ship, so that a page looks the same on every machine."""
    fonts = resources.files("taggant.report") / "fonts"
    files = [f for f in fonts.iterdir() if f.name.endswith(".woff2")]
    assert sum(len(f.read_bytes()) for f in files) <= 1_500_000
    assert "SIL OPEN FONT LICENSE" in (fonts / "OFL.txt").read_text(encoding="utf-8")
    known: set[int] = set()
    for file in files:
        known |= set(TTFont(BytesIO(file.read_bytes())).getBestCmap())
    letters = set().union(*(set(p.read_text(encoding="utf-8")) for p in site.rglob("*.html"))) - {"\n"}
    # U+202F parts groups of digits: the shaper makes this space from the plain one where a font has none.
    missing = sorted(c for c in letters - {"\u202f"} if ord(c) not in known)
    assert missing == [], [f"U+{ord(c):04X}" for c in missing]
    assert {ord(c) for c in "ЫЬІЄҐїАя ΑΩά ابپچگ۱ ŠŐłđ"} <= known
