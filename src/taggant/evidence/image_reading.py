"""Photographs: size, camera data, place, and a perceptual hash that finds the same picture saved again or turned.

Invariant: an image is opened only after its declared size is within bounds; a picture that is too large is not decoded.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from taggant.evidence import bounds

if TYPE_CHECKING:
    from PIL.Image import Exif, Image

    from taggant.evidence.exhibit_reading import Reading

HASH_SIDE = 8
"""64 bits: the lowest 8 × 8 frequencies of the picture, without the constant one."""

_SMALL = 32
_APP1 = 0xE1
_FORMATS = ("JPEG", "PNG", "TIFF", "WEBP", "GIF", "BMP", "MPO")
_GPS, _EXIF, _TAKEN, _MAKE, _MODEL, _ORIENTATION = 0x8825, 0x8769, 0x9003, 0x010F, 0x0110, 0x0112


def read_image(path: Path) -> Reading:
    """Which picture is this: size, camera data, and its hash?"""
    from PIL import Image, UnidentifiedImageError

    from taggant.evidence.exhibit_reading import Reading

    reading = Reading("image-1")
    Image.MAX_IMAGE_PIXELS = None  # we count ourselves, before anything is decoded
    try:
        with Image.open(_without_swollen_exif(path, reading), formats=_FORMATS) as image:
            width, height = image.size
            reading.facts |= {"width": width, "height": height}
            if width * height > bounds.PIXELS:
                reading.notes.append(
                    f"the image declares {width:,} × {height:,} pixels; images up to {bounds.PIXELS:,} are opened"
                )
                return reading
            _camera(image, reading)
            try:
                hashes = perceptual_hashes(_upright(image))
                reading.facts["hashes"] = None if hashes is None else [f"{h:016x}" for h in hashes]
            except (OSError, SyntaxError, ValueError) as err:
                reading.notes.append(f"the picture cannot be decoded to its end: {err}")
    except UnidentifiedImageError:
        reading.notes.append("the image is of a kind that is not opened")
    return reading


def _without_swollen_exif(path: Path, reading: Reading) -> Path | BytesIO:
    """The file itself; of a JPEG with too much camera data a copy without it.

    Pillow joins the segments of a JPEG one to the next: 50 MB of them take a quarter of a minute.
    """
    with path.open("rb") as stream:
        if stream.read(2) != b"\xff\xd8":
            return path
        kept, size = [b"\xff\xd8"], 0
        while len(mark := stream.read(4)) == 4 and mark[0] == 0xFF and mark[1] not in (0xDA, 0xD9):
            length = int.from_bytes(mark[2:], "big") - 2
            if length < 0:
                return path
            content = stream.read(length)
            if mark[1] == _APP1 and content.startswith(b"Exif"):
                size += length
            else:
                kept.append(mark + content)
        if size <= bounds.EXIF_BYTES:
            return path
        reading.notes.append(f"the camera data has {size:,} bytes; up to {bounds.EXIF_BYTES:,} are read")
        return BytesIO(b"".join(kept) + mark + stream.read())


def _upright(image: Image) -> Image:
    from PIL import ImageOps

    image.draft("L", (4 * _SMALL, 4 * _SMALL))  # a JPEG is decoded small: a photograph takes 5 ms instead of 200
    return ImageOps.exif_transpose(image)


def perceptual_hashes(image: Image) -> tuple[int, int, int, int] | None:
    """Which 64 bits has this picture, and which has it turned by a quarter, a half and three quarters?

    The signs, against their median, of the 8 × 8 lowest frequencies of the discrete cosine transform of the picture
    made 32 × 32 and grey.

    Returns
    -------
    tuple of four int, or None
        None: the picture is of one grey, and has nothing to compare.

    Notes
    -----
    *Assumes:* a copy differs in size, compression, brightness or turn.
    *Not for:* crops, mirror images, or two photographs of one thing.

    References
    ----------
    .. [1] Zauner, C. (2010). *Implementation and Benchmarking of Perceptual Image Hash Functions*. Thesis, Upper
       Austria University of Applied Sciences, §3.2.

    Examples
    --------
    >>> from PIL import Image
    >>> picture = Image.radial_gradient("L").crop((10, 40, 200, 160))
    >>> small, turned = picture.resize((95, 60)), picture.rotate(90, expand=True)
    >>> distance(perceptual_hashes(picture), perceptual_hashes(small)) <= 4
    True
    >>> distance(perceptual_hashes(picture), perceptual_hashes(turned)) <= 4
    True
    """
    import numpy as np
    from PIL import Image as Images
    from scipy.fft import dctn

    grey = np.asarray(image.convert("L").resize((_SMALL, _SMALL), Images.Resampling.LANCZOS), dtype=float)
    if float(grey.std()) < 1.0:
        return None
    found = []
    for quarters in range(4):
        low = np.asarray(dctn(np.rot90(grey, quarters), norm="ortho"))[:HASH_SIDE, :HASH_SIDE].ravel()
        bits = low > np.median(low[1:])
        found.append(int("".join("1" if b else "0" for b in bits), 2))
    return found[0], found[1], found[2], found[3]


def distance(one: Sequence[int], other: Sequence[int]) -> int:
    """In how many of 64 bits do two pictures differ, in the turn in which they differ least?

    Examples
    --------
    >>> distance([0b1111], [0b0000, 0b1110])
    1
    """
    return min((one[0] ^ turned).bit_count() for turned in other)


def _camera(image: Image, reading: Reading) -> None:
    from PIL import Image as Images

    raw = image.info.get("exif")
    size = len(raw) if isinstance(raw, bytes) else 0
    if size > bounds.EXIF_BYTES:
        reading.notes.append(f"the camera data has {size:,} bytes; up to {bounds.EXIF_BYTES:,} are read")
        return
    try:
        if isinstance(raw, bytes) and image.format != "TIFF":
            exif = Images.Exif()  # `getexif` of a PNG would decode the whole picture first
            exif.load(raw)
        else:
            exif = image.getexif()
        found = _facts(exif)
    except (OSError, SyntaxError, ValueError, KeyError, TypeError, ZeroDivisionError, OverflowError) as err:
        reading.notes.append(f"the camera data cannot be read: {err}")
        return
    reading.facts |= {name: value for name, value in found.items() if value is not None}


def _facts(exif: Exif) -> dict[str, Any]:
    inner = exif.get_ifd(_EXIF)
    gps = exif.get_ifd(_GPS)
    camera = " ".join(t for tag in (_MAKE, _MODEL) if (t := _words(exif.get(tag))))
    orientation = exif.get(_ORIENTATION)
    return {
        "taken": _words(inner.get(_TAKEN)),
        "camera": camera or None,
        "orientation": orientation if isinstance(orientation, int) else None,
        "lat": _degrees(gps.get(2), gps.get(1), "S"),
        "lon": _degrees(gps.get(4), gps.get(3), "W"),
    }


def _words(value: object) -> str | None:
    return " ".join(value.replace("\0", " ").split())[:200] or None if isinstance(value, str) else None


def _degrees(value: Any, side: object, negative: str) -> float | None:
    if not isinstance(value, tuple) or len(value) != 3:
        return None
    degrees, minutes, seconds = (float(v) for v in value)
    found = degrees + minutes / 60 + seconds / 3600
    if not 0 <= found <= 180:
        return None
    return round(-found if str(side).strip("\0 ").upper() == negative else found, 6)


def stripped(path: Path, to: Path) -> None:
    """Write the picture without camera data, place, preview or text chunks: pixels, colour profile and turn only.

    Raises
    ------
    OSError
        The picture cannot be decoded.
    """
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = bounds.PIXELS
    with Image.open(path, formats=_FORMATS) as image:
        profile = image.info.get("icc_profile")
        kind = "JPEG" if image.format in ("JPEG", "MPO") else image.format or "PNG"
        upright = ImageOps.exif_transpose(image)
        bare = Image.new(upright.mode, upright.size)
        if upright.mode == "P":
            bare.putpalette(upright.getpalette() or [])
        bare.paste(upright)
        more: dict[str, Any] = {"quality": 95} if kind in ("JPEG", "WEBP") else {}
        bare.save(to, format=kind, icc_profile=profile, **more)
