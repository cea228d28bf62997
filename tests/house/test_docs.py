"""The manual and the papers say what the program does: names, commands, outputs, addresses."""

from __future__ import annotations

import csv
import doctest
import importlib.util
import os
import re
import tomllib
from contextlib import chdir
from itertools import pairwise, zip_longest
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

import pytest

from taggant import errors
from taggant.cli import app
from taggant.model.derived_tables import DERIVED
from taggant.model.typed_tables import TYPED
from taggant.reference import load_date_code_rules, load_kinds, load_makers, load_part_families
from taggant.reference.catalogue import SHELVES, entries_of
from taggant.steps import QUESTIONS, STEPS

from .manual import DOCS, REPO, Terminal, agrees, blocks, exchanges, pages

PAPERS = [REPO / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "CITATION.cff")]
GERAN = REPO / "src" / "taggant" / "cases" / "geran"
RUN = [REPO / "README.md", *pages("tutorials", "how-to")]
FRAGMENT = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\.(added|changed|answers-changed|fixed|removed)\.md")
NAMED_OUTSIDE = re.compile(
    r"(?<![\w.])/(?:work|tmp|home|root|usr|var|opt|Users)/|pypi\.org|pythonhosted\.org|conda\.anaconda|npmjs\.|[?&]token="
)


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    """The script that makes the reference."""
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def reference(generate: ModuleType) -> dict[str, str]:
    """The generated pages as they are now."""
    return dict(generate.pages())


@pytest.mark.parametrize("page", RUN, ids=lambda p: p.stem)
def test_what_the_page_shows_is_what_happens(page: Path, tmp_path: Path) -> None:
    """Commands are run and files written, in order, in one folder; output and Python agree with what is shown."""
    terminal = Terminal(tmp_path)
    names: dict[str, object] = {}
    done = 0
    for block in blocks(page.read_text(encoding="utf-8")):
        done += 1
        if block.kind == "file":
            path = tmp_path / str(block.path)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.body, encoding="utf-8")
        elif block.kind == "python":
            names = _run_python(block.body, names, tmp_path, f"{page.name}:{block.line}")
        else:
            session = list(exchanges(block.body))
            for exchange, following in zip_longest(session, session[1:]):
                printed = terminal.run(exchange.command)
                said = f"{page.name}:{block.line}: $ {exchange.command}\n" + "\n".join(printed)
                assert agrees(exchange.shown, printed), said
                assert exchange.shown or not printed, f"{said}\nis printed and not shown; write at least …"
                # `…` would hide a failure, so a page that means one asks for the exit code.
                is_asked = following is not None and following.command == "echo $?"
                assert terminal.exit_code == 0 or is_asked or exchange.command == "echo $?", said
    assert done


def _run_python(body: str, names: dict[str, object], folder: Path, where: str) -> dict[str, object]:
    test = doctest.DocTestParser().get_doctest(body, names, where, where, 0)
    said: list[str] = []
    with chdir(folder), patch.dict(os.environ, {"TAGGANT_AUTHOR": "ana"}):
        doctest.DocTestRunner(verbose=False).run(test, out=said.append, clear_globs=False)
    assert not said, "".join(said)
    return test.globs


@pytest.mark.parametrize(
    ("shown", "printed", "is_same"),
    [
        ((), [], True),
        (("a",), ["a"], True),
        (("a",), ["a", "b"], False),
        (("a", "…"), ["a"], True),
        (("a", "…"), ["a", "b", "c"], True),
        (("…", "c"), ["a", "b"], False),
        (("a … c",), ["a b c"], True),
        (("a … c",), ["a b d"], False),
        (("a.c",), ["abc"], False),
        (("a",), ["", "a  ", ""], True),
    ],
)
def test_shown_output_agrees_only_where_it_says_so(shown: tuple[str, ...], printed: list[str], is_same: bool) -> None:
    """`…` stands for anything, and nothing else does."""
    assert agrees(shown, printed) is is_same


def test_every_name_of_the_program_stands_in_the_reference(reference: dict[str, str]) -> None:
    """Commands, questions, steps, tables, columns, errors, rules, makers and kinds: each on its page."""
    commands = [str(c.name or getattr(c.callback, "__name__", "")).replace("_", "-") for c in app.registered_commands]
    wanted = {
        "commands.md": [f"## {name}\n" for name in commands],
        "questions-and-steps.md": [f"`{q.name}`" for q in QUESTIONS] + [f"### {s.name}\n" for s in STEPS],
        "typed-tables.md": [f"## {t}\n" for t in TYPED] + [f"`{c}`" for t in TYPED.values() for c in t.names],
        "derived-tables.md": [f"## {t}\n" for t in DERIVED] + [f"`{c}`" for t in DERIVED.values() for c in t.names],
        "errors.md": [f"`{name}`" for name in _error_names()],
        "methods.md": [f"taggant.{s.function.replace(':', '.')}\n" for s in STEPS],
        "date-codes.md": [f"### {rule.id}\n" for rule in load_date_code_rules()],
        "makers.md": [f"`{m.maker_id}`" for m in load_makers()],
        "kinds.md": [f"`{k.id}`" for k in load_kinds()],
        **{
            f"{shelf}.md": ["`" + e.id.replace("|", "\\|") + "`" for e in entries_of(shelf)]
            for shelf in SHELVES
            if f"{shelf}.md" not in ("kinds.md", "makers.md", "date-codes.md")
        },
    }
    assert sorted(reference) == sorted(wanted)
    missing = [
        f"{page}: {name.strip()}" for page, names in wanted.items() for name in names if name not in reference[page]
    ]
    assert missing == []


def _error_names() -> list[str]:
    return [
        name
        for name, c in vars(errors).items()
        if isinstance(c, type) and issubclass(c, errors.TaggantError) and not name.startswith("_")
    ]


def test_the_tree_of_errors_is_the_family() -> None:
    """The docstring of `errors.py` draws every class, with the built-in it refines."""
    tree = errors.__doc__ or ""
    for name in _error_names():
        assert re.search(rf"^ +{name}\b", tree, re.MULTILINE), name


def test_every_command_and_option_has_help(generate: ModuleType) -> None:
    """No command and no option is left to be guessed."""
    for name in generate.command_names():
        text = generate.help_of(name)
        assert re.search(r"^  [A-Z].*", text.partition("\n\n")[2]), name
        lines = [*text.splitlines(), ""]
        for line, following in pairwise(lines):
            # The words stand behind two blanks, or on the next line, indented.
            if entry := re.match(r"  (--?[a-z][a-z-]*|[A-Za-z_]+)( <[^>]*>)?", line):
                is_told = line[entry.end() :].strip() != "" or following.startswith(" " * 10)
                assert is_told, f"{name}: {line}"


def test_the_hand_written_pages_name_what_exists(generate: ModuleType) -> None:
    """A command in any shown session or in running text is one of the program's."""
    known = {*generate.command_names(), "COMMAND", "…"}
    for page in (*pages(), *PAPERS, REPO / "changelog.d" / "README.md", *(REPO / "changelog.d").glob("*.md")):
        for name in re.findall(r"(?:`|^\$ )taggant (?!-)([\w…-]+)", page.read_text(encoding="utf-8"), re.MULTILINE):
            assert name in known, f"{page.name}: taggant {name}"


def test_make_targets_named_in_the_papers_exist() -> None:
    """`make demo` in the README is a target of the Makefile; both runs of the brief are named."""
    makefile = (REPO / "Makefile").read_text()
    readme = (REPO / "README.md").read_text(encoding="utf-8")
    assert {"demo", "test"} <= set(re.findall(r"make ([a-z]+)", readme))
    for page in (*PAPERS, *pages()):
        for target in re.findall(r"(?:`|^\$ |^)make ([a-z]+)", page.read_text(encoding="utf-8"), re.MULTILINE):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"{page.name}: make {target}"


def test_no_page_names_a_machine_or_a_registry(reference: dict[str, str]) -> None:
    """Papers and manual are read elsewhere: no path of this machine, no address packages come from."""
    texts = {p.name: p.read_text(encoding="utf-8") for p in (*pages(), *PAPERS, *(REPO / "changelog.d").glob("*.md"))}
    for name, text in {**texts, **reference}.items():
        found = NAMED_OUTSIDE.search(text)
        assert found is None, f"{name}: {found and found[0]}"


def test_numbers_of_the_readme_are_counted() -> None:
    """What the README counts is what is there: rules, and whose they are."""
    readme = (REPO / "README.md").read_text(encoding="utf-8")
    rules = load_date_code_rules()
    assert f"{len(rules)} rules of {len({r.maker or r.standard for r in rules})} makers and standards" in readme
    assert f"{len(load_makers())} makers, {len(load_part_families())} part families" in readme
    n = {name: len(_rows(name)) for name in ("items", "components", "claims")}
    n_plans = len(tomllib.loads((GERAN / "case.toml").read_text(encoding="utf-8"))["plan"])
    said = f"{n['items']} items, {n['components']} components, {n['claims']} claims, {n_plans} plans"
    assert said in readme


def _rows(name: str) -> list[dict[str, str]]:
    with (GERAN / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_parameters_of_questions_stand_in_the_reference_and_in_a_how_to(reference: dict[str, str]) -> None:
    """Whatever `--set` takes is named on the generated page, and shown in use somewhere."""
    shown = "".join(p.read_text(encoding="utf-8") for p in pages("how-to"))
    for s in STEPS:
        for name, _ in s.parameters:
            assert f"parameter: `{name}`" in reference["questions-and-steps.md"]
            assert f"--set {name}=" in shown, name


def test_every_question_that_is_built_is_explained() -> None:
    """A page to understand it, linked from the first page."""
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    for q in QUESTIONS:
        if q.is_built:
            assert (DOCS / "explanation" / f"{q.name}.md").is_file(), q.name
            assert f"(explanation/{q.name}.md)" in index


def test_every_command_is_shown_in_use(generate: ModuleType) -> None:
    """In the README, the tutorial or a how-to page, each command stands in a session."""
    shown = "".join(p.read_text(encoding="utf-8") for p in RUN)
    for name in generate.command_names():
        assert re.search(rf"^\$ taggant {name}\b|^\$ make {name}$", shown, re.MULTILINE), name


def test_links_between_pages_lead_somewhere(reference: dict[str, str]) -> None:
    """A relative link of a paper or page names a file that is there, or is generated."""
    for page in (*pages(), *PAPERS):
        for target in re.findall(r"\]\((?!https?://|#)([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
            path = (page.parent / target).resolve()
            assert path.exists() or path.name in reference, f"{page.name}: {target}"


def test_changelog_fragments_are_well_formed() -> None:
    """Name, kind and sentences as `changelog.d/README.md` says."""
    fragments = [p for p in (REPO / "changelog.d").iterdir() if p.name != "README.md"]
    assert fragments
    for path in fragments:
        assert FRAGMENT.fullmatch(path.name), path.name
        lines = path.read_text(encoding="utf-8").splitlines()
        assert 1 <= len(lines) <= 5, path.name
        assert all(line.endswith(".") and not line.startswith("#") for line in lines), path.name


def test_citation_and_package_say_the_same() -> None:
    """Version, licence and title are stated once in effect."""
    project = tomllib.loads((REPO / "pyproject.toml").read_text())["project"]
    citation = (REPO / "CITATION.cff").read_text(encoding="utf-8")
    assert f"version: {project['version']}" in citation
    assert f"license: {project['license']}" in citation
    assert "Apache License" in (REPO / "LICENSE").read_text()


def test_decisions_are_numbered_without_a_gap() -> None:
    """0001, 0002, …; each with context, choice and cost."""
    found = pages("decisions")
    assert [int(p.name[:4]) for p in found] == list(range(1, len(found) + 1))
    for page in found:
        text = page.read_text(encoding="utf-8")
        assert text.startswith(f"# {page.name[:4]}. ")
        assert re.findall(r"^## (.*)$", text, re.MULTILINE) == ["Context", "Choice", "Cost"]


def test_how_to_pages_begin_with_a_question_and_show_both_sides() -> None:
    """The investigator's question first; then the terminal, then Python."""
    for page in pages("how-to"):
        text = page.read_text(encoding="utf-8")
        assert re.match(r"# [^\n]+\n\n\*\".+\?\"\*\n", text), page.name
        assert re.findall(r"^## (.*)$", text, re.MULTILINE)[:2] == ["At the terminal", "In Python"], page.name


def test_one_sentence_a_line() -> None:
    """Text is written one sentence a line, so that a change is seen as one."""
    for page in (*pages(), REPO / "README.md"):
        prose = re.sub(r"^`{3}.*?^`{3}", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
        for line in prose.splitlines():
            if line.startswith(("|", ":", "-", "*", "[^", "#")) or re.match(r"\d+\. ", line):
                continue  # rows, entries of lists and notes
            assert not re.search(r"[a-z)`]{2}[.?!] [A-Z]", line), f"{page.name}: {line}"


def test_generated_pages_are_written_once_and_old_ones_go(generate: ModuleType, tmp_path: Path) -> None:
    """A second build finds nothing to do; a page that is no longer made is removed."""
    generate.write(tmp_path)
    before = {p.name: p.stat().st_mtime_ns for p in tmp_path.iterdir()}
    (tmp_path / "gone.md").write_text("# Gone\n")
    generate.write(tmp_path)
    assert {p.name: p.stat().st_mtime_ns for p in tmp_path.iterdir()} == before


def test_a_table_cell_cannot_break_its_table(generate: ModuleType) -> None:
    """Bars and markup in a meaning are letters; code and addresses stay as they are."""
    assert generate._table(("a",), [("x | *y*\nz",)]).splitlines()[2] == r"| x \| *y* z |"
    assert generate._cell("`a|b` <b> $1") == r"`a\|b` \<b\> \$1"
    assert generate._cell("<https://e.org/a_b>") == "<https://e.org/a_b>"


def test_python_of_the_manual_is_this_one() -> None:
    """The manual says Python 3.11; so does the package."""
    project = tomllib.loads((REPO / "pyproject.toml").read_text())["project"]
    assert project["requires-python"] == ">=3.11"
    assert "Python 3.11" in (REPO / "README.md").read_text(encoding="utf-8")
