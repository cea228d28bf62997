"""A second reader for lines the first one has no letters for: Cyrillic and Persian.

Invariant: it reads the same crop as the first, and what it says stands beside it.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from taggant.errors import MissingExtra

_PACKS = ("rus", "ukr", "fas", "eng")
_INSTALL = "install tesseract-ocr with tesseract-ocr-rus, -ukr and -fas (Debian), or set TESSDATA_PREFIX: this"
_HEIGHT = 48  # letters of about 30 pixels: what Tesseract was trained on
_LATIN_ONLY = frozenset("DFGIJLNQRSUVWZ")  # capitals no Cyrillic letter looks like
_SURE = 0.97


@dataclass(frozen=True, slots=True)
class SecondReading:
    """What the second reader said, and how surely by its own figure (0 to 1)."""

    reader: str
    text: str
    confidence: float


class SecondReader:
    """Tesseract with the Cyrillic and Persian packs it finds.

    Raises
    ------
    MissingExtra
        tesserocr or every one of the packs is missing; the message names what to install.
    """

    def __init__(self) -> None:
        # One line is too little to share out: on several threads Tesseract spends most of its time waiting for them.
        os.environ.setdefault("OMP_THREAD_LIMIT", "1")
        try:
            from tesserocr import PSM, PyTessBaseAPI
        except ImportError as err:
            raise MissingExtra("ocr", for_what=f"a second reader: pip install tesserocr, and {_INSTALL}") from err
        folder, packs = packs_found()
        if folder is None or not set(packs) - {"eng"}:
            raise MissingExtra("ocr", for_what=f"a second reader, whose language packs are not here: {_INSTALL}")
        self.packs = packs
        letters = [p for p in packs if p != "fas"]
        self._api = PyTessBaseAPI(path=f"{folder}/", lang="+".join(letters), psm=PSM.SINGLE_LINE)

    @staticmethod
    def is_wanted(text: str, confidence: float) -> bool:
        """Whether the first reading leaves room for another alphabet; reading twice costs time.

        Small letters among capitals are how the first reader writes what it has no letter for: Ы becomes bl.
        """
        return confidence < _SURE or not set(text) & _LATIN_ONLY

    def read(self, crop: np.ndarray) -> SecondReading:
        """What does the second reader see in this crop?

        Parameters
        ----------
        crop : numpy.ndarray of uint8, shape (height, width, 3)
            One line, upright.

        Returns
        -------
        SecondReading
        """
        self._api.SetImage(_dark_on_light(crop))
        text = self._api.GetUTF8Text().strip()
        return SecondReading("tesseract " + "+".join(self.packs), text, self._api.MeanTextConf() / 100)


def packs_found() -> tuple[str | None, tuple[str, ...]]:
    """Where Tesseract's language packs lie, and which of ours are there.

    Looked for in TESSDATA_PREFIX, then beside the tesseract command.
    """
    own, command = os.environ.get("TESSDATA_PREFIX"), shutil.which("tesseract")
    folders = [Path(own)] if own else []
    if command is not None:
        share = Path(command).resolve().parent.parent / "share"
        folders += [*sorted(share.glob("tesseract-ocr/*/tessdata"), reverse=True), share / "tessdata"]
    for folder in folders:
        packs = tuple(p for p in _PACKS if (folder / f"{p}.traineddata").is_file())
        if packs:
            return str(folder), packs
    return None, ()


def _dark_on_light(crop: np.ndarray) -> Image.Image:
    """Letters dark on light, stretched from the darkest to the lightest, with a margin, at Tesseract's height."""
    grey = crop.astype(np.float32).mean(axis=2)
    low, high = np.percentile(grey, (2, 98))
    grey = np.clip((grey - low) / max(high - low, 1.0), 0, 1)
    if float(np.median(grey)) < 0.5:  # most of a crop is ground
        grey = 1 - grey
    image = Image.fromarray((grey * 255).astype(np.uint8))
    scale = _HEIGHT / max(image.height, 1)
    image = image.resize((max(1, round(image.width * scale)), _HEIGHT), Image.Resampling.LANCZOS)
    framed = Image.new("L", (image.width + 24, image.height + 24), 255)
    framed.paste(image, (12, 12))
    return framed
