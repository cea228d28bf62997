"""Draws photographs of invented boards: laser marks on dark packages, some in Cyrillic, some with a DataMatrix.

Invariant: the same seed and difficulty give the same pixels, and the truth is written down while drawing, never read
back. Nothing here knows how marks are read.
"""

from __future__ import annotations

import io
import random
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

_SETTINGS = Path(__file__).with_name("difficulties.toml")
_SIZE = (1120, 840)
_LATIN = "noto-sans-mono-latin-400.woff2"
_CYRILLIC = "noto-sans-mono-cyrillic-400.woff2"

# Invented marks in the forms real ones have: part, date code, lot, place.
_LATIN_MARKS = (
    ("TH4410ADR", "23W17", "LOT 5521"), ("QB-12/3", "SN 48210", "MADE IN XB"), ("SCM3425ASA", "RoHS 2318"),
    ("TMS320F28335", "PGFA", "G4A-22AXTXW"), ("MAX3232E", "EUE +231"), ("STM32F407", "VGT6", "GQ 7B322"),
    ("GD32F407VGT6", "DJ2231", "AKP904"), ("24FC512", "2244K7M"), ("NEO-M8N-0-10", "22/41"), ("UM980", "2309", "BD935"),
    ("ADXL357B", "#2207", "673514"), ("AUIRF4905S", "P231X"), ("URB2405S-6WR3", "2226"),
    ("NRF52840", "QIAAD0", "2317LK"),
    ("LMZM33606", "26AF04W"), ("TH77M", "LOT 22-817"), ("AS5600", "2219RKV"), ("HC4051PW", "HRN2236F"),
    ("K4B4G1646E", "BYMA 219"), ("W25Q128JV", "SIQ 2051"), ("XC7Z020", "CLG400ABX", "2043"), ("VP230", "31M AH2K"),
)  # fmt: skip
_CYRILLIC_MARKS = (
    ("К5519ТН4У", "2217", "ЗАВОД 7"), ("5576ХД4Т", "ПАРТИЯ 31", "0322"), ("К1986ИМ2", "ОТК 14", "2209"),
    ("БЛОК БСН-3", "Ы 1276"), ("ИЗДЕЛИЕ 44", "№ 00815"), ("М2Ц-48", "ДАТА 11.22"), ("КИЦЯ.431", "ЛИТ. А", "2301"),
    ("ГЕН-12Ж", "ЗАВ. № 731"), ("1887ВМ5Ф", "2233 ОТК"), ("ПЛАТА Щ-9", "УЗЕЛ 2"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Difficulty:
    """One of the three difficulties, as `difficulties.toml` fixes it."""

    name: str
    contrast: int
    noise: float
    blur: float
    skew_degrees: float
    letter_px: tuple[int, int]
    light: int
    dots: float
    jpeg: int
    datamatrix_px: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One photograph and what stands on it.

    Attributes
    ----------
    name : str
    jpeg : bytes
    turned : int
        Degrees the whole is turned clockwise: 0, 90, 180, 270.
    packages : tuple of tuple of str
        The lines of each package in the order of reading; packages from the upper left.
    codes : tuple of str
        What the DataMatrix symbols hold.
    """

    name: str
    jpeg: bytes
    turned: int
    packages: tuple[tuple[str, ...], ...]
    codes: tuple[str, ...]


def difficulties() -> tuple[Difficulty, ...]:
    """Give the three difficulties, easiest first."""
    said = tomllib.loads(_SETTINGS.read_text(encoding="utf-8"))["difficulty"]
    return tuple(Difficulty(name=name, **(row | {"letter_px": tuple(row["letter_px"])})) for name, row in said.items())


def draw_all(difficulty: Difficulty, *, n: int | None = None) -> tuple[Drawn, ...]:
    """Draw the photographs of one difficulty; `n` draws only the first."""
    said = tomllib.loads(_SETTINGS.read_text(encoding="utf-8"))
    count = said["photographs"] if n is None else n
    return tuple(_draw(difficulty, k, said["seed"], said["cyrillic_share"]) for k in range(count))


def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(io.BytesIO(files("taggant.report").joinpath("fonts", name).read_bytes()), size)


def _mask(text: str, size: int, *, is_dotted: bool) -> Image.Image:
    """The letters of one line as a mask; letter by letter, each in the font that has it."""
    latin, cyrillic = _font(_LATIN, size), _font(_CYRILLIC, size)
    step = latin.getlength("M")
    mask = Image.new("L", (int(step * len(text)) + 4, int(size * 1.35)), 0)
    pen = ImageDraw.Draw(mask)
    for n, letter in enumerate(text):
        font = cyrillic if "Ѐ" <= letter <= "ӿ" or letter == "№" else latin
        pen.text((2 + n * step, 0), letter, font=font, fill=255)
    if is_dotted:  # a laser that burns single dots: the strokes survive on a grid only
        grid = np.zeros((mask.height, mask.width), dtype=np.uint8)
        pitch = max(3, size // 11)
        ys, xs = np.mgrid[0 : mask.height, 0 : mask.width]
        grid[((ys % pitch) ** 2 + (xs % pitch) ** 2) <= (pitch * 0.55) ** 2] = 255
        mask = Image.fromarray(np.minimum(np.asarray(mask), grid))
    return mask


def _datamatrix(text: str, module_px: int) -> Image.Image:
    import zxingcpp

    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.DataMatrix)
    return Image.fromarray(np.asarray(code.to_image(scale=module_px)))


def _draw(d: Difficulty, k: int, seed: int, cyrillic_share: float) -> Drawn:
    dice = random.Random(f"{seed}:{d.name}:{k}")
    packages: list[tuple[str, ...]] = []
    code = None
    for n in range(dice.choice((2, 3, 4))):
        if n == 2 and k % 3 == 0:
            part, lot = dice.randint(1000, 9999), dice.randint(10000, 99999)
            made = f"{dice.randint(21, 23)}{dice.randint(1, 52):02d}"
            code = f"[)>\x1e06\x1d1PTH{part}A\x1d9D{made}\x1d1TL{lot}\x1e\x04"
            continue
        packages.append(dice.choice(_CYRILLIC_MARKS if dice.random() < cyrillic_share else _LATIN_MARKS))
    return draw(d, f"{d.name}-{k:02d}", packages, code=code, turn=90 * (k % 4), seed=f"{seed}:{k}")


def draw(
    d: Difficulty, name: str, packages: Sequence[tuple[str, ...]], *, code: str | None, turn: int, seed: str
) -> Drawn:
    """Draw up to four packages, or three and a label with a DataMatrix, on one board."""
    dice = random.Random(f"{seed}:{d.name}")
    grain = np.random.default_rng(list(f"{seed}:{d.name}".encode()))
    image = Image.new("L", _SIZE, dice.randint(120, 150))
    places = [(70, 70), (620, 90), (80, 460), (630, 480)]
    if code is not None:
        symbol = _datamatrix(code, d.datamatrix_px)
        label = Image.new("L", (symbol.width + 40, symbol.height + 40), 225)
        label.paste(symbol.convert("L"), (20, 20))
        image.paste(label, places.pop(2))
    for (x, y), lines in zip(places, packages, strict=False):
        size = dice.randint(*d.letter_px)
        masks = [_mask(line, size, is_dotted=dice.random() < d.dots) for line in lines]
        ground = dice.randint(95, 115)
        width, height = max(m.width for m in masks) + 70, sum(m.height for m in masks) + 12 * len(masks) + 50
        package = Image.new("L", (min(width, 480), min(height, 330)), ground)
        top = 25
        for mask in masks:
            package.paste(ground + d.contrast, (35, top), mask)
            top += mask.height + 12
        angle = dice.uniform(-d.skew_degrees, d.skew_degrees)
        turned = package.rotate(angle, expand=True, resample=Image.Resampling.BICUBIC, fillcolor=ground)
        image.paste(turned, (x, y), Image.new("L", package.size, 255).rotate(angle, expand=True, fillcolor=0))
    across = np.linspace(0, -d.light, _SIZE[0], dtype=np.float32)[None, :]
    light = across + np.linspace(0, -d.light / 2, _SIZE[1], dtype=np.float32)[:, None]
    pixels = np.asarray(image.filter(ImageFilter.GaussianBlur(d.blur)), dtype=np.float32) + light
    pixels = pixels + grain.normal(0.0, d.noise, pixels.shape)
    done = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).convert("RGB").rotate(-turn, expand=True)
    out = io.BytesIO()
    done.save(out, "JPEG", quality=d.jpeg)
    codes = () if code is None else (code,)
    return Drawn(name=name, jpeg=out.getvalue(), turned=turn, packages=tuple(packages), codes=codes)
