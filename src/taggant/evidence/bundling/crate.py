"""The bundle described for machines that know nothing of Taggant: an RO-Crate 1.1, with who made what from what (PROV).

Invariant: what is described is what lies in the bundle; nothing is stated here that the ledger does not say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from taggant.evidence.bundling import layout
from taggant.evidence.bundling.bag import Digests
from taggant.evidence.bundling.case_files import CaseFile, exhibit_path
from taggant.evidence.bundling.layout import Label
from taggant.evidence.bundling.ledger_files import Stated, Told

PROFILE = "https://w3id.org/ro/crate/1.1"
_CONTEXT = [f"{PROFILE}/context", {"prov": "http://www.w3.org/ns/prov#"}]
_LINES = "application/jsonl"
_JSON = "application/json"

Entity = dict[str, Any]

_PARTS: tuple[tuple[str, str, str, str], ...] = (
    (layout.LABEL, "Label", _JSON, "What this bundle is: case, head, counts, level."),
    (layout.COMMITS, "Commits", _LINES, "One commit a line, those it stands on before it."),
    (layout.RECORDS, "Records", _LINES, "One record a line, letter for letter as its id was taken over it."),
    (layout.HEADS, "Head log", _LINES, "Which commit was the head of this ledger from when on."),
    (layout.CASE_FILES, "Files of the case folder", _LINES, "Path, sha256 and place in this bundle."),
    (layout.JUDGEMENTS, "Judgements", _LINES, "Every decision on what the machine proposed, superseded ones too."),
    (
        layout.NOT_FOLLOWED, "Not followed", _LINES,
        "What the machine proposed and a person rejected, replaced or left unsure: what was tried and given up.",
    ),
    (layout.PAGE, "Integrity page", "text/html", "What this is, where it came from, and how to check it."),
)  # fmt: skip


def crate(
    label: Label,
    files: Mapping[str, Digests],
    *,
    commits: Sequence[Told],
    exhibits: Sequence[Stated],
    case_files: Sequence[CaseFile],
    answers: Mapping[str, bytes],
) -> Entity:
    """Which JSON-LD describes this bundle?

    Parameters
    ----------
    label : Label
    files : mapping
        Path in the bundle → digests, of what was written so far.
    commits : sequence of Told
        Parents first.
    exhibits : sequence of Stated
        Records of exhibits, oldest first.
    case_files : sequence of CaseFile
    answers : mapping
        Question → its findings, as written.

    Returns
    -------
    dict
        `@context` and `@graph`.

    References
    ----------
    .. [1] Sefton, P., et al. (2022). RO-Crate Metadata Specification 1.1.3. doi:10.5281/zenodo.7867028
    .. [2] Lebo, T., Sahoo, S., McGuinness, D. (2013). PROV-O: The PROV Ontology. W3C Recommendation.
    """
    people = sorted({c.author for c in commits if c.author is not None})
    tools = sorted({c.tool for c in commits if c.tool is not None} | {label.tool})
    brought: dict[str, list[str]] = {}
    held = _exhibits(exhibits, files, brought)
    parts = [_file(path, name, kind, words, files) for path, name, kind, words in _PARTS if path in files]
    copied = [
        _file(f.at, f.name, None, "A file of the case folder, as it lay there.", files)
        for f in case_files
        if f.is_copied and not f.at.startswith(layout.EDITIONS)
    ]
    found = [_answer(question, label, files) for question in sorted(answers)]
    folders = [
        {"@id": path, "@type": "Dataset", "name": name, "description": words}
        for path, name, words in (
            (layout.EDITIONS, "Editions", "What was written to be handed over, as it lay in the case folder."),
            (layout.PROOFS, "Proofs", "For each exhibit: that its record is in its commit. taggant check-proof FILE"),
        )
        if any(p.startswith(path) for p in files)
    ]
    root: Entity = {
        "@id": "./",
        "@type": "Dataset",
        "name": label.title or "A case",
        "description": "A case of Taggant: every record, commit and exhibit, each with its digest."
        if label.is_whole
        else f"A case of Taggant as far as TLP:{label.level} allows; of the rest the ids are here.",
        "datePublished": label.made_at or "1970-01-01T00:00:00Z",
        "license": "None is stated: sources keep their own terms. See the records of table source.",
        "creator": [_ref(_person(p)) for p in people],
        "hasPart": [_ref(e["@id"]) for e in (*parts, *folders, *copied, *found, *held)],
        "mentions": [_ref(_activity(c.commit_id)) for c in commits],
    }
    if label.uuid is not None:
        root["identifier"] = f"urn:uuid:{label.uuid}"
    graph = [
        {
            "@id": layout.CRATE,
            "@type": "CreativeWork",
            "conformsTo": _ref(PROFILE),
            "about": _ref("./"),
        },
        root,
        *parts,
        *folders,
        *copied,
        *found,
        *held,
        *({"@id": _person(p), "@type": ["Person", "prov:Agent"], "name": p} for p in people),
        *({"@id": _tool(t), "@type": ["SoftwareApplication", "prov:SoftwareAgent"], "name": t} for t in tools),
        *(_commit(c, brought.get(c.commit_id, [])) for c in commits),
    ]
    return {"@context": _CONTEXT, "@graph": graph}


def _ref(name: str) -> Entity:
    return {"@id": name}


def _person(handle: str) -> str:
    return f"#person-{quote(handle, safe='')}"


def _tool(name: str) -> str:
    return f"#tool-{quote(name, safe='')}"


def _activity(commit_id: str) -> str:
    return f"#commit-{commit_id}"


def _file(path: str, name: str, kind: str | None, words: str, files: Mapping[str, Digests]) -> Entity:
    entity: Entity = {
        "@id": quote(path),
        "@type": "File",
        "name": name,
        "description": words,
        "contentSize": str(files[path].size),
        "identifier": f"sha256:{files[path].sha256}",
    }
    if kind is not None:
        entity["encodingFormat"] = kind
    return entity


def _answer(question: str, label: Label, files: Mapping[str, Digests]) -> Entity:
    path = f"{layout.ANSWERS}{question}.json"
    entity = _file(path, f"Findings: {question}", _JSON, "What the case answers, with all it rests on.", files)
    entity["prov:wasAttributedTo"] = _ref(_tool(label.tool))
    if label.head is not None:
        entity["prov:wasDerivedFrom"] = [_ref(layout.RECORDS)]
        entity["prov:wasInfluencedBy"] = [_ref(_activity(label.head))]
    return entity


def _exhibits(exhibits: Sequence[Stated], files: Mapping[str, Digests], brought: dict[str, list[str]]) -> list[Entity]:
    """One entity for each exhibit, as its newest record has it, made by the commit that first brought it."""
    entities: dict[str, Entity] = {}
    for stated in exhibits:
        body, exhibit_id = stated.said["body"], str(stated.said["key"])
        sha256 = exhibit_id.removeprefix("sha256:")
        path = exhibit_path(sha256)
        if path not in files or body is None:
            continue
        first = entities.get(sha256)
        if first is None:
            brought.setdefault(stated.commit.commit_id, []).append(path)
        by = _ref(_activity(stated.commit.commit_id)) if first is None else first["prov:wasGeneratedBy"]
        entity = _file(path, str(body.get("file") or exhibit_id), None, "An exhibit, as received.", files)
        entity["@type"] = ["File", "prov:Entity"]
        entity["prov:wasGeneratedBy"] = by
        if body.get("media_type"):
            entity["encodingFormat"] = body["media_type"]
        if body.get("received_at"):
            entity["dateCreated"] = body["received_at"]
        containers = [exhibit_path(str(c).removeprefix("sha256:")) for c in body.get("part_of") or ()]
        if known := [c for c in containers if c in files]:
            entity["prov:wasDerivedFrom"] = [_ref(c) for c in known]
        entities[sha256] = entity
    return [entities[sha256] for sha256 in sorted(entities)]


def _commit(commit: Told, exhibits: Sequence[str]) -> Entity:
    entity: Entity = {
        "@id": _activity(commit.commit_id),
        "@type": ["CreateAction", "prov:Activity"],
        "name": commit.message or f"commit {commit.commit_id[:16]} (its words are withheld)",
        "description": f"{commit.n} records; root {commit.root}",
        "endTime": commit.at,
        "prov:endedAtTime": commit.at,
        "result": [_ref(layout.RECORDS), *(_ref(e) for e in exhibits)],
        "prov:generated": [_ref(e) for e in exhibits],
    }
    if commit.author is not None and commit.tool is not None:
        entity["agent"], entity["instrument"] = _ref(_person(commit.author)), _ref(_tool(commit.tool))
        entity["prov:wasAssociatedWith"] = [_ref(_person(commit.author)), _ref(_tool(commit.tool))]
    if commit.parents:
        entity["prov:wasInformedBy"] = [_ref(_activity(p)) for p in commit.parents]
    return entity
