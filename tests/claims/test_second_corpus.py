"""Is the second gold corpus whole? It is read alone: no rule of the package judges it here."""

import hashlib
from collections import Counter
from pathlib import Path

from .corpus_files import EDTF, LEVELS, fold, rows_of, texts_of

HERE = Path(__file__).parent
CORPUS = HERE / "corpus_second"
ARTICLES = {"en": 15, "ru": 3, "uk": 3, "fa": 3, "de": 3, "fr": 3, "es": 3, "pl": 3}
NAMELESS = {"fa33-3", "es33-2"}


def _rows(name: str, folder: Path = CORPUS) -> list[dict[str, str]]:
    return rows_of(folder, name)


def _texts() -> dict[str, str]:
    return texts_of(CORPUS)


def test_ids_are_unique_and_no_id_is_of_the_first_corpus() -> None:
    """A name of both corpora would let one article answer for another when both are scored."""
    for name, key in (
        *(("articles.csv", "article_id"), ("claims.csv", "claim_id")),
        *(("roots.csv", "claim_group"), ("split.csv", "article_id")),
    ):
        ids = [row[key] for row in _rows(name)]
        assert len(ids) == len(set(ids)), name
        assert not set(ids) & {row[key] for row in _rows(name, HERE / "corpus")}, name
    listed = {row["file"] for row in _rows("articles.csv")}
    assert listed == {f"articles/{path.name}" for path in (CORPUS / "articles").iterdir()}


def test_tables_have_the_columns_of_the_first_corpus() -> None:
    """One scorer reads both."""
    for name in ("articles.csv", "claims.csv", "relays.csv", "roots.csv", "split.csv"):
        head = (CORPUS / name).read_text(encoding="utf-8").splitlines()[0]
        assert head == (HERE / "corpus" / name).read_text(encoding="utf-8").splitlines()[0], name


def test_each_language_has_its_articles_and_their_length() -> None:
    """As many articles a language as was agreed, none a stub and none long."""
    assert Counter(row["language"] for row in _rows("articles.csv")) == ARTICLES
    for name, text in _texts().items():
        assert 60 <= len(text.split()) <= 190, (name, len(text.split()))


def test_quotes_stand_in_the_text_as_seen() -> None:
    """A quote that is not in the text is nobody's words; one that stands twice points to no place."""
    texts = _texts()
    for row in _rows("claims.csv"):
        assert row["quote"] == fold(row["quote"]), row["claim_id"]
        assert 0 < len(row["quote"]) <= 300, row["claim_id"]
        assert texts[row["article_id"]].count(row["quote"]) == 1, row["claim_id"]


def test_links_stand_in_the_text_and_the_speaker_is_the_last() -> None:
    """Whose words it is must be printed in the article; so must what it is about."""
    texts = _texts()
    for row in _rows("claims.csv"):
        links = row["via"].split(";") if row["via"] else []
        for link in links:
            assert link in texts[row["article_id"]], (row["claim_id"], link)
        assert row["speaker"] == (links[-1] if links else ""), row["claim_id"]
        assert row["scope"], row["claim_id"]
        assert row["scope"].casefold() in texts[row["article_id"]].casefold(), row["claim_id"]
    nobody = {row["claim_id"] for row in _rows("claims.csv") if not row["speaker"] and row["hedged"] == "yes"}
    assert nobody == NAMELESS


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
        assert (row["stance"] == "plan") == (row["topic"] == "production.plan"), row["claim_id"]
        assert row["stance"] not in ("request", "promise") or row["topic"] == "commitment", row["claim_id"]


def test_every_topic_and_stance_is_met_in_both_halves() -> None:
    """A level that a half does not show is one it cannot measure."""
    halves = {row["article_id"]: row["half"] for row in _rows("split.csv")}
    for half in ("tune", "report"):
        claims = [row for row in _rows("claims.csv") if halves[row["article_id"]] == half]
        for column in ("topic", "stance"):
            assert {row[column] for row in claims} == LEVELS[column], (half, column)


def test_relays_lead_back_in_time_and_stay_in_their_half() -> None:
    """Nobody copies what is not yet printed; an edge over the split would be lost to both halves."""
    articles = {row["article_id"]: row for row in _rows("articles.csv")}
    halves = {row["article_id"]: row["half"] for row in _rows("split.csv")}
    assert halves.keys() == articles.keys()
    for row in _rows("relays.csv"):
        assert row["article_id"] in articles
        assert bool(row["from_article_id"]) != bool(row["root"]), row
        assert row["kind"] in {"cites", "verbatim", "figure", "correction"}
        assert row["why"]
        if row["from_article_id"]:
            here, there = articles[row["article_id"]], articles[row["from_article_id"]]
            assert here is not there
            assert there["published"] < here["published"], row
            assert there["cluster"] == here["cluster"], row
            assert halves[row["article_id"]] == halves[row["from_article_id"]], row


def test_roots_are_counted_and_their_claims_exist() -> None:
    """The number of roots is the number of roots named; a group has claims of one half."""
    of = {row["claim_id"]: row["article_id"] for row in _rows("claims.csv")}
    halves = {row["article_id"]: row["half"] for row in _rows("split.csv")}
    for row in _rows("roots.csv"):
        roots, names = row["roots"].split(";"), row["claim_ids"].split(";")
        assert int(row["n_independent_roots"]) == len(roots) == len(set(roots)), row
        assert len(names) == len(set(names)), row
        assert len({halves[of[name]] for name in names}) == 1, row


def test_the_split_follows_from_the_names_of_the_files() -> None:
    """Anyone can draw it again: no article was put where it would look well."""
    clusters: dict[str, list[dict[str, str]]] = {}
    for row in _rows("articles.csv"):
        clusters.setdefault(row["cluster"], []).append(row)
    drawn: dict[str, str] = {}
    in_all: Counter[str] = Counter()
    for language in sorted(ARTICLES):
        here: Counter[str] = Counter()
        mine = [rows for rows in clusters.values() if rows[0]["language"] == language]
        for rows in sorted(mine, key=lambda rows: (-len(rows), _digest(rows[0]["file"]))):
            half = min(("tune", "report"), key=lambda name: (here[name], in_all[name]))
            here[half] += len(rows)
            in_all[half] += len(rows)
            drawn.update((row["article_id"], half) for row in rows)
    assert in_all == {"tune": 18, "report": 18}
    assert drawn == {row["article_id"]: row["half"] for row in _rows("split.csv")}


def _digest(file: str) -> str:
    return hashlib.sha256(file.removeprefix("articles/").encode()).hexdigest()
