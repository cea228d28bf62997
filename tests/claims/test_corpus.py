"""Is the gold corpus of invented articles whole? It is read alone: no rule of the package judges it here."""

import csv
import email
import email.policy
import math
import random
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"
UNSEEN = frozenset({"script", "style", "title"})
INLINE = frozenset({"a", "b", "em", "i", "small", "span", "strong", "time"})
LEAST = {"en": 20, "ru": 5, "uk": 4, "de": 4, "fr": 4, "es": 3, "pl": 3, "fa": 3}
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
        if tag not in INLINE:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.unseen -= tag in UNSEEN
        if tag not in INLINE:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.parts.append(data)


def _rows(name: str) -> list[dict[str, str]]:
    with (CORPUS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _fold(text: str) -> str:
    return " ".join(text.split())


def _text(path: Path) -> str:
    if path.suffix == ".eml":
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        return _fold(str(message.get_content()))
    written = path.read_text(encoding="utf-8")
    if path.suffix == ".txt":
        return _fold(written)
    page = _Seen()
    page.feed(written)
    page.close()
    assert page.unseen == 0, path
    return _fold("".join(page.parts))


def _texts() -> dict[str, str]:
    return {row["article_id"]: _text(CORPUS / row["file"]) for row in _rows("articles.csv")}


def test_ids_are_unique_and_every_file_is_listed() -> None:
    """An id given twice would let one claim answer for another."""
    for name, key in (
        *(("articles.csv", "article_id"), ("claims.csv", "claim_id")),
        *(("roots.csv", "claim_group"), ("split.csv", "article_id")),
    ):
        ids = [row[key] for row in _rows(name)]
        assert len(ids) == len(set(ids)), name
    listed = {row["file"] for row in _rows("articles.csv")}
    assert listed == {f"articles/{path.name}" for path in (CORPUS / "articles").iterdir()}


def test_each_language_has_its_articles_in_both_halves() -> None:
    """The corpus has as many articles a language as was agreed, and some of each are kept back."""
    language = {row["article_id"]: row["language"] for row in _rows("articles.csv")}
    counted = Counter(language.values())
    assert set(counted) == set(LEAST)
    assert all(counted[name] >= least for name, least in LEAST.items())
    halves = {(language[row["article_id"]], row["half"]) for row in _rows("split.csv")}
    assert halves == {(name, half) for name in LEAST for half in ("tune", "report")}


def test_quotes_stand_in_the_text_as_seen() -> None:
    """A quote that is not in the text is nobody's words; one over 300 characters is no span."""
    texts = _texts()
    for row in _rows("claims.csv"):
        assert row["quote"] == _fold(row["quote"]), row["claim_id"]
        assert 0 < len(row["quote"]) <= 300, row["claim_id"]
        assert row["quote"] in texts[row["article_id"]], row["claim_id"]


def test_links_stand_in_the_text_and_the_speaker_is_the_last() -> None:
    """Whose words it is must be printed in the article; only nameless reports leave the speaker empty."""
    texts = _texts()
    for row in _rows("claims.csv"):
        links = row["via"].split(";") if row["via"] else []
        for link in links:
            assert link in texts[row["article_id"]], (row["claim_id"], link)
        if row["speaker"]:
            assert row["speaker"] == links[-1], row["claim_id"]
        else:
            assert links in ([], ["Reports"], ["گزارش‌ها"]), row["claim_id"]


def test_levels_periods_and_quantities_are_valid() -> None:
    """Every cell is one of its column's levels; a rate has its unit of time and a range its order."""
    for row in _rows("claims.csv"):
        for column, levels in LEVELS.items():
            assert row[column] in levels, (row["claim_id"], column)
        assert not row["period"] or EDTF.fullmatch(row["period"]), row["claim_id"]
        low, high = row["quantity_low"], row["quantity_high"]
        assert not (low and high) or float(low) <= float(high), row["claim_id"]
        assert bool(low or high) == bool(row["unit"]), row["claim_id"]
        assert bool(row["measure"]) == (row["unit"] not in ("", "percent")), row["claim_id"]
        assert bool(row["per"]) == (row["measure"] in ("rate", "capacity")), row["claim_id"]
        assert not (row["stance"] == "deny" and (low or high)), row["claim_id"]


def test_every_topic_and_stance_is_met() -> None:
    """A level that no article shows is a level nobody has tried."""
    claims = _rows("claims.csv")
    for column in ("topic", "stance"):
        assert {row[column] for row in claims} == LEVELS[column]
    assert len({row["article_id"] for row in claims}) < len(_rows("articles.csv"))


def test_relays_lead_back_in_time() -> None:
    """Nobody copies what is not yet printed; an edge has one origin, in the corpus or outside it."""
    published = {row["article_id"]: row["published"] for row in _rows("articles.csv")}
    for row in _rows("relays.csv"):
        assert bool(row["from_article_id"]) != bool(row["root"]), row
        assert row["kind"] in {"cites", "verbatim", "figure", "correction"}
        assert row["why"]
        if row["from_article_id"]:
            assert row["from_article_id"] != row["article_id"]
            assert published[row["from_article_id"]] <= published[row["article_id"]], row


def test_roots_are_counted_and_their_claims_exist() -> None:
    """The number of roots is the number of roots named, each once."""
    claims = {row["claim_id"] for row in _rows("claims.csv")}
    for row in _rows("roots.csv"):
        roots = row["roots"].split(";")
        assert int(row["n_independent_roots"]) == len(roots) == len(set(roots)), row
        assert set(row["claim_ids"].split(";")) <= claims, row


def test_the_split_is_the_one_drawn() -> None:
    """The halves follow from the stated seed alone, and no cluster is torn."""
    clusters: dict[str, list[str]] = {}
    for row in _rows("articles.csv"):
        clusters.setdefault(row["cluster"], []).append(row["language"])
    strata: dict[tuple[str, str], list[str]] = {}
    for cluster, languages in clusters.items():
        kind = "any" if languages[0] != "en" else "several" if len(languages) > 1 else "single"
        strata.setdefault((languages[0], kind), []).append(cluster)
    generator = random.Random(20230814)
    drawn: set[str] = set()
    for key in sorted(strata):
        drawn.update(generator.sample(sorted(strata[key]), math.ceil(len(strata[key]) / 4)))
    half = {row["article_id"]: row["half"] for row in _rows("split.csv")}
    assert half == {row["article_id"]: "report" if row["cluster"] in drawn else "tune" for row in _rows("articles.csv")}
