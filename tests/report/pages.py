"""Reading a page back: is it balanced, are its ids unique, where do its links lead."""

from __future__ import annotations

import posixpath
from html.parser import HTMLParser
from pathlib import Path

_VOID = {"meta", "link", "br", "hr", "img", "input", "col", "wbr"}


class Page(HTMLParser):
    """A page parsed strictly: a tag closed out of order raises."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.ids: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        if self._open:
            raise AssertionError(f"left open: {self._open}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag; keep it open unless it is void."""
        self._note(tag, attrs)
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a self-closed tag of an SVG."""
        self._note(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """Close the tag opened last, or fail."""
        if not self._open or self._open.pop() != tag:
            raise AssertionError(f"</{tag}> at {self.getpos()} closes nothing")

    def handle_data(self, data: str) -> None:
        """Keep the words a reader sees."""
        if not {"style", "title"} & set(self._open):
            self.words.append(data)

    @property
    def text(self) -> str:
        """All words, white space made single."""
        return " ".join(" ".join(self.words).split())

    def _note(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, given in attrs:
            self.attributes.append((tag, name, given or ""))
            if name == "id":
                self.ids.append(given or "")
            if name.rpartition(":")[2] in {"href", "src"}:
                self.links.append((tag, given or ""))


def crawl(folder: Path) -> tuple[int, int]:
    """Every page of a site on disk: ids unique, each link inside leads to a file and an id of it; gives their numbers.

    A link outside must be one a person follows, with its referrer kept back.
    """
    pages = {p.relative_to(folder).as_posix(): Page(p.read_text(encoding="utf-8")) for p in folder.rglob("*.html")}
    files = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    n_links = 0
    for name, page in pages.items():
        assert len(page.ids) == len(set(page.ids)), (name, [i for i in page.ids if page.ids.count(i) > 1])
        for tag, href in page.links:
            if href.startswith(("https://", "http://")):
                assert tag == "a", (name, href)
                continue
            n_links += 1
            to, _, place = href.partition("#")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), to)) if to else name
            assert target in files, (name, href)
            assert not place or place in pages[target].ids, (name, href)
    return n_links, len(pages)
