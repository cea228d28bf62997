"""Files from outside: what is no photograph is named; what is an odd one is read and said to be."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from taggant.errors import InputError
from taggant.identification.photographs import open_photograph


def _saved(folder: Path, name: str, image: Image.Image, **how: object) -> Path:
    path = folder / name
    image.save(path, **how)  # type: ignore[arg-type]
    return path


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.jpg", b"", "is empty"),
        ("text.png", b"not an image", "is no image"),
        ("page.html", b"<html><script>alert(1)</script>", "is no image"),
        ("cut.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "torn"),
    ],
)
def test_what_is_no_photograph_is_named(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    """The message names the file, says why, and what to do."""
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=said) as caught:
        open_photograph(path)
    assert name in caught.value.what
    assert caught.value.next


def test_a_torn_photograph_is_not_read_half(tmp_path: Path) -> None:
    """Half a JPEG would be grey below: no mark there could be told from no mark at all."""
    held = io.BytesIO()
    Image.fromarray(np.random.default_rng(1).integers(0, 255, (200, 200, 3), dtype=np.uint8)).save(held, "JPEG")
    path = tmp_path / "half.jpg"
    path.write_bytes(held.getvalue()[: len(held.getvalue()) // 2])
    with pytest.raises(InputError, match="torn"):
        open_photograph(path)


def test_two_hundred_megapixels_are_refused_before_they_are_decoded(tmp_path: Path) -> None:
    """The size is read from the head of the file; the message says both numbers."""
    path = _saved(tmp_path, "large.png", Image.new("1", (20_000, 10_000)))
    with pytest.raises(InputError, match=r"200 million pixels; 100 million are read|far too many"):
        open_photograph(path)


def test_print_colours_sixteen_bits_and_frames_are_read_and_said(tmp_path: Path) -> None:
    """CMYK, 16 bit and animated images are photographs too; what was done to them is noted."""
    cmyk = open_photograph(_saved(tmp_path, "a.tif", Image.new("CMYK", (5, 4), (0, 255, 255, 0))))
    assert cmyk.pixels[0, 0].tolist() == [255, 0, 0]
    assert "CMYK" in cmyk.notes[0]
    deep = np.linspace(0, 65535, 20, dtype=np.uint16).reshape(4, 5)
    sixteen = open_photograph(_saved(tmp_path, "b.png", Image.fromarray(deep)))
    assert (sixteen.pixels[0, 0, 0], sixteen.pixels[-1, -1, 0]) == (0, 255)
    assert "8 bits" in sixteen.notes[0]
    frames = [Image.new("L", (5, 4), shade) for shade in (10, 200)]
    moving = open_photograph(_saved(tmp_path, "c.gif", frames[0], save_all=True, append_images=frames[1:]))
    assert "first of 2 frames" in moving.notes[0]
    assert moving.pixels[0, 0, 0] == 10


def test_the_cameras_orientation_is_followed(tmp_path: Path) -> None:
    """Orientation 6 means: turn a quarter clockwise to see it upright; regions are given on the upright image."""
    image = Image.new("RGB", (6, 4), "black")
    image.putpixel((0, 0), (255, 255, 255))
    exif = Image.Exif()
    exif[0x0112] = 6
    photo = open_photograph(_saved(tmp_path, "d.png", image, exif=exif))
    assert (photo.width, photo.height) == (4, 6)
    assert photo.pixels[0, 3].tolist() == [255, 255, 255]
    assert photo.notes == ("turned upright as the camera says",)


def test_clear_ground_is_white(tmp_path: Path) -> None:
    """A drawing on a clear ground is read as on paper."""
    photo = open_photograph(_saved(tmp_path, "e.png", Image.new("RGBA", (3, 3), (0, 0, 0, 0))))
    assert photo.pixels[1, 1].tolist() == [255, 255, 255]
