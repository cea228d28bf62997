"""Barcodes of a photograph: what they hold, field by field, and where they stand.

Invariant: a symbol that fails its own check is not read.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from taggant.errors import MissingExtra
from taggant.identification.photographs import Photograph
from taggant.writing.label_codes import LabelField, label_fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Barcode:
    """One symbol.

    Attributes
    ----------
    symbology : str
        "DataMatrix", "QRCode", "Code128" …
    text : str
        As decoded, control characters kept.
    form : str or None
        "GS1", "MH10.8.2", or None for free text.
    fields : tuple of LabelField
    corners : numpy.ndarray of float64, shape (4, 2)
        Pixels of the upright photograph.
    """

    symbology: str
    text: str
    form: str | None
    fields: tuple[LabelField, ...]
    corners: np.ndarray

    def region(self, width: int, height: int) -> str:
        """The place as a locator: the box around it in percent of the upright image."""
        left, top = np.maximum(self.corners.min(axis=0), 0.0)
        right, bottom = self.corners.max(axis=0)
        spans = (left / width, top / height, (right - left) / width, (bottom - top) / height)
        return "xywh=percent:" + ",".join(f"{100 * s:.2f}" for s in spans)


def read_barcodes(photograph: Photograph) -> tuple[Barcode, ...]:
    """Which barcodes stand on this photograph, and what do they hold?

    Parameters
    ----------
    photograph : Photograph

    Returns
    -------
    tuple of Barcode
        From top to bottom, then left to right; empty where none is found. All symbologies of zxing-cpp, turned,
        inverted and small ones included.

    Raises
    ------
    MissingExtra
        zxing-cpp is not installed.

    Notes
    -----
    *Assumes:* text in UTF-8 or Latin-1, as the symbol declares.
    *Not for:* symbols with modules under about three pixels.

    References
    ----------
    ISO/IEC 16022 (DataMatrix), 18004 (QR), 15417 (Code 128), 15434 (envelopes).
    """
    try:
        import zxingcpp
    except ImportError as err:
        raise MissingExtra("ocr", for_what="reading barcodes") from err
    grey = np.ascontiguousarray(photograph.pixels.mean(axis=2).astype(np.uint8))
    found = []
    for code in zxingcpp.read_barcodes(grey, text_mode=zxingcpp.TextMode.Plain):
        if not code.valid or not code.text:
            continue
        at = code.position
        points = (at.top_left, at.top_right, at.bottom_right, at.bottom_left)
        form, fields = label_fields(code.text)
        found.append(
            Barcode(
                symbology=str(code.format).removeprefix("BarcodeFormat.").replace(" ", ""), text=code.text, form=form,
                fields=fields, corners=np.array([(p.x, p.y) for p in points], dtype=np.float64),
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda c: (c.corners[:, 1].min(), c.corners[:, 0].min())))
