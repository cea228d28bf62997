"""The answer to a question in a terminal: the sentence, its numbers, what cannot be told and why.

Invariant: text from outside is printed letter for letter, never as markup or as a control sequence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from taggant.report.dossier import Finding
from taggant.report.finding_view import headline_words
from taggant.report.parts import Tables
from taggant.report.phrases import Sentence, day, label, questions, say
from taggant.report.view import QUESTION, Findings, ItemView, WhenMade, when_made
from taggant.report.visible import visible

_STATE_STYLE = {"dated": "green", "one-mark": "yellow", "one-part": "yellow", "refused": "dim"}
_WIDE = 110


def show_when_made(console: Console, findings: Findings, tables: Tables, *, lang: str = "en") -> None:
    """When were the items made, as a person reads it in a terminal?

    Parameters
    ----------
    console : rich.console.Console
        Where to print; its width decides which columns there is room for.
    findings : sequence of dict
        Findings as machines read them (Appendix B).
    tables : mapping of str to polars frame
        `made_range`, and `item_assembly` where there is one.
    lang : str
        ISO 639.

    Raises
    ------
    InputError
        A finding or table lacks what must be shown.

    Notes
    -----
    *Assumes:* a terminal of 60 columns or more.
    *Not for:* machines: they read the findings.

    Examples
    --------
    >>> import polars as pl
    >>> show_when_made(Console(), [], {"made_range": pl.DataFrame()})
    """
    answer = when_made(findings, tables, lang=lang)
    if answer.lead is not None:
        console.print(Padding(Text(questions(lang=lang)[QUESTION], style="bold"), (1, 0, 0, 0)))
        console.print(Padding(_styled(answer.lead), (0, 0, 0, 2)))
    if not answer.items:
        return
    if answer.told:
        console.print(Padding(_items(answer.told, is_wide=console.width >= _WIDE), (1, 0)))
    for item in answer.items:
        if item.state == "one-mark":
            console.print(Padding(_styled(item.sentence), (0, 0, 0, 2)))
    for text in _refusals(answer, lang=lang):
        console.print(Padding(text, (0, 0, 0, 2)))
    console.print(Padding(_foot([f for f in findings if f["question"] == QUESTION], lang=lang), (1, 0, 0, 0)))


def show_question(console: Console, question: str, findings: Findings, tables: Tables, *, lang: str = "en") -> None:
    """What does the case say to this question, as a person reads it in a terminal?

    Parameters
    ----------
    console : rich.console.Console
        Where to print.
    question : str
        One of the ten; when-made has a view of its own.
    findings : sequence of dict
        Findings as machines read them (Appendix B).
    tables : mapping of str to polars frame
        What the question's own view needs.
    lang : str
        ISO 639.

    Raises
    ------
    InputError
        A finding or table lacks what must be shown.

    Notes
    -----
    *Assumes:* a terminal of 60 columns or more.
    *Not for:* machines: they read the findings.

    Examples
    --------
    >>> show_question(Console(), "what-next", [], {})
    There is no finding yet.
    """
    if question == QUESTION:
        show_when_made(console, findings, tables, lang=lang)
        return
    mine = [f for f in findings if f["question"] == question]
    if not mine:
        console.print(Text(label("no-finding", lang=lang)))
        return
    first = _leading(question, mine)
    for finding in (first, *(f for f in mine if f is not first)):
        indent = 0 if finding is first else 2
        console.print(Padding(_told(finding, lang=lang), (1, 0, 0, indent)))
        for text in _beneath(finding, lang=lang):
            console.print(Padding(text, (0, 0, 0, indent + 2)))
    console.print(Padding(_foot(mine, lang=lang), (1, 0, 0, 0)))


def show_leads(console: Console, answers: Mapping[str, Findings], *, lang: str = "en") -> None:
    """What does the case say to these questions, in a sentence each?

    Parameters
    ----------
    console : rich.console.Console
        Where to print.
    answers : mapping of str to sequence of dict
        Question → its findings.
    lang : str
        ISO 639.

    Notes
    -----
    *Assumes:* a terminal of 60 columns or more.
    *Not for:* what a sentence rests on: `show_question`.

    Examples
    --------
    >>> show_leads(Console(), {})
    """
    words = questions(lang=lang)
    for question, findings in answers.items():
        if findings:
            console.print(Padding(Text(words[question], style="bold"), (1, 0, 0, 0)))
            console.print(Padding(_told(_leading(question, findings), lang=lang), (0, 0, 0, 2)))


def _leading(question: str, findings: Findings) -> Finding:
    return next((f for f in findings if f["statement"]["key"].startswith(f"{question}.case")), findings[0])


def _told(finding: Finding, *, lang: str) -> Text:
    statement = finding["statement"]
    text = _styled(say(statement["key"], statement["values"], lang=lang))
    if finding["refused"]:
        text.append(f" [{label('refused', lang=lang)}]", style="dim")
    return text


def _beneath(finding: Finding, *, lang: str) -> Iterator[Text]:
    """The number of a finding, why it is refused, and each assumption that does not hold untouched."""
    number, number_is = headline_words(finding["headline"])
    if number is not None:
        text = Text(number, style="bold")
        yield text.append(f"  {number_is}" if number_is else "", style="not bold dim")
    refused = finding["refused"]
    if refused:
        why, enough = (visible(refused[part]).rstrip(".") for part in ("why", "enough"))
        yield Text(f"{label('reason', lang=lang)}: {why}. {label('enough', lang=lang)}: {enough}.")
    for assumed in finding["assumptions"]:
        if assumed["status"] in {"weak", "fails"}:
            status = label(f"status-{assumed['status']}", lang=lang)
            yield Text(
                f"{status}: {visible(assumed['text'])}", style="yellow" if assumed["status"] == "weak" else "red"
            )


def _styled(sentence: Sentence) -> Text:
    """The sentence with its values bold and its hedges underlined."""
    text = Text()
    for part in sentence.parts:
        style = " ".join(s for s, on in (("bold", part.name is not None), ("underline", part.is_hedge)) if on)
        text.append(part.text, style=style)
    return text


def _refusals(answer: WhenMade, *, lang: str) -> list[Text]:
    """One paragraph a reason: which items cannot be told, why, and what would be enough."""
    texts = []
    for why, enough, some in answer.refused:
        text = _styled(some[0].sentence) if len(some) == 1 else Text("; ".join(i.name for i in some), style="bold")
        text.append(" " if len(some) == 1 else f": {label('state-refused', lang=lang)}. ")
        texts.append(text.append(f"{label('reason', lang=lang)}: {why}. {label('enough', lang=lang)}: {enough}."))
    return texts


def _items(items: tuple[ItemView, ...], *, is_wide: bool) -> Table:
    table = Table(
        box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim", expand=False
    )
    table.add_column(label("item"), overflow="fold", min_width=15)
    table.add_column(label("not-before"), no_wrap=True, style="bold")
    table.add_column(_two_lines(label("without-newest")), no_wrap=True)
    table.add_column(label("known-by"), no_wrap=True)
    if is_wide:
        table.add_column(_two_lines(label("newest-mark")), overflow="fold", min_width=11, max_width=24)
    table.add_column(_two_lines(label("dated-of-marked")), no_wrap=True, justify="right")
    states = {label(f"state-{item.state}") for item in items}
    table.add_column(label("state"), no_wrap=True, min_width=max(map(len, states)))
    for item in items:
        cells: list[Text] = [
            Text(item.name),
            _day(item.earliest, is_wide=is_wide),
            _day(item.without, is_wide=is_wide),
            _day(item.latest, is_wide=is_wide),
        ]
        if is_wide:
            cells.append(Text(visible(item.newest.token) if item.newest and item.newest.token else "–"))
        cells.append(Text(f"{_count(item.n_dated)} / {_count(item.n_marked)}"))
        cells.append(Text(label(f"state-{item.state}"), style=_STATE_STYLE[item.state]))
        table.add_row(*cells)
    return table


def _day(value: object, *, is_wide: bool) -> Text:
    """A day in words where there is room, in ISO form where there is not."""
    if value is None:
        return Text("–", style="dim")
    return Text(day(str(value)) if is_wide else str(value))


def _two_lines(words: str) -> str:
    """A long heading over two lines, broken at the space nearest its middle."""
    spaces = [at for at, letter in enumerate(words) if letter == " "]
    if not spaces or len(words) < 10:
        return words
    at = min(spaces, key=lambda space: abs(space - len(words) / 2))
    return f"{words[:at]}\n{words[at + 1 :]}"


def _count(n: int | None) -> str:
    return "–" if n is None else str(n)


def _foot(findings: Findings, *, lang: str) -> Text:
    mine = list(findings)
    methods = ", ".join(sorted({f"{f['method']} {f['version']}" for f in mine}))
    commits = ", ".join(sorted({str(f["commit"])[:12] for f in mine if f.get("commit")}))
    said = f"{label('method', lang=lang)} {visible(methods)}"
    return Text(f"{said} · {label('computed-from', lang=lang)} {commits}" if commits else said, style="dim")
