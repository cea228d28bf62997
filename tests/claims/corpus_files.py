"""How the tests of both gold corpora read their files: alone, with no rule of the package."""

import csv
import email
import email.policy
import re
from html.parser import HTMLParser
from pathlib import Path

UNSEEN = frozenset({"script", "style", "title"})
INLINE = frozenset({"a", "b", "em", "i", "small", "span", "strong", "time"})
DAY = r"\d{4}(-\d{2}(-\d{2})?|-W\d{2})?"
EDTF = re.compile(rf"{DAY}|{DAY}/{DAY}|\.\./{DAY}|{DAY}/\.\.")
LEVELS = {
    "topic": {
        *("production.made", "production.plan", "transfer.delivered", "transfer.ordered", "transfer.stopped"),
        *("localisation.share", "components.count", "capability.fitted", "use.launched", "producer.identified"),
        "commitment",
    },
    "stance": {"assert", "deny", "plan", "request", "promise"},
    "unit": {"", "units", "airframes", "engines", "rounds", "components", "percent"},
    "measure": {"", "total", "rate", "capacity"},
    "per": {"", "day", "week", "month", "year"},
    "hedged": {"yes", "no"},
}


class _Seen(HTMLParser):
    """What a reader sees of a page, each block apart from the next."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unseen += tag in UNSEEN
        if tag not in INLINE and tag != "meta":
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.unseen -= tag in UNSEEN
        if tag not in INLINE:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.parts.append(data)


def rows_of(folder: Path, name: str) -> list[dict[str, str]]:
    """Read a table of a corpus."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def fold(text: str) -> str:
    """Set single blanks for all white space."""
    return " ".join(text.split())


def text_of(path: Path) -> str:
    """Give what a reader sees of an article."""
    if path.suffix == ".eml":
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        return fold(str(message.get_content()))
    written = path.read_text(encoding="utf-8")
    if path.suffix == ".txt":
        return fold(written)
    page = _Seen()
    page.feed(written)
    page.close()
    assert page.unseen == 0, path
    return fold("".join(page.parts))


def texts_of(folder: Path) -> dict[str, str]:
    """Give every article of a corpus by its id."""
    return {row["article_id"]: text_of(folder / row["file"]) for row in rows_of(folder, "articles.csv")}
