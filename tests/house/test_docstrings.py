"""Docstrings are the reference: there, fitting the signature, saying when not to use, with examples that run."""

from __future__ import annotations

import ast
import doctest
import inspect
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from numpydoc.docscrape import FunctionDoc

import taggant

SOURCE = Path(taggant.__file__).parent
MODULES = sorted(info.name for info in walk_packages(taggant.__path__, "taggant."))
MUST_SAY = ("taggant.identification", "taggant.attribution", "taggant.estimation", "taggant.claims")
"""Rooms whose functions answer: each says what it assumes and what it is not for."""


def _tree(path: Path) -> Iterator[tuple[str, ast.AST]]:
    """Public modules, classes and functions of a file, methods of public classes too, with their dotted names."""
    module = ast.parse(path.read_text(encoding="utf-8"))
    yield path.name, module
    todo: list[tuple[str, ast.AST]] = [("", module)]
    while todo:
        prefix, node = todo.pop()
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and child.name[0] != "_":
                yield f"{prefix}{child.name}", child
                if isinstance(child, ast.ClassDef):
                    todo.append((f"{prefix}{child.name}.", child))


def _functions() -> Iterator[tuple[str, Callable[..., object]]]:
    """Public functions and methods where they are defined."""
    for name in MODULES:
        module = import_module(name)
        for key, thing in vars(module).items():
            if key.startswith("_") or getattr(thing, "__module__", None) != name:
                continue
            if inspect.isfunction(function := inspect.unwrap(thing)):  # lru_cache hides a function
                yield f"{name}.{key}", function
            elif inspect.isclass(thing):
                for member, value in vars(thing).items():
                    function = value.__func__ if isinstance(value, classmethod | staticmethod) else value
                    if inspect.isfunction(function) and not member.startswith("_"):
                        yield f"{name}.{key}.{member}", function


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda p: p.relative_to(SOURCE).as_posix())
def test_everything_public_says_what_it_is(path: Path) -> None:
    """No public module, class, function or method without a docstring; `@overload` and empty modules aside."""
    silent = [
        name
        for name, node in _tree(path)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and ast.get_docstring(node) is None
        and not (isinstance(node, ast.Module) and not node.body)
        and not any(isinstance(d, ast.Name) and d.id == "overload" for d in getattr(node, "decorator_list", ()))
    ]
    assert silent == []


def test_first_lines_end_as_sentences() -> None:
    """A first line is a question or a sentence, and fits on its lines before the first blank one."""
    wrong = []
    for name, function in _functions():
        summary = " ".join((inspect.getdoc(function) or "").partition("\n\n")[0].split())
        if not re.search(r"[.?!:)”\"`]$", summary):
            wrong.append(f"{name}: {summary[-40:]}")
    assert wrong == []


def test_parameters_are_those_of_the_signature() -> None:
    """Where there is a Parameters section it names every parameter and no other; those given by place in order."""
    wrong = []
    n_checked = 0
    for name, function in _functions():
        doc = inspect.getdoc(function) or ""
        if not re.search(r"^Parameters\n-+$", doc, re.MULTILINE):
            continue
        n_checked += 1
        said = [n.strip().lstrip("*") for p in FunctionDoc(function)["Parameters"] for n in p.name.split(",")]
        real = {k: p for k, p in inspect.signature(function).parameters.items() if k not in {"self", "cls"}}
        in_order = [k for k, p in real.items() if p.kind is not p.KEYWORD_ONLY]
        if sorted(said) != sorted(real) or [k for k in said if k in in_order] != in_order:
            wrong.append(f"{name}: says {said}, has {list(real)}")
    assert wrong == []
    assert n_checked > 30


def test_answers_say_what_they_assume_and_what_they_are_not_for() -> None:
    """Each public function of an answering room that takes something; a method is part of a function's answer."""
    wrong = []
    n_checked = 0
    for name, function in _functions():
        is_own = name.startswith(MUST_SAY) and name.rpartition(".")[0] == function.__module__
        if not is_own or not inspect.signature(function).parameters:
            continue
        n_checked += 1
        notes = "\n".join(FunctionDoc(function)["Notes"])
        if not re.search(r"\bAssumes:", notes) or not re.search(r"\bNot for:", notes):
            wrong.append(name)
    assert wrong == []
    assert n_checked >= 5


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name: str) -> None:
    """Every example of a docstring gives what it shows."""
    failed, _ = doctest.testmod(import_module(name), optionflags=doctest.ELLIPSIS)
    assert failed == 0
