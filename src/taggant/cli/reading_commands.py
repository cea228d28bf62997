"""Reading of texts as a tool on its own: no case needed."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from taggant.claims.reading import SuggestedClaim


def read(
    file: Annotated[Path, typer.Argument(help="A page, PDF, DOCX, mail or text.", metavar="FILE")],
    said: Annotated[
        str | None, typer.Option(help="When it was published (2024-09-12); by default as the file says.")
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="Its language (en, ru, uk, fa, de, fr, es, pl); by default as its letters show.")
    ] = None,
    ocr: Annotated[bool, typer.Option("--ocr", help="Read pictures of text, where a file has no text.")] = False,
    model: Annotated[
        str | None,
        typer.Option(help="A model of your own instead of the rules: the address of an endpoint, or a spaCy folder."),
    ] = None,
    model_name: Annotated[str | None, typer.Option(help="With an endpoint: which model it is to use.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print for machines.")] = False,
) -> None:
    """Read a text: who says what, through whom, with the exact words and their place. All are suggestions."""
    from taggant.claims.documents import day_in, read_document
    from taggant.claims.reading import read_claims
    from taggant.errors import InputError, UnknownName
    from taggant.writing.language_words import languages

    day = day_in(said)
    if said is not None and day is None:
        raise InputError(f"--said {said!r} is no day", next="Give a day: --said 2024-09-12")
    if language is not None and language not in languages():
        raise UnknownName("language", language, languages())
    document = read_document(file, ocr=ocr)
    if model is None:
        claims = read_claims(document, said=day, language=language)
    else:
        from taggant.claims.model_readers import reader_of

        reading = reader_of(model, name=model_name, key=os.environ.get("TAGGANT_MODEL_KEY"))(document, day)
        claims = reading.claims
        n_thrown = len(reading.thrown_away)
        if n_thrown:
            typer.echo(f"{n_thrown} suggested by the model and thrown away:", err=True)
            for why in reading.thrown_away:
                typer.echo(f"  {why}", err=True)
    if as_json:
        typer.echo(json.dumps([c.as_json() for c in claims], ensure_ascii=False, indent=2))
        return
    _print(claims, file)


def _print(claims: tuple[SuggestedClaim, ...], file: Path) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console()
    n = len(claims)
    console.print(Text(f"{n} {'claim' if n == 1 else 'claims'} suggested in {file.name}", style="bold"))
    for c in claims:
        console.print()
        console.print(Text(f"“{c.quote}”"))
        ends = [x for x in (c.quantity_low, c.quantity_high) if x is not None]
        number = " to ".join(dict.fromkeys(f"{x:,.10g}" for x in ends))
        if ends and c.quantity_high is None:
            number = f"at least {number}"
        elif ends and c.quantity_low is None:
            number = f"at most {number}"
        parts = [
            f"says: {c.speaker or 'nobody named'}", f"through: {' < '.join(c.via)}" if c.via else "",
            f"{c.topic}, {c.stance}", c.scope or "", f"{number} {c.unit or ''}".strip() if number else "",
            f"{c.measure}{f' per {c.per}' if c.per else ''}" if c.measure else "", c.period or "",
            "hedged" if c.hedged else "", f"page {c.page}" if c.page else "", f"letters {c.span[0]}-{c.span[1]}",
        ]  # fmt: skip
        console.print(Text("  " + " · ".join(p for p in parts if p), style="dim"))


def relays(
    folder: Annotated[Path, typer.Argument(help="A folder of texts.", metavar="FOLDER")],
    as_json: Annotated[bool, typer.Option("--json", help="Print for machines.")] = False,
) -> None:
    """Find who copied whom among the texts of a folder: suggestions, each with its reasons, and the roots."""
    from taggant.claims.documents import read_document
    from taggant.claims.relays import Text, relays_between, roots_of
    from taggant.errors import InputError

    files = (
        sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.startswith(".")) if folder.is_dir() else []
    )
    if not files:
        raise InputError(f"no text in {str(folder)!r}", next="Give a folder of pages, PDF, DOCX, mails or texts")
    texts = [Text(name=p.relative_to(folder).as_posix(), document=read_document(p)) for p in files]
    found = relays_between(texts)
    roots = roots_of([t.name for t in texts], found)
    if as_json:
        body = {"relays": [r.as_json() for r in found], "roots": {name: list(ends) for name, ends in roots.items()}}
        typer.echo(json.dumps(body, ensure_ascii=False, indent=2))
        return
    n_roots = len({e for ends in roots.values() for e in ends})
    typer.echo(f"{len(texts)} texts, {len(found)} relays suggested, {n_roots} roots")
    for r in found:
        typer.echo(f"  {r.text} < {r.relays}   {'; '.join(r.reasons)}")


COMMANDS = (read, relays)
