"""The text of a page in HTML, each letter with its place in the file; what is menu, teaser or comment left out.

Invariant: nothing is run, loaded or followed; a letter's place is that of the decoded file.
"""

from __future__ import annotations

import html
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser
from importlib import resources

_BLOCKS = frozenset({
    "p", "div", "section", "article", "main", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "td",
    "th", "tr", "table", "dd", "dt", "dl", "pre", "br", "hr", "header", "address", "figure", "body", "html", "details",
    "summary", "center",
})  # fmt: skip
_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
})  # fmt: skip


@dataclass(slots=True)
class Block:
    """One paragraph.

    Attributes
    ----------
    text : str
        As a reader sees it.
    places : list of int or int
        Where each letter stands in the decoded file; one number: where the first does, the rest follow on.
    page : int or None
        1 for the first, where the file has pages.
    heading : int
        1 to 6 for a heading, 0 otherwise.
    links : list of (int, int, str)
        From, to (in `text`), address.
    """

    text: str
    places: list[int] | int
    page: int | None = None
    heading: int = 0
    links: list[tuple[int, int, str]] = field(default_factory=list)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Give the place in the decoded file of these letters."""
        if isinstance(self.places, int):
            return self.places + start, self.places + end
        return self.places[start], self.places[end - 1] + 1


@lru_cache(maxsize=1)
def _rules() -> tuple[re.Pattern[str], frozenset[str], re.Pattern[str]]:
    t = tomllib.loads(resources.files(__package__).joinpath("lexicon", "pages.toml").read_text(encoding="utf-8"))
    lines = re.compile(r"^[\W_]*(?:" + "|".join(t["lines"]) + ")", re.IGNORECASE)
    return re.compile("|".join(t["classes"]), re.IGNORECASE), frozenset(t["tags"]), lines


def is_boilerplate_line(text: str) -> bool:
    """Does this line belong to the page and not to its text?

    Parameters
    ----------
    text : str

    Returns
    -------
    bool

    Notes
    -----
    Assumes: such a line begins as those of `lexicon/pages.toml` do, and is short.
    Not for: whole pages.

    Examples
    --------
    >>> is_boilerplate_line("Read also: ten more drones"), is_boilerplate_line("Ten more drones were read out.")
    (True, False)
    """
    return len(text) < 200 and _rules()[2].match(text.strip()) is not None


class _Reader(HTMLParser):
    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=False)
        self.source = source
        self.starts = [0, *(m.end() for m in re.finditer("\n", source))]
        self.blocks: list[Block] = []
        self.meta: dict[str, str] = {}
        self.title = ""
        self.language: str | None = None
        self.published: str | None = None
        self.stack: list[tuple[str, bool]] = []  # tag, whether it is left out
        self.letters: list[str] = []
        self.places: list[int] = []
        self.links: list[tuple[int, int, str]] = []
        self.link: tuple[int, str] | None = None
        self.heading = 0
        self.in_title = False
        self.in_article = 0

    def _at(self) -> int:
        line, column = self.getpos()
        return self.starts[line - 1] + column

    @property
    def is_out(self) -> bool:
        return bool(self.stack) and self.stack[-1][1]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {k: v or "" for k, v in attrs}
        if tag == "html":
            self.language = a.get("lang") or None
        if tag == "meta":
            name = (a.get("property") or a.get("name") or a.get("itemprop") or a.get("http-equiv") or "").lower()
            if name and "content" in a:
                self.meta.setdefault(name, a["content"])
        if tag == "time" and a.get("datetime") and self.published is None and not self.is_out:
            self.published = a["datetime"]
        if tag == "title":
            self.in_title = True
        if tag in _BLOCKS:
            self._close()
        if tag in _VOID:
            return
        classes, tags, _ = _rules()
        named = f"{a.get('class', '')} {a.get('id', '')} {a.get('role', '')} {a.get('data-component', '')}"
        is_page = tag in {"html", "body", "article", "main"}
        out = self.is_out or tag in tags or (not is_page and bool(classes.search(named))) or "hidden" in a
        if a.get("role") in {"navigation", "complementary", "contentinfo", "banner"}:
            out = True
        self.stack.append((tag, out))
        if re.fullmatch(r"h[1-6]", tag):
            self.heading = int(tag[1])
        if tag == "a" and a.get("href") and not self.is_out:
            self.link = (len(self.letters), a["href"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self.in_title = False
        if tag == "a" and self.link is not None:
            start, href = self.link
            if start < len(self.letters):
                self.links.append((start, len(self.letters), href))
            self.link = None
        if tag in _BLOCKS:
            self._close()
        if re.fullmatch(r"h[1-6]", tag):
            self.heading = 0
        for n in range(len(self.stack) - 1, -1, -1):
            if self.stack[n][0] == tag:
                del self.stack[n:]
                break

    def handle_data(self, data: str) -> None:
        if self.in_title and not self.title:
            self.title = data.strip()
        if self.is_out or self.in_title:
            return
        at = self._at()
        self.letters += data
        self.places += range(at, at + len(data))

    def handle_entityref(self, name: str) -> None:
        self._entity(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._entity(f"&#{name};")

    def _entity(self, text: str) -> None:
        if self.is_out or self.in_title:
            return
        at = self._at()
        letters = html.unescape(text)
        self.letters += letters
        self.places += [at] * len(letters)

    def _close(self) -> None:
        text, places, links = _tidy(self.letters, self.places, self.links)
        if text:
            self.blocks.append(Block(text, places, heading=self.heading, links=links))
        self.letters, self.places, self.links = [], [], []
        if self.link is not None:
            self.link = (0, self.link[1])


def _tidy(
    letters: Sequence[str], places: Sequence[int], links: Sequence[tuple[int, int, str]]
) -> tuple[str, list[int], list[tuple[int, int, str]]]:
    """Runs of white space become one space; none at the ends."""
    kept: list[str] = []
    at: list[int] = []
    moved: list[int] = []
    for letter, place in zip(letters, places, strict=True):
        moved.append(len(kept))
        if letter.isspace():
            if kept and kept[-1] != " ":
                kept.append(" ")
                at.append(place)
            continue
        kept.append(letter)
        at.append(place)
    moved.append(len(kept))
    if kept and kept[-1] == " ":
        kept.pop()
        at.pop()
    n = len(kept)
    return "".join(kept), at, [(moved[a], min(moved[b], n), href) for a, b, href in links if moved[a] < n]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """What a page says of itself and its text."""

    blocks: tuple[Block, ...]
    title: str | None
    language: str | None
    published: str | None
    outlet: str | None
    url: str | None


def page_text(source: str) -> PageText:
    """What is the text of this page, without menus, teasers and comments?

    Parameters
    ----------
    source : str
        HTML as decoded.

    Returns
    -------
    PageText

    Notes
    -----
    Assumes: what `trafilatura` calls the main text is text; paragraphs it leaves out are kept only when they stand
    among others it keeps and are long.
    Not for: pages that scripts write.

    References
    ----------
    .. [1] Barbaresi, A. (2021). Trafilatura: a web scraping library and command-line tool for text discovery and
       extraction. *ACL-IJCNLP demos*, 122-131. https://doi.org/10.18653/v1/2021.acl-demo.15

    Examples
    --------
    >>> p = page_text("<html><nav><a>Menu</a></nav><article><h1>T</h1><p>Ten were made, it said.</p></article></html>")
    >>> [b.text for b in p.blocks]
    ['T', 'Ten were made, it said.']
    """
    reader = _Reader(source)
    reader.feed(source)
    reader.close()
    reader._close()
    blocks = [b for b in reader.blocks if not is_boilerplate_line(b.text) and not _is_menu(b)]
    blocks = _main(source, blocks)
    meta = reader.meta
    published = next(
        (meta[k] for k in ("article:published_time", "datepublished", "date", "pubdate", "dc.date", "dcterms.date",
                           "parsely-pub-date", "og:published_time", "publish-date", "sailthru.date") if meta.get(k)),
        reader.published,
    )  # fmt: skip
    if published is None:
        found = re.search(r'"datePublished"\s*:\s*"([^"]+)"', source)
        published = found[1] if found else None
    canonical = re.search(r"<link[^>]+rel=[\"']?canonical[\"']?[^>]*href=[\"']([^\"']+)", source)
    outlet = meta.get("og:site_name") or meta.get("application-name") or meta.get("publisher")
    return PageText(
        blocks=tuple(blocks), title=meta.get("og:title") or reader.title or None,
        language=(reader.language or meta.get("og:locale") or "")[:2].lower() or None, published=published,
        outlet=outlet or None, url=meta.get("og:url") or (canonical[1] if canonical else None),
    )  # fmt: skip


def _is_menu(block: Block) -> bool:
    """Whether most of a paragraph is links and it is no sentence."""
    linked = sum(b - a for a, b, _ in block.links)
    return block.heading == 0 and linked > 0.8 * len(block.text) and not re.search(r"[.!?…»”\"]\s*$", block.text)


def _main(source: str, blocks: list[Block]) -> list[Block]:
    """Keep what trafilatura keeps; of the rest, long paragraphs that stand between such."""
    import trafilatura

    main = trafilatura.extract(source, include_comments=False, include_tables=True, favor_recall=True) or ""
    plain = re.sub(r"\W+", "", main)
    if len(plain) < 80:
        return blocks
    marks = [re.sub(r"\W+", "", b.text) in plain for b in blocks]
    if not any(marks):
        return blocks
    first, last = marks.index(True), len(marks) - 1 - marks[::-1].index(True)
    return [b for n, b in enumerate(blocks) if marks[n] or _belongs(b, n, first, last)]


def _belongs(block: Block, n: int, first: int, last: int) -> bool:
    """Whether a paragraph trafilatura leaves out is text: the headline, the date line, a long one in the middle."""
    if block.heading == 1:
        return True
    n_letters = len(block.text)
    return n_letters > 80 if first < n < last else n < first and n_letters < 60 and _is_dated(block.text)


def _is_dated(text: str) -> bool:
    return re.search(r"\b(19|20)\d\d\b", text) is not None
