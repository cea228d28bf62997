"""The look: contrast computed from the style sheet, and pages opened in a real browser."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path
from typing import Literal

import polars as pl
import pytest
from playwright.sync_api import Browser

from .sample import CASE, Written, findings, made_range, tables, value, write

_CSS = resources.files("taggant.report").joinpath("templates", "look.css").read_text(encoding="utf-8")


def _colours(block: str) -> dict[str, str]:
    return dict(re.findall(r"--(\w+):(#[0-9a-f]{6})", block))


_LIGHT = _colours(_CSS.split("@media", 1)[0])
_DARK = _LIGHT | _colours(_CSS.split("prefers-color-scheme:dark){", 1)[1].split("}", 1)[0])


def _luminance(colour: str) -> float:
    # WCAG 2.2, relative luminance
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("theme", [_LIGHT, _DARK], ids=["light", "dark"])
@pytest.mark.parametrize("behind", ["paper", "sand", "glow"])
@pytest.mark.parametrize("colour", ["ink", "mute", "rust", "blue", "ok", "weak", "bad"])
def test_contrast_is_aa(theme: dict[str, str], behind: str, colour: str) -> None:
    """Every colour letters have reaches 4.5:1 on every ground they stand on."""
    assert _contrast(theme[colour], theme[behind]) >= 4.5


def test_dark_theme_replaces_every_colour() -> None:
    """No light colour is forgotten in the dark."""
    own = _colours(_CSS.split("prefers-color-scheme:dark){", 1)[1].split("}", 1)[0])
    assert own.keys() == _LIGHT.keys()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """The sample case, with a mark of five thousand letters in it."""
    long = made_range().with_columns(pl.col("marking").replace({"ЮРК-3": "Ы" * 5000}))
    return write(tmp_path_factory.mktemp("look"), CASE, findings(), tables() | {"made_range": long})


_LETTERS = """[...document.querySelectorAll('svg.chart')].filter(s => s.getBoundingClientRect().width).map(s => {
  const scale = s.getBoundingClientRect().width / s.viewBox.baseVal.width;
  return Math.min(...[...s.querySelectorAll('text')].map(t => parseFloat(t.getAttribute('font-size')) * scale)); })"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 641, 761, 1041, 1280])
@pytest.mark.parametrize("name", ["index", "when_made"])
def test_page_fits_and_asks_for_nothing(
    browser: Browser, site: Written, name: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    """No sideways scrolling, no console message, no request but the file; one chart is seen, its letters legible."""
    address = getattr(site, name).as_uri()
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert said == []
    assert asked[0] == address
    assert all(one.startswith(site.folder.as_uri() + "/assets/") for one in asked[1:]), asked
    letters = page.evaluate(_LETTERS)
    assert len(letters) == (1 if name == "when_made" else 0)
    assert all(size >= 9 for size in letters)
    page.close()


def test_keyboard_reaches_the_answer_and_shows_where_it_is(browser: Browser, site: Written) -> None:
    """Tab: first the way past the navigation, visibly; the bars of the chart do not stand in the way."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(site.when_made.as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the answer"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    seen = []
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.getAttribute('href')"))
    assert "when-made.csv" in seen
    assert "#items" in seen
    inside_chart = page.evaluate(
        "[...document.querySelectorAll('svg a:not([tabindex])')].every(a => a.querySelector('text'))"
    )
    assert inside_chart
    page.close()


def test_print_shows_all_and_no_navigation(browser: Browser, site: Written, tmp_path: Path) -> None:
    """On paper: light, without the navigation, the wide chart, every table."""
    page = browser.new_page(viewport={"width": 1280, "height": 800}, color_scheme="dark")
    page.goto(site.when_made.as_uri())
    page.emulate_media(media="print")
    assert not page.is_visible("nav")
    assert page.is_visible(".chart-wide")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("[...document.querySelectorAll('table')].every(t => t.getBoundingClientRect().height > 0)")
    page.close()


@pytest.mark.parametrize("width", [375, 1280])
def test_no_letter_of_the_chart_leaves_the_page(browser: Browser, tmp_path: Path, width: int) -> None:
    """Names of any length are cut inside the chart, in the reader's own font."""
    told = findings()
    for finding in told[1:]:
        finding["statement"]["values"]["item"] = value("Ш" * 60)
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(write(tmp_path, CASE, told, tables()).when_made.as_uri())
    edges = page.evaluate(
        "[...document.querySelectorAll('svg.chart text')].map(t => t.getBoundingClientRect()).filter(b => b.width)"
        ".map(b => [b.left, b.right])"
    )
    left, right = (
        page.evaluate(f"document.querySelector('main').getBoundingClientRect().{side}") for side in ("left", "right")
    )
    assert edges
    assert all(left <= edge[0] and edge[1] <= right for edge in edges)
    page.close()
