"""The repository itself: locks, extras, file sizes, names, and what continuous integration runs."""

from __future__ import annotations

import ast
import os
import re
import tomllib
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
SOURCE = REPO / "src" / "taggant"
LOCKS = ("requirements.lock", "requirements-dev.lock")
MOST_LINES = 450
LONGER: dict[str, str] = {}
"""Files of the package that may be longer, each with its reason."""
FORBIDDEN = {"utils", "core", "helpers", "manager", "misc", "common", "base", "data", "info"}
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)")


def entries(lock: str) -> dict[str, list[str]]:
    """Pinned line → its hashes."""
    found: dict[str, list[str]] = {}
    now: list[str] | None = None
    for line in lock.splitlines():
        if re.match(r"\s*(#|$)", line):
            continue
        if line[0] != " ":
            now = found.setdefault(line.rstrip(" \\"), [])
        elif now is not None:
            now += re.findall(r"--hash=(sha256:[0-9a-f]{64})(?![0-9a-f])", line)
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_locks_pin_by_version_and_hash_and_name_no_address(name: str) -> None:
    """A lock says what was tested; where it comes from is the machine's business."""
    lock = (REPO / name).read_text()
    for word in ("://", "@ file", "--index-url", "--extra-index-url", "--find-links", "git+"):
        assert word not in lock, word
    found = entries(lock)
    assert len(found) > 20
    assert [line for line in found if PIN.match(line) is None] == []
    assert [line for line, hashes in found.items() if not hashes] == []


def test_an_entry_without_a_hash_is_seen() -> None:
    """The reading of a lock can fail."""
    hashed = f"a==1 \\\n    --hash=sha256:{'0' * 64}\n"
    assert entries("") == {}
    assert entries(f"{hashed}b==2\n") == {"a==1": [f"sha256:{'0' * 64}"], "b==2": []}
    assert entries("a==1 \\\n    --hash=sha256:00\n") == {"a==1": []}


def test_the_second_lock_holds_the_first() -> None:
    """What tests run against is what a user gets: each pin of the first stands in the second, with its version."""
    first, second = (_versions(name) for name in LOCKS)
    assert {name: second.get(name) for name in first} == first


def _versions(lock: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for line in entries((REPO / lock).read_text()):
        pin = PIN.match(line)
        assert pin is not None
        found.setdefault(pin["name"], set()).add(pin["version"])
    return found


def test_extras_and_terms_of_the_package() -> None:
    """The optional parts have the names the manual and `MissingExtra` use; each requirement has a lower bound."""
    project = tomllib.loads((REPO / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    assert set(extras) >= {"ocr", "screening", "spark", "postgres", "interop", "dev"}
    assert project["license"] == "Apache-2.0"
    assert (REPO / "LICENSE").is_file()
    every = [*project["dependencies"], *(r for wanted in extras.values() for r in wanted)]
    assert [r for r in every if ">=" not in r] == []
    # torch is too large, PyMuPDF is AGPL, ibis breaks with its own newest parts (house style, part 3).
    assert [r for r in every if re.match(r"(torch|pymupdf|ibis-framework)\b", r, re.IGNORECASE)] == []


def test_files_of_the_package_are_split_by_meaning() -> None:
    """A file that grows is split; one that may be longer says why."""
    lengths = {p.relative_to(SOURCE).as_posix(): len(p.read_text(encoding="utf-8").splitlines()) for p in _modules()}
    assert [f"{name}: {n} lines" for name, n in lengths.items() if n > MOST_LINES and name not in LONGER] == []
    assert [name for name in LONGER if lengths.get(name, 0) <= MOST_LINES] == [], "no longer needs its exception"


def _modules() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def test_no_module_has_a_name_that_says_nothing() -> None:
    """A room called utils takes in everything."""
    names = [p for p in SOURCE.rglob("*") if p.suffix == ".py" or p.is_dir()]
    assert [p.relative_to(SOURCE).as_posix() for p in names if p.stem.strip("_") in FORBIDDEN] == []


def test_public_names_are_sorted_and_there() -> None:
    """`__all__`, where there is one, is sorted, lacks nothing the file defines, and names what is there."""
    for path in _modules():
        module = ast.parse(path.read_text(encoding="utf-8"))
        stated = next((_all(node) for node in module.body if _all(node) is not None), None)
        if stated is None:
            continue
        assert len(stated) == len(set(stated)), path
        assert stated == sorted(stated, key=_as_ruff), path
        defined, taken = _public(module)
        assert set(stated) >= defined, path
        assert set(stated) <= defined | taken, path


def _all(node: ast.stmt) -> list[str] | None:
    is_all = isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets)
    return list(ast.literal_eval(node.value)) if is_all and isinstance(node, ast.Assign) else None


def _as_ruff(name: str) -> tuple[int, str]:
    # SCREAMING_CASE, then CamelCase, then the rest: ruff's RUF022.
    return (0 if name.isupper() else 1 if name[:1].isupper() else 2, name)


def _public(module: ast.Module) -> tuple[set[str], set[str]]:
    """What the module defines, and what it takes over from its own package; the outside's names are not its own."""
    names: set[str] = set()
    taken: set[str] = set()
    for node in module.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {t.id for t in node.targets if isinstance(t, ast.Name)}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("taggant."):
            taken |= {a.asname or a.name for a in node.names}
    return {name for name in names if not name.startswith("_")}, taken


def test_continuous_integration_runs_what_people_run() -> None:
    """`.ci/run` is `make test`, and `make test` is lint, types, floors, manual and tests."""
    run = REPO / ".ci" / "run"
    assert os.access(run, os.X_OK)
    assert "make test" in run.read_text()
    makefile = (REPO / "Makefile").read_text()
    recipe = re.search(r"^test:[^\n]*\n((?:\t[^\n]*\n)+)", makefile, re.MULTILINE)
    assert recipe is not None
    assert {"lint", "types", "layers", "docs", "unit"} <= set(recipe[1].split())


def test_what_is_made_is_not_kept() -> None:
    """Generated pages, builds, the demo and the environment never enter a commit."""
    ignored = set((REPO / ".gitignore").read_text().split())
    assert ignored >= {".venv/", "demo/", "docs/_build/", "docs/reference/generated/", ".taggant/"}
