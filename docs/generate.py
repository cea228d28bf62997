"""Reference pages made from the program itself, so that they cannot say anything else than it does.

Invariant: a page is written only when its text has changed, so that a second build has nothing to do.
"""

from __future__ import annotations

import inspect
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules
from textwrap import dedent
from types import ModuleType

from numpydoc.docscrape import FunctionDoc
from typer.testing import CliRunner

from taggant import errors
from taggant.cli import app
from taggant.model.derived_tables import DERIVED
from taggant.model.tables import Column, TableSchema
from taggant.model.typed_tables import TYPED
from taggant.reference import DateCodeRule, load_date_code_rules, load_kinds, load_makers, load_part_families
from taggant.reference.catalogue import SHELVES, Entry, entries_of
from taggant.steps import QUESTIONS, STEPS, steps_of

_HELP_COLUMNS = 88
_ANSWERING = ("identification", "attribution", "tracing", "estimation", "claims", "findings")
"""Rooms whose functions answer questions; one that is not built is passed over."""


def write(folder: Path) -> None:
    """Write every generated page into this folder, and remove pages that are no longer made."""
    folder.mkdir(parents=True, exist_ok=True)
    made = pages()
    for name, text in made.items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
    for old in folder.glob("*.md"):
        if old.name not in made:
            old.unlink()


def pages() -> dict[str, str]:
    """Which pages does the reference have, and what do they say? File name → Markdown."""
    return {
        "commands.md": commands_page(),
        "questions-and-steps.md": steps_page(),
        "typed-tables.md": tables_page(
            "Typed tables",
            "What people type and judge. These rows are kept in the ledger.\n"
            "Dates are typed in EDTF: `2023`, `2023-07`, `2023-07-14`, `2023-W28`, "
            "`2023-05/2023-07`, `../2023-07`; `~` and `?` mark a value weak.\n"
            "An empty cell means *not known*.",
            TYPED,
        ),
        "derived-tables.md": tables_page(
            "Derived tables",
            "What steps write. They lie under `CASE/.taggant/runs/` and can always be made again.",
            DERIVED,
        ),
        "errors.md": errors_page(),
        "methods.md": methods_page(),
        "date-codes.md": date_codes_page(),
        "makers.md": makers_page(),
        "kinds.md": kinds_page(),
        **{f"{shelf}.md": shelf_page(shelf) for shelf in SHELVES if shelf not in ("kinds", "makers", "date-codes")},
    }


def command_names() -> tuple[str, ...]:
    """Which commands are there, in the order of the help?"""
    names = (c.name or getattr(c.callback, "__name__", "") for c in app.registered_commands)
    return tuple(name.replace("_", "-") for name in names)


def commands_page() -> str:
    """Every command with the help it prints."""
    parts = [
        "# Commands",
        "`taggant COMMAND --help` prints what stands here.",
        "Before the command, `--debug` shows the traceback of an error and `--version` says the version.",
        "Exit codes: 0 done, 2 the input is wrong, 3 evidence does not hold, 1 anything else.",
        _fenced("text", help_of()),
    ]
    for name in command_names():
        parts += [f"(command-{name})=\n## {name}", _fenced("text", help_of(name))]
    return _page(parts)


def help_of(*command: str) -> str:
    """What does `taggant … --help` print?"""
    with _columns(_HELP_COLUMNS):
        result = CliRunner().invoke(app, [*command, "--help"], prog_name="taggant")
    if result.exit_code != 0:
        raise RuntimeError(f"taggant {' '.join(command)} --help fails: {result.output}")
    return "\n".join(line.rstrip() for line in result.output.strip().splitlines())


@contextmanager
def _columns(n: int) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in ("COLUMNS", "TERMINAL_WIDTH")}
    os.environ.update(dict.fromkeys(before, str(n)))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def steps_page() -> str:
    """The map: the ten questions and the steps."""
    answered = sum(q.is_built for q in QUESTIONS)
    parts = [
        "# Questions and steps",
        "A case answers ten questions.\nA step is one function in one room: tables in, tables and findings out.\n"
        "Run order is computed from what steps read and write.",
        f"This version answers {answered} of the {len(QUESTIONS)} questions.",
        "## Questions",
        _table(
            ("name", "question", "meaning", "answered by"),
            ((f"`{q.name}`", q.words, q.meaning, _codes(q.steps) or "*not built yet*") for q in QUESTIONS),
        ),
        "## Steps, in the order they run",
    ]
    for s in (*steps_of(), *(s for s in STEPS if s not in steps_of())):
        parts += [
            f"(step-{s.name})=\n### {s.name}",
            f"The room *{s.room}* {s.verb}.",
            f"- reads: {_codes(s.reads)}\n- writes: {_codes(s.writes)}\n"
            f"- function: `taggant.{s.function}`, version {s.version}"
            + "".join(f"\n- parameter: `{name}`, *{value}* when nobody says another" for name, value in s.parameters),
        ]
    return _page(parts)


def tables_page(title: str, about: str, tables: Mapping[str, TableSchema]) -> str:
    """Tables with key, columns, units and meanings."""
    parts = [f"# {title}", about]
    for schema in tables.values():
        where = f"Typed in `{schema.file}.csv`, or in a sheet `{schema.file}` of a workbook. " if schema.file else ""
        parts += [
            f"(table-{schema.name})=\n## {schema.name}",
            schema.meaning,
            f"{where}Key: {_codes(schema.key)}. Version {schema.version}.",
            _table(
                ("column", "meaning", "holds", "unit"),
                ((_named(c, schema), c.meaning, _holds(c), c.unit or "") for c in schema.columns),
            ),
        ]
    return _page(parts)


def _named(column: Column, schema: TableSchema) -> str:
    name = f"`{column.name}`"
    if column.name in schema.key:
        return f"**{name}** key"
    return f"{name} required" if column.is_required else name


def _holds(column: Column) -> str:
    if column.levels:
        return ", ".join(f"`{level}`" for level in column.levels)
    if column.refers:
        return f"key of `{column.refers}`"
    return column.kind.value


def errors_page() -> str:
    """The error family: its tree and what each class means."""
    doc = inspect.cleandoc(errors.__doc__ or "")
    tree = re.search(r"::\n\n(.*?)\n\n(?=\S)", doc, re.DOTALL)
    if tree is None:
        raise RuntimeError("the docstring of errors.py has no tree")
    parts = [
        "# Errors",
        "Each message says what (with the value), where (file, row, column, source), so what, and the next step.\n"
        'With `--json` the same four come as `{"error": {"kind", "what", "where", "so_what", "next"}}`, and many wrong '
        "rows as `issues` in it.",
        _fenced("text", dedent(tree.group(1))),
        _table(
            ("class", "means", "exit code", "is also"),
            ((f"`{c.__name__}`", _first_line(c), str(c.exit_code), _codes(_builtins(c))) for c in error_classes()),
        ),
    ]
    return _page(parts)


def error_classes() -> tuple[type[errors.TaggantError], ...]:
    """Every public class of the error family, in the order of the file."""
    members = [
        c
        for name, c in vars(errors).items()
        if inspect.isclass(c) and issubclass(c, errors.TaggantError) and not name.startswith("_")
    ]
    return tuple(members)


def _builtins(cls: type) -> list[str]:
    return [
        b.__name__ for b in cls.__mro__ if b.__module__ == "builtins" and b not in (Exception, BaseException, object)
    ]


def methods_page() -> str:
    """The functions that answer, as their docstrings have them."""
    parts = [
        "# Methods",
        "Every function here says what it assumes and what it is not for.\n"
        "The page is made from the docstrings.\nOne method answers a question; `show --json` names it and its version.",
        "## Steps",
    ]
    stated = {s.function: s for s in STEPS}
    for s in STEPS:
        parts.append(_function(*_of_step(s.function), label=f"method-{s.name}"))
    parts.append("## What the steps are made of")
    for module, function in method_functions():
        if f"{module.__name__.removeprefix('taggant.')}:{function.__name__}" not in stated:
            parts.append(_function(module, function))
    return _page(parts)


def _of_step(name: str) -> tuple[ModuleType, Callable[..., object]]:
    module_name, _, function = name.partition(":")
    module = import_module(f"taggant.{module_name}")
    return module, getattr(module, function)


def method_functions() -> list[tuple[ModuleType, Callable[..., object]]]:
    """Public functions of the answering rooms whose docstring says what they assume."""
    found = []
    for room in _ANSWERING:
        package = find_spec(f"taggant.{room}")
        places = None if package is None else package.submodule_search_locations
        for info in iter_modules(places or [], f"taggant.{room}."):
            module = import_module(info.name)
            for name, function in vars(module).items():
                is_own = inspect.isfunction(function) and function.__module__ == module.__name__
                if is_own and not name.startswith("_") and "Assumes:" in (inspect.getdoc(function) or ""):
                    found.append((module, function))
    return found


def _function(module: ModuleType, function: Callable[..., object], *, label: str | None = None) -> str:
    name = f"{module.__name__}.{function.__name__}"
    question = " ".join(FunctionDoc(function)["Summary"])
    anchor = f"({label})=\n" if label else ""
    return f"{anchor}### {question}\n\n```{{eval-rst}}\n.. autofunction:: {name}\n```"


def date_codes_page() -> str:
    """Every date-code rule, by maker, with how it is known and examples."""
    rules = load_date_code_rules()
    names = {m.maker_id: m.name for m in load_makers()}
    by_maker: dict[str, list[DateCodeRule]] = {}
    for rule in rules:
        by_maker.setdefault(names.get(rule.maker or "", "") or f"Standard: {rule.standard}", []).append(rule)
    counts = {status: sum(r.status == status for r in rules) for status in ("documented", "secondary", "inferred")}
    parts = [
        "# Date-code rules",
        f"{len(rules)} rules of {len(by_maker)} makers and standards: "
        + ", ".join(f"{n} {status}" for status, n in counts.items())
        + ".",
        "*Documented*: a maker's page or its copy.\n*Secondary*: a distributor, a blog or a list.\n"
        "*Inferred*: from marks seen.",
        "An example gives every range the code allows, from the first day on, to before the last.",
    ]
    for maker in sorted(by_maker, key=str.casefold):
        parts.append(f"## {maker}")
        parts += [_rule(rule) for rule in by_maker[maker]]
    return _page(parts)


def _rule(rule: DateCodeRule) -> str:
    facts = [f"- known: {rule.status}"]
    if rule.calendar:
        tolerance = f", ± {rule.tolerance_days} days" if rule.tolerance_days else ""
        facts.append(f"- calendar: {rule.calendar}{tolerance}")
    if rule.specificity:
        facts.append(f"- how much its form tells: {rule.specificity}")
    if not rule.standalone:
        facts.append("- read only when a neighbour or the part family supports it")
    if rule.unreadable_because:
        facts.append(f"- cannot be read from text: {_text(rule.unreadable_because)}")
    if rule.pattern is not None:
        facts.append(f"- pattern: `{rule.pattern.pattern}`")
    facts += [f"- field `{field}`: {_text(meaning)}" for field, meaning in rule.fields.items()]
    if rule.ambiguity:
        facts.append(f"- may be something else: {_text(rule.ambiguity)}")
    if rule.note:
        facts.append(f"- note: {_text(rule.note)}")
    for example in rule.examples:
        spans = ", ".join(f"{a} to before {b}" for a, b in (r.iso() for r in example.ranges)) or "impossible"
        facts.append(f"- example: `{example.token}`, known by {example.known_by}: {spans}")
    facts += [f"- source: <{s.url}> ({_text(s.retrieved)})" for s in rule.sources]
    return f"(rule-{rule.id})=\n### {rule.id}\n\n{_text(rule.title)}\n\n" + "\n".join(facts)


def makers_page() -> str:
    """Every maker under the name we print."""
    makers = load_makers()
    names = {m.maker_id: m.name for m in makers}
    return _page(
        [
            "# Makers",
            f"{len(makers)} makers of components, each under one name.\n"
            "The country is that of the brand's seat, never of manufacture.\n"
            "A brand found in a wreck does not show that its owner sold the part, knew of it, or broke any rule.",
            _rest_on("makers", [m.retrieved for m in makers]),
            _table(
                ("name", "id", "other names", "brand country", "continues", "line of", "known", "source"),
                (
                    (
                        m.name,
                        f"`{m.maker_id}`",
                        "; ".join(m.aliases),
                        m.brand_country or "",
                        names.get(m.successor_of or "", ""),
                        names.get(m.brand_line_of or "", ""),
                        m.status,
                        f"<{m.source_url}>",
                    )
                    for m in sorted(makers, key=lambda m: m.name.casefold())
                ),
            ),
        ]
    )


def kinds_page() -> str:
    """Every kind of item: modules, marks to look for, photographs to take, what tells producers apart."""
    parts = ["# Kinds of item", "What to look for on each kind.\nA new kind is a file of `reference/kinds`, no code."]
    for kind in load_kinds():
        parts += [f"(kind-{kind.id})=\n## {kind.title}", f"`{kind.id}`: {_text(kind.meaning)}"]
        parts += ["### Modules", _table(("module", "meaning"), ((f"`{m.id}`", m.meaning) for m in kind.modules))]
        parts += [
            "### Marks to look for",
            _table(
                ("mark", "module", "where", "one that was seen"),
                ((m.kind, f"`{m.module}`", m.where, _seen(m.example, m.example_url)) for m in kind.marks),
            ),
            "### Photographs",
            _table(("what", "why"), ((p.what, p.why) for p in kind.photographs)),
            "### What is said to tell producers apart",
        ]
        if kind.producer_features:
            parts.append(
                _table(
                    ("module", "feature", "meaning", "bearing", "source"),
                    ((f"`{f.module}`", f.feature, f.meaning, f.bearing, f"<{f.url}>") for f in kind.producer_features),
                )
            )
        if kind.producer_features_note:
            parts.append(_text(kind.producer_features_note))
        parts.append("Sources: " + ", ".join(f"<{s.url}>" for s in kind.sources))
    return _page(parts)


def _rest_on(what: str, retrieved: Sequence[str]) -> str:
    """How much of a shelf rests on what was read, on an address that was not opened, and on memory alone."""
    memory = sum("from memory" in r for r in retrieved)
    unopened = sum("not opened" in r and "from memory" not in r for r in retrieved)
    read = len(retrieved) - memory - unopened
    return (
        f"Of these {what}, {read} rest on a record or a page that was read.\n"
        f"{unopened} rest on the address of a data sheet or product page that a list names; it was not opened.\n"
        f"{memory} are from memory: nobody opened a page that shows them, and the address is only where to look.\n"
        "Those are marked *inferred*; take them for hints and check the one you need."
    )


def shelf_page(name: str) -> str:
    """One part of the reference, as `taggant reference` has it: a table where entries are flat, else a section each."""
    entries = entries_of(name)
    words = SHELVES[name].words
    how = f"{len(entries)} entries; `taggant reference {name} ENTRY` prints one."
    parts = [f"# {words[0].upper()}{words[1:]}", how]
    if name == "part-families":
        parts.append(_rest_on("part families", [f.retrieved for f in load_part_families()]))
    if any(isinstance(v, list) and v and isinstance(v[0], dict) for e in entries for v in e.facts.values()):
        parts += [_section(e) for e in entries]
    else:
        heads = tuple(dict.fromkeys(h for e in entries for h, value in e.facts.items() if value != e.id))
        rows = ((f"`{e.id}`", *(_flat(e.facts.get(h)) for h in heads), _pages_of(e)) for e in entries)
        parts.append(_table(("entry", *(h.replace("_", " ") for h in heads), "source"), rows))
    return _page(parts)


def _section(entry: Entry) -> str:
    lines = [f"- {name.replace('_', ' ')}: {_text(_flat(value))}" for name, value in entry.facts.items()]
    return f"## {_text(entry.title)}\n\n`{entry.id}`\n\n" + "\n".join([*lines, f"- source: {_pages_of(entry)}"])


def _flat(value: object) -> str:
    if isinstance(value, dict):
        return " ".join(_flat(v) for k, v in value.items() if k != "url")
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: ""}[value]
    return "; ".join(_flat(v) for v in value) if isinstance(value, list) else str(value)


def _pages_of(entry: Entry) -> str:
    return ", ".join(f"<{s.url}>" for s in entry.sources)


def _seen(example: str | None, url: str | None) -> str:
    if example is None:
        return ""
    return f"`{example}`" + (f" <{url}>" if url else "")


def _page(parts: Iterable[str]) -> str:
    return "\n\n".join(parts) + "\n"


def _fenced(language: str, text: str) -> str:
    return f"```{language}\n{text}\n```"


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _first_line(thing: object) -> str:
    return (inspect.getdoc(thing) or "").partition("\n")[0]


def _text(words: str) -> str:
    """Plain words: nothing in them is markup."""
    return _escaped(" ".join(words.split()))


def _escaped(letters: str) -> str:
    return re.sub(r"([\\*_\[\]<>{}$#|])", r"\\\1", letters)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    def line(cells: Iterable[str]) -> str:
        return "| " + " | ".join(_cell(c) for c in cells) + " |"

    return "\n".join([line(head), "|" + " --- |" * len(head), *(line(r) for r in rows)])


def _cell(text: str) -> str:
    flat = " ".join(text.split())
    # Code and addresses stay as they are, except for the bar that would end the cell.
    pieces = re.split(r"(`[^`]*`|<https?://[^>]*>|\*\*?[^*]+\*\*?)", flat)
    return "".join(p.replace("|", "\\|") if n % 2 else _escaped(p) for n, p in enumerate(pieces))
