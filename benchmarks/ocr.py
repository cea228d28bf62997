"""What reading drawn photographs reaches beside plain RapidOCR and Tesseract: lines found, order, seconds.

Run: ``python -m benchmarks.ocr``; writes ``docs/measured/photographs.md``. Only photographs 16 to 31 of each difficulty
count: constants of the reader were chosen on earlier draws of 0 to 15.
"""

from __future__ import annotations

import itertools
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
from PIL import Image
from tests.cases.photographs.drawing import Drawn, difficulties, draw_all

from taggant.identification.barcodes import read_barcodes
from taggant.identification.mark_reader import MarkReader, ReadLine
from taggant.identification.photographs import open_photograph
from taggant.identification.second_reader import SecondReader, packs_found
from taggant.writing.lookalikes import fold_shapes, scripts_of

_FROM = 16
_PAGE = Path(__file__).parents[1] / "docs" / "measured" / "photographs.md"


def _share(found: int, of: int) -> str:
    """Found, of how many, with Wilson's 95% interval."""
    if of == 0:
        return "none drawn"
    z, p = 1.959964, found / of
    middle, half = p + z * z / (2 * of), z * np.sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    low, high = (middle - half) / (1 + z * z / of), (middle + half) / (1 + z * z / of)
    return f"{found} of {of} ({100 * p:.0f}%; {100 * low:.0f}–{100 * high:.0f})"


def _kind(line: str, one: Drawn) -> str:
    if "Cyrl" not in scripts_of(line):
        return "Latin and digits"
    return "Cyrillic, upright" if one.turned == 0 else "Cyrillic, turned"


def _plain_tesseract(path: Path, folder: str) -> tuple[str, ...]:
    from tesserocr import PSM, PyTessBaseAPI

    with PyTessBaseAPI(path=f"{folder}/", lang="rus+eng", psm=PSM.SPARSE_TEXT) as api:
        api.SetImage(Image.open(path))
        return tuple(api.GetUTF8Text().splitlines())


def measure() -> str:
    """Measure all and give the page."""
    folder, packs = packs_found()
    if folder is None:
        raise SystemExit("the comparison needs Tesseract: apt-get install tesseract-ocr tesseract-ocr-rus")
    reader, alone = MarkReader(second=SecondReader()), MarkReader()
    rows: list[str] = []
    with tempfile.TemporaryDirectory() as at:
        for d in difficulties():
            found: Counter[tuple[str, str]] = Counter()
            drawn: Counter[str] = Counter()
            seconds: dict[str, float] = defaultdict(float)
            pairs = right = symbols = symbols_read = invented = said = 0
            for one in draw_all(d)[_FROM:]:
                path = Path(at) / f"{one.name}.jpg"
                path.write_bytes(one.jpeg)
                photo = open_photograph(path)
                began = time.perf_counter()
                lines = reader.read(photo)
                seconds["ours"] += time.perf_counter() - began
                began = time.perf_counter()
                alone.read(photo)
                seconds["ours, one reader"] += time.perf_counter() - began
                began = time.perf_counter()
                plain = alone.plain(photo)
                seconds["RapidOCR"] += time.perf_counter() - began
                began = time.perf_counter()
                tesseract = _plain_tesseract(path, folder)
                seconds["Tesseract"] += time.perf_counter() - began
                places = _places(lines)
                sets = {"ours": set(places), "RapidOCR": set(map(fold_shapes, plain)),
                        "Tesseract": set(map(fold_shapes, tesseract))}  # fmt: skip
                truth = {fold_shapes(line) for package in one.packages for line in package}
                said += len(lines)
                invented += sum(not ({fold_shapes(v) for v in _said(line)} & truth) for line in lines)
                for package in one.packages:
                    seen = [places[fold_shapes(line)] for line in package if fold_shapes(line) in places]
                    pairs += max(0, len(seen) - 1)
                    right += sum(a < b for a, b in itertools.pairwise(seen))
                    for line in package:
                        drawn[_kind(line, one)] += 1
                        for who, them in sets.items():
                            found[who, _kind(line, one)] += fold_shapes(line) in them
                symbols += len(one.codes)
                symbols_read += len({code.text for code in read_barcodes(photo)} & set(one.codes))
            n = len(draw_all(d)[_FROM:])
            rows.append(f"## {d.name}\n\n| lines | ours | plain RapidOCR | plain Tesseract |\n|---|---|---|---|")
            rows += [
                f"| {kind} | {_share(found['ours', kind], of)} | {_share(found['RapidOCR', kind], of)} | "
                f"{_share(found['Tesseract', kind], of)} |"
                for kind, of in sorted(drawn.items())
            ]
            rows.append(
                f"\nIn the order they are printed: {_share(right, pairs)} pairs of lines that follow each other. "
                f"Of {said} lines said, {invented} are no line that was drawn. "
                f"DataMatrix: {_share(symbols_read, symbols)}.\n"
                f"Seconds a photograph: ours {seconds['ours'] / n:.2f}, "
                f"with one reader {seconds['ours, one reader'] / n:.2f}, "
                f"plain RapidOCR {seconds['RapidOCR'] / n:.2f}, plain Tesseract {seconds['Tesseract'] / n:.2f}; "
                f"ours is {seconds['ours'] / seconds['RapidOCR']:.2f} × plain RapidOCR.\n"
            )
    head = (
        "# Reading drawn photographs, measured\n\n"
        "Made by `python -m benchmarks.ocr`; not typed.\n"
        "Sixteen photographs of each difficulty, drawn by `tests/cases/photographs/drawing.py`, four turned each way; "
        "the difficulties were fixed before the reader was written, and its constants were chosen on other draws.\n"
        "A line counts as found when either reading, folded (O and 0, I, L and 1, twins of other alphabets are one), "
        "is the line that was drawn.\n"
        "In brackets: percent, and Wilson's 95% interval.\n"
        f"Packs of the second reader: {', '.join(packs)}.\n"
        "These are drawings: real photographs are harder in ways no drawing has. "
        "No figure here is one for the field.\n"
    )
    return head + "\n" + "\n".join(rows)


def _said(line: ReadLine) -> tuple[str, ...]:
    return (line.text,) if line.second is None else (line.text, line.second.text)


def _places(lines: tuple[ReadLine, ...]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, line in enumerate(lines):
        for text in _said(line):
            places.setdefault(fold_shapes(text), place)
    return places


if __name__ == "__main__":
    _PAGE.write_text(measure(), encoding="utf-8")
    print(_PAGE.read_text(encoding="utf-8"))
