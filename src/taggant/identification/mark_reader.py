"""Reads the lines of a photograph: letters, where they stand, how surely, in which order.

Invariant: what a reader said is kept as it said it. A second reader and a fold stand beside it, never over it; all of
it is a suggestion until a person has judged it.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from taggant.errors import MissingExtra
from taggant.identification.line_order import PlacedLine, are_neighbours, reading_order, turned_degrees
from taggant.identification.photographs import Photograph
from taggant.identification.second_reader import SecondReader, SecondReading
from taggant.writing.lookalikes import fold_scripts, scripts_of

READER = "marks-rapidocr-v1"
"""Name of the method; a better one stands beside it under another name."""

_LEAST = 0.5  # RapidOCR's own threshold: below it, letters are mostly grain
_SQUARE = 1.5  # a box less long than this says nothing about its direction (RapidOCR turns boxes from this ratio on)
_SURE = 0.9999
_OTHERS = 0.3  # how much the other blocks of the photograph count beside a block's own lines
_SMOOTH_PX = 1.2
_CLIP = 3.0
_SECOND_FROM = 0.5
_OUTLINES = frozenset("口日回目田囗凸凹一丨□■|_-—. ")  # what the edge of a package is read as; no mark is only these
_AS_IT_IS_FROM = 0.97  # a line less sure than this is read once more, without the stretch


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLine:
    """One line as read.

    Attributes
    ----------
    block, place : int
        Which block of the photograph, and which line of it, from 0.
    text : str
        As the first reader said it.
    confidence : float
        Of the first reader, 0 to 1: its own figure, not a probability.
    corners : numpy.ndarray of float64, shape (4, 2)
        Pixels of the upright photograph, in the order of reading.
    crop : numpy.ndarray of uint8, shape (height, width, 3)
        The line cut out, upright.
    second : SecondReading or None
        What a second reader said of the same crop.
    suggested : str
        The second reading where it, or another line of the block, has letters that Latin has not; else the first.
    """

    block: int
    place: int
    text: str
    confidence: float
    corners: np.ndarray
    crop: np.ndarray
    second: SecondReading | None = None
    suggested: str = ""

    @property
    def folded(self) -> str:
        """A key to compare by."""
        return fold_scripts(self.suggested)

    def region(self, width: int, height: int) -> str:
        """The place as a locator: the box around it in percent of the upright image."""
        left, top = self.corners.min(axis=0)
        right, bottom = self.corners.max(axis=0)
        spans = (max(0.0, left) / width, max(0.0, top) / height, (right - left) / width, (bottom - top) / height)
        return "xywh=percent:" + ",".join(f"{100 * s:.2f}" for s in spans)


class MarkReader:
    """The readers, loaded once.

    Parameters
    ----------
    second : SecondReader or None
        For Cyrillic and Persian lines.
    threads : int or None
        Of the first reader; None: all cores.

    Raises
    ------
    MissingExtra
        RapidOCR is not installed.
    """

    def __init__(self, *, second: SecondReader | None = None, threads: int | None = None) -> None:
        try:
            from rapidocr import RapidOCR
        except ImportError as err:
            raise MissingExtra("ocr", for_what="reading photographs") from err
        settings: dict[str, Any] = {"Global.log_level": "error"}
        if threads is not None:
            settings |= {"EngineConfig.onnxruntime.intra_op_num_threads": threads,
                         "EngineConfig.onnxruntime.inter_op_num_threads": 1}  # fmt: skip
        with _quiet():
            self._engine = RapidOCR(params=settings)
        self._second = second

    def read(self, photograph: Photograph) -> tuple[ReadLine, ...]:
        """Which lines stand on this photograph?

        Parameters
        ----------
        photograph : Photograph

        Returns
        -------
        tuple of ReadLine
            In the order of reading; empty where nothing is found.

        Notes
        -----
        RapidOCR finds boxes and reads them; which way up a line stands is settled by all lines of its block together,
        the other blocks counting for less, since single short lines are often turned wrongly. Order comes from
        the boxes alone (`line_order`).
        *Assumes:* lines of one block are printed the same way up.
        *Not for:* handwriting, curved print, or letters lower than about 15 pixels.
        """
        with _quiet():
            plain = np.ascontiguousarray(photograph.pixels[:, :, ::-1])
            found = self._found(plain)
            if not found:
                return ()
            found = self._settle(found)
            best = self._recognised([f.stretched for f in found])
            doubted = [n for n, (_, score) in enumerate(best) if score < _AS_IT_IS_FROM]
            for n, said in zip(doubted, self._recognised([found[n].crop for n in doubted]), strict=True):
                best[n] = max(best[n], said, key=lambda one: one[1])
        kept = [n for n, (text, score) in enumerate(best) if score >= _LEAST and not set(text) <= _OUTLINES]
        done: list[ReadLine] = []
        for block, members in enumerate(reading_order([found[n].line for n in kept])):
            read: list[ReadLine] = []
            for place, k in enumerate(members):
                one, (text, score) = found[kept[k]], best[kept[k]]
                line = ReadLine(
                    block=block, place=place, text=text, confidence=score, corners=one.line.corners,
                    crop=np.ascontiguousarray(one.crop[:, :, ::-1]),
                )  # fmt: skip
                read.append(self._read_again(line, one.stretched))
            done += _suggested(read)
        return tuple(done)

    def plain(self, photograph: Photograph) -> tuple[str, ...]:
        """What RapidOCR says by itself, in its own order: to measure against."""
        with _quiet():
            said = self._engine(np.ascontiguousarray(photograph.pixels[:, :, ::-1]))
        return tuple(getattr(said, "txts", None) or ())

    def turned(self, lines: Sequence[ReadLine]) -> int:
        """By how many degrees clockwise is the photograph turned, by most of its lines?"""
        return turned_degrees([PlacedLine(corners=line.corners) for line in lines])

    def _read_again(self, line: ReadLine, stretched: np.ndarray) -> ReadLine:
        if self._second is None or not self._second.is_wanted(line.text, line.confidence):
            return line
        return replace(line, second=self._second.read(stretched))

    def _recognised(self, crops: list[np.ndarray]) -> list[tuple[str, float]]:
        if not crops:
            return []
        said = self._engine.recognize_txt(crops)
        if said.txts is None or said.scores is None:
            return [("", 0.0)] * len(crops)
        return [(str(text).strip(), float(score)) for text, score in zip(said.txts, said.scores, strict=True)]

    def _found(self, plain: np.ndarray) -> list[_Found]:
        from rapidocr.main import RapidOCRError
        from rapidocr.utils.process_img import map_boxes_to_original

        image, scaling = self._engine.preprocess_img(plain)
        even = _stretched(image)
        try:
            crops, found = self._engine.detect_and_crop(even, scaling)
        except RapidOCRError:  # how RapidOCR says that it found nothing
            return []
        if found.boxes is None:
            return []
        shown = self._engine.crop_text_regions(_padded(image, scaling), found.boxes)
        boxes = map_boxes_to_original(found.boxes.copy(), scaling, *plain.shape[:2])
        corners = [np.asarray(box, dtype=np.float64) for box in boxes]
        ratios = [_ratio(c) for c in corners]
        across = sum(float(np.hypot(*(c[1] - c[0]))) for c, r in zip(corners, ratios, strict=True) if r >= _SQUARE)
        down = sum(float(np.hypot(*(c[3] - c[0]))) for c, r in zip(corners, ratios, strict=True) if 1 / r >= _SQUARE)
        done: list[_Found] = []
        for box, ratio, crop, stretched in zip(corners, ratios, shown, crops, strict=True):
            is_down = 1 / ratio >= _SQUARE
            is_short = not is_down and ratio < _SQUARE and down > across  # then it stands as most others do
            turns = 1 if is_short else 0
            done.append(_Found(
                line=PlacedLine(corners=np.roll(box, -1, axis=0) if is_down or is_short else box),
                crop=np.ascontiguousarray(np.rot90(crop, turns)),
                stretched=np.ascontiguousarray(np.rot90(stretched, turns)),
            ))  # fmt: skip
        return done

    def _settle(self, found: list[_Found]) -> list[_Found]:
        """Turn each line by half where its block as a whole stands on its head."""
        says = self._engine.cls_and_rotate([f.stretched.copy() for f in found])[1].cls_res
        if says is None:
            return found
        odds = np.array([_log_odds(label, score) for label, score in says])
        axis = np.array([abs(f.line.along[1]) > abs(f.line.along[0]) for f in found])
        done = list(found)
        for members in _parts([f.line for f in found]):
            alike = axis == axis[members[0]]
            own = float(odds[members].sum())
            if own + _OTHERS * (float(odds[alike].sum()) - own) > 0:
                for k in members:
                    done[k] = _Found(
                        line=PlacedLine(corners=np.roll(found[k].line.corners, -2, axis=0)),
                        crop=np.ascontiguousarray(found[k].crop[::-1, ::-1]),
                        stretched=np.ascontiguousarray(found[k].stretched[::-1, ::-1]),
                    )
        return done


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A line found: where, and its pixels (blue, green, red) as they are and with the contrast stretched."""

    line: PlacedLine
    crop: np.ndarray
    stretched: np.ndarray


def _stretched(bgr: np.ndarray) -> np.ndarray:
    """Faint marks made even: grain smoothed, contrast stretched tile by tile (CLAHE)."""
    import cv2

    grey = cv2.GaussianBlur(cv2.cvtColor(bgr, cv2.COLOR_BGR2GRAY), (0, 0), _SMOOTH_PX)
    even = cv2.createCLAHE(clipLimit=_CLIP, tileGridSize=(8, 8)).apply(grey)
    return np.repeat(even[:, :, None], 3, axis=2)


def _padded(image: np.ndarray, scaling: dict[str, Any]) -> np.ndarray:
    """The same margin above and below that RapidOCR gives very wide images before it looks for boxes."""
    top, left = int(scaling["padding_1"]["top"]), int(scaling["padding_1"]["left"])
    return np.pad(image, ((top, top), (left, left), (0, 0)))


def _suggested(block: list[ReadLine]) -> list[ReadLine]:
    """Choose between two readings line by line, knowing the block."""
    is_foreign = any(_own_letters(line) for line in block)
    done = []
    for line in block:
        second = line.second
        is_taken = second is not None and (
            _own_letters(line) or (is_foreign and fold_scripts(second.text) == fold_scripts(line.text))
        )
        done.append(replace(line, suggested=second.text if is_taken and second is not None else line.text))
    return done


def _own_letters(line: ReadLine) -> bool:
    """Whether the second reader saw, surely enough, letters that no Latin letter looks like."""
    second = line.second
    return (
        second is not None
        and second.confidence >= _SECOND_FROM
        and bool(set(scripts_of(fold_scripts(second.text))) - {"Latn"})
    )


def _parts(lines: Sequence[PlacedLine]) -> list[list[int]]:
    group = list(range(len(lines)))
    for a in range(len(lines)):
        for b in range(a + 1, len(lines)):
            if group[a] != group[b] and are_neighbours(lines[a], lines[b]):
                old = group[b]
                group = [group[a] if g == old else g for g in group]
    return [[k for k, g in enumerate(group) if g == one] for one in dict.fromkeys(group)]


def _ratio(corners: np.ndarray) -> float:
    wide = float(np.hypot(*(corners[1] - corners[0])))
    high = float(np.hypot(*(corners[3] - corners[0])))
    return wide / max(high, 1e-9)


def _log_odds(label: str, score: float) -> float:
    """Log odds that the crop stands on its head, from what the classifier says."""
    p = min(max(score, 0.5), _SURE)
    odds = float(np.log(p / (1 - p)))
    return odds if "180" in label else -odds


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """RapidOCR speaks of its files on standard output; a command that prints JSON cannot have that."""
    logger = logging.getLogger("RapidOCR")
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before
