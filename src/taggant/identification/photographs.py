"""Photographs opened safely: bounded, upright as the camera says, eight bits a colour.

Invariant: the file is never changed, and nothing is decoded before its size is known to be bearable.
"""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from taggant.errors import InputError

MOST_PIXELS = 100_000_000
"""A photograph of more is refused: at three bytes a pixel its working copies would want gigabytes."""

_MODES_16 = ("I;16", "I;16L", "I;16B", "I;16N", "I", "F")


@dataclass(frozen=True, slots=True, kw_only=True)
class Photograph:
    """One photograph, ready to be read.

    Attributes
    ----------
    sha256 : str
        Of the file's bytes.
    pixels : numpy.ndarray of uint8, shape (height, width, 3)
        Red, green, blue; upright as the camera's orientation says.
    notes : tuple of str
        What was done to get there: turned, first frame taken, colours converted.
    """

    sha256: str
    pixels: np.ndarray
    notes: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """Pixels across."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Pixels down."""
        return int(self.pixels.shape[0])


def open_photograph(path: Path, *, most_pixels: int = MOST_PIXELS) -> Photograph:
    """Which pixels does this photograph hold?

    Parameters
    ----------
    path : Path
    most_pixels : int
        Width times height allowed.

    Returns
    -------
    Photograph

    Raises
    ------
    InputError
        The file is empty, no image, torn, or larger than allowed; the message names it.

    Notes
    -----
    *Assumes:* what counts in an animated or many-page image is its first frame, and says so in `notes`.
    *Not for:* raw camera formats; they are named and refused.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "a.png"
    ...     Image.new("CMYK", (4, 3)).save(file.with_suffix(".tif"))
    ...     photo = open_photograph(file.with_suffix(".tif"))
    >>> photo.width, photo.height, photo.notes
    (4, 3, ('colours of print (CMYK) turned to those of a screen',))
    """
    try:
        held = path.read_bytes()
    except OSError as err:
        raise InputError(f"{path.name} cannot be read: {err.strerror}", where=str(path), next="Check the file") from err
    if not held:
        raise _refused(path, "is empty (0 bytes)", "Copy it again from the camera or the sender")
    notes: list[str] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # size is judged below; Pillow's own warning would come on top
            with Image.open(path) as image:
                if image.width * image.height > most_pixels:
                    raise _too_large(path, image.width * image.height, most_pixels)
                if getattr(image, "n_frames", 1) > 1:
                    notes.append(f"the first of {image.n_frames} frames is read")  # type: ignore[attr-defined]
                    image.seek(0)
                pixels = _eight_bits(image, notes)
    except Image.DecompressionBombError as err:
        raise _too_large(path, None, most_pixels) from err
    except UnidentifiedImageError as err:
        raise _refused(path, "is no image in a form read here (JPEG, PNG, TIFF, WebP, BMP, GIF)",
                       "Save it as JPEG or PNG; keep the original as exhibit too") from err  # fmt: skip
    except (OSError, SyntaxError, ValueError, EOFError) as err:
        raise _refused(path, f"is torn: {err}", "Copy it again from the camera or the sender") from err
    return Photograph(sha256=hashlib.sha256(held).hexdigest(), pixels=pixels, notes=tuple(notes))


def _eight_bits(image: Image.Image, notes: list[str]) -> np.ndarray:
    upright = ImageOps.exif_transpose(image)
    if upright.size != image.size or image.getexif().get(0x0112, 1) not in (0, 1):
        notes.append("turned upright as the camera says")
    if upright.mode in _MODES_16:
        notes.append("more than 8 bits a colour: stretched to 8")
        raw = np.asarray(upright, dtype=np.float64)
        low, high = float(np.nanmin(raw)), float(np.nanmax(raw))
        grey = np.zeros(raw.shape) if high <= low else np.nan_to_num((raw - low) / (high - low) * 255)
        return np.repeat(grey.astype(np.uint8)[:, :, None], 3, axis=2)
    if upright.mode == "CMYK":
        notes.append("colours of print (CMYK) turned to those of a screen")
    if "A" in upright.getbands() or upright.mode == "P":
        ground = Image.new("RGBA", upright.size, (255, 255, 255, 255))
        return np.array(Image.alpha_composite(ground, upright.convert("RGBA")).convert("RGB"))
    return np.array(upright.convert("RGB"))


def _refused(path: Path, why: str, step: str) -> InputError:
    return InputError(f"{path.name} {why}", where=str(path), so_what="No mark is read from it", next=step)


def _too_large(path: Path, pixels: int | None, most: int) -> InputError:
    size = "far too many" if pixels is None else f"{pixels / 1e6:.0f} million"
    return _refused(path, f"has {size} pixels; {most / 1e6:.0f} million are read",
                    "Cut out the part with the marks, keeping the original as exhibit")  # fmt: skip
