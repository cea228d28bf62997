"""Is the gold corpus of invented articles whole? It is read alone: no rule of the package judges it here."""

import math
import random
from collections import Counter
from pathlib import Path

from .corpus_files import EDTF, LEVELS, fold, rows_of, texts_of

CORPUS = Path(__file__).parent / "corpus"
LEAST = {"en": 20, "ru": 5, "uk": 4, "de": 4, "fr": 4, "es": 3, "pl": 3, "fa": 3}


def _rows(name: str) -> list[dict[str, str]]:
    return rows_of(CORPUS, name)


def _texts() -> dict[str, str]:
    return texts_of(CORPUS)


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
        assert row["quote"] == fold(row["quote"]), row["claim_id"]
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
