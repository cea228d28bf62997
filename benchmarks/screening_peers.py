"""One peer of the screening benchmark, run by the Python of an environment of its own: it must not import Taggant.

`python screening_peers.py PEER IN.json OUT.json`: IN has `names` (name, owner), `queries`, `repeats`, `most`; OUT gets
build seconds, seconds a repeat, peak memory, and for each query the owners found with their scores, best first.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

Ask = Callable[[Sequence[str]], list[list[tuple[str, float]]]]


def best_owners(pairs: Iterable[tuple[str, float]], most: int) -> list[tuple[str, float]]:
    """Give the best of each owner, in order."""
    found: dict[str, float] = {}
    for owner, score in pairs:
        if owner not in found:
            found[owner] = float(score)
        if len(found) == most:
            break
    return list(found.items())


def tfidf(names: Sequence[str], owners: Sequence[str], most: int) -> Ask:
    """Transliterated names, TF-IDF of runs of three letters, sparse_dot_topn."""
    from anyascii import anyascii
    from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-not-found]
    from sparse_dot_topn import sp_matmul_topn  # type: ignore[import-not-found]

    plain = [anyascii(n).lower() for n in names]
    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3))
    listed = vectorizer.fit_transform(plain).T.tocsr()

    def ask(queries: Sequence[str]) -> list[list[tuple[str, float]]]:
        asked = vectorizer.transform([anyascii(q).lower() for q in queries])
        out = sp_matmul_topn(asked, listed, top_n=most * 3, sort=True, n_threads=1)
        return [
            best_owners(
                ((owners[k], s) for k, s in zip(out.indices[a:b].tolist(), out.data[a:b].tolist(), strict=True)), most
            )
            for a, b in zip(out.indptr[:-1], out.indptr[1:], strict=True)
        ]

    return ask


def tantivy(names: Sequence[str], owners: Sequence[str], most: int) -> Ask:
    """BM25 over runs of three letters."""
    import tantivy as tv  # type: ignore[import-not-found]
    from anyascii import anyascii

    builder = tv.SchemaBuilder()
    builder.add_integer_field("k", stored=True)
    builder.add_text_field("g", stored=False, tokenizer_name="whitespace")
    index = tv.Index(builder.build())
    writer = index.writer(heap_size=200_000_000, num_threads=1)

    def grams(name: str) -> list[str]:
        text = "".join(c if c.isalnum() else " " for c in anyascii(name).lower())
        return [f"_{w}_"[i : i + 3] for w in text.split() for i in range(len(w))]

    for k, name in enumerate(names):
        document = tv.Document()
        document.add_integer("k", k)
        document.add_text("g", " ".join(grams(name)))
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def ask(queries: Sequence[str]) -> list[list[tuple[str, float]]]:
        found: list[list[tuple[str, float]]] = []
        for query in queries:
            text = " ".join(grams(query))
            if not text:
                found.append([])
                continue
            hits = searcher.search(index.parse_query(text, ["g"]), most * 3).hits
            found.append(best_owners(((owners[searcher.doc(a)["k"][0]], s) for s, a in hits), most))
        return found

    return ask


def rapidfuzz(names: Sequence[str], owners: Sequence[str], most: int) -> Ask:
    """Every name against every query: token_sort_ratio."""
    import numpy as np
    from anyascii import anyascii
    from rapidfuzz import fuzz
    from rapidfuzz.process import cdist

    plain = [" ".join(sorted(anyascii(n).lower().split())) for n in names]

    def ask(queries: Sequence[str]) -> list[list[tuple[str, float]]]:
        found = []
        asked = [" ".join(sorted(anyascii(q).lower().split())) for q in queries]
        for start in range(0, len(asked), 200):
            scores = cdist(asked[start : start + 200], plain, scorer=fuzz.ratio, workers=1, dtype=np.float32)
            top = np.argpartition(-scores, most * 3, axis=1)[:, : most * 3]
            for row, few in zip(scores, top, strict=True):
                order = few[np.argsort(-row[few], kind="stable")]
                found.append(best_owners(((owners[k], float(row[k])) for k in order.tolist()), most))
        return found

    return ask


def splink(names: Sequence[str], owners: Sequence[str], most: int) -> Ask:
    """Probabilistic linkage over DuckDB: blocking on words' beginnings, levels of Jaro-Winkler and words in common."""
    import duckdb
    import pandas as pd  # type: ignore[import-not-found,import-untyped,unused-ignore]
    from anyascii import anyascii
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on  # type: ignore[attr-defined,unused-ignore]
    from splink import comparison_library as cl

    def frame(values: Sequence[str], prefix: str) -> Any:
        plain = [" ".join(sorted(anyascii(n).lower().split())) for n in values]
        words = [sorted({w[:4] for w in p.split() if len(w) > 2}) or [p[:4]] for p in plain]
        ids = [f"{prefix}{k}" for k in range(len(plain))]
        return pd.DataFrame({"unique_id": ids, "name": plain, "words": words})

    listed = frame(names, "l")

    def ask(queries: Sequence[str]) -> list[list[tuple[str, float]]]:
        settings = SettingsCreator(
            link_type="link_only",
            blocking_rules_to_generate_predictions=[block_on("words", arrays_to_explode=["words"])],
            comparisons=[
                cl.JaroWinklerAtThresholds("name", [0.95, 0.88, 0.8]),
                cl.ArrayIntersectAtSizes("words", [4, 3, 2, 1]),
            ],
            retain_intermediate_calculation_columns=False,
        )
        api = DuckDBAPI(connection=duckdb.connect(config={"threads": 1}))
        linker = Linker([api.register(frame(queries, "q")), api.register(listed)], settings)
        linker.training.estimate_u_using_random_sampling(max_pairs=1e5, seed=1)
        out = linker.inference.predict(threshold_match_weight=-20)
        rows = out.as_record_list()
        by_query: dict[str, list[tuple[str, float]]] = {}
        for row in rows:
            a, b = row["unique_id_l"], row["unique_id_r"]
            query, name = (a, b) if str(a).startswith("q") else (b, a)
            by_query.setdefault(str(query), []).append((owners[int(str(name)[1:])], float(row["match_weight"])))
        return [best_owners(sorted(by_query.get(f"q{k}", ()), key=lambda p: -p[1]), most) for k in range(len(queries))]

    return ask


def nomenklatura(names: Sequence[str], owners: Sequence[str], most: int) -> Ask:
    """Its own blocker, then logic-v2 on each pair, as `nomenklatura match` runs them."""
    import tempfile

    from followthemoney import Dataset, StatementEntity  # type: ignore[import-not-found]
    from nomenklatura.blocker.index import Index  # type: ignore[import-not-found]
    from nomenklatura.matching.logic_v2.model import LogicV2  # type: ignore[import-not-found]
    from nomenklatura.resolver import Linker  # type: ignore[import-not-found]
    from nomenklatura.store.memory import MemoryStore  # type: ignore[import-not-found]

    dataset = Dataset.make({"name": "list", "title": "List"})

    def entity(key: str, values: Sequence[str]) -> Any:
        body = {"id": key, "schema": "LegalEntity", "properties": {"name": list(values)}}
        return StatementEntity.from_data(dataset, body)

    grouped: dict[str, list[str]] = {}
    for name, owner in zip(names, owners, strict=True):
        grouped.setdefault(owner, []).append(name)
    store = MemoryStore(dataset, Linker({}))
    with store.writer() as writer:
        for owner, values in grouped.items():
            writer.add_entity(entity(owner, values))
    view = store.default_view(external=True)
    index = Index(view, Path(tempfile.mkdtemp()), {})
    index.build()
    config = LogicV2.default_config()

    def ask(queries: Sequence[str]) -> list[list[tuple[str, float]]]:
        asked = {f"q{k}": entity(f"q{k}", [q]) for k, q in enumerate(queries)}
        found: dict[str, list[tuple[str, float]]] = {}
        for key, matches in index.match_entities(iter(asked.values())):
            scored = []
            for other, _ in matches:
                listed = view.get_entity(str(other))
                if listed is not None:
                    scored.append((str(other), float(LogicV2.compare(asked[str(key)], listed, config).score)))
            found[str(key)] = best_owners(sorted(scored, key=lambda p: -p[1]), most)
        return [found.get(f"q{k}", []) for k in range(len(queries))]

    return ask


PEERS: dict[str, Callable[[Sequence[str], Sequence[str], int], Ask]] = {
    "tfidf": tfidf,
    "tantivy": tantivy,
    "rapidfuzz": rapidfuzz,
    "splink": splink,
    "nomenklatura": nomenklatura,
}


def pairs(cases: Iterable[tuple[str, str, str]]) -> Iterator[float]:
    """Score pairs of names by logic-v2: (schema, one, other)."""
    from followthemoney import Dataset, StatementEntity
    from nomenklatura.matching.logic_v2.model import LogicV2

    dataset = Dataset.make({"name": "pairs", "title": "Pairs"})
    config = LogicV2.default_config()
    for n, (schema, one, other) in enumerate(cases):
        # Names are remembered by id: each pair has ids of its own.
        a, b = (
            StatementEntity.from_data(dataset, {"id": key, "schema": schema, "properties": {"name": [name]}})
            for key, name in ((f"a{n}", one), (f"b{n}", other))
        )
        yield float(LogicV2.compare(a, b, config).score)


def main() -> None:
    """Measure one peer."""
    peer, source, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    given = json.loads(source.read_text(encoding="utf-8"))
    if peer == "pairs":
        out.write_text(json.dumps({"scores": list(pairs(given["pairs"]))}), encoding="utf-8")
        return
    names = [n for n, _ in given["names"]]
    owners = [o for _, o in given["names"]]
    started = time.process_time()
    ask = PEERS[peer](names, owners, given["most"])
    build = time.process_time() - started
    seconds, wall = [], []
    answers: list[list[tuple[str, float]]] = []
    for _ in range(given["repeats"]):
        started, cpu = time.perf_counter(), time.process_time()
        answers = ask(given["queries"])
        seconds.append(time.process_time() - cpu)
        wall.append(time.perf_counter() - started)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    out.write_text(
        json.dumps({"build": build, "seconds": seconds, "wall": wall, "memory_mb": memory, "answers": answers}),
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
