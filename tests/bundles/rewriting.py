"""What somebody does who rewrites a bundle so that its lists agree with it again."""

from __future__ import annotations

import hashlib
from pathlib import Path

from taggant.evidence.bundling.layout import BESIDE


def relist(bundle: Path) -> None:
    """Make manifests, Payload-Oxum and tag manifests anew from what lies there."""
    files = sorted(p.relative_to(bundle).as_posix() for p in bundle.rglob("*") if p.is_file())
    payload = [f for f in files if f.startswith("data/")]
    for algorithm in ("sha256", "sha512"):
        _list(bundle, f"manifest-{algorithm}.txt", payload, algorithm)
    octets = sum((bundle / f).stat().st_size for f in payload)
    lines = (bundle / "bag-info.txt").read_text().splitlines()
    kept = [line for line in lines if not line.startswith("Payload-Oxum")]
    (bundle / "bag-info.txt").write_text("\n".join([*kept, f"Payload-Oxum: {octets}.{len(payload)}", ""]))
    tags = [f for f in files if f not in payload and f not in BESIDE]
    for algorithm in ("sha256", "sha512"):
        _list(bundle, f"tagmanifest-{algorithm}.txt", tags, algorithm)


def _list(bundle: Path, name: str, files: list[str], algorithm: str) -> None:
    lines = [f"{hashlib.new(algorithm, (bundle / f).read_bytes()).hexdigest()}  {f}\n" for f in files]
    (bundle / name).write_text("".join(lines), encoding="utf-8")
