"""How much of one file from outside is read: every bound in one place.

Invariant: what a file declares of itself (sizes, counts, names) is never believed; what is read is counted.
"""

from __future__ import annotations

MEMORY_BYTES = 2 * 1024**3
"""Address space of the process that reads files from outside."""

CPU_SECONDS = 60
"""Processor time for one file; twice as much on the clock."""

FILE_BYTES = 4 * 1024**3
"""One file unpacked from an archive."""

UNPACKED_BYTES = 4 * 1024**3
"""All that is unpacked from one given file, archives within it included."""

RATIO = 200
"""Unpacked to packed size, once more than `RATIO_FREE_BYTES` are unpacked. Text has about 5, a sheet of one word 24."""

RATIO_FREE_BYTES = 16 * 1024**2

MEMBERS = 10_000
"""Files in one given archive, those within archives in it included."""

DEPTH = 3
"""Archives within archives."""

NAME_CHARACTERS = 500
"""Of a member's name."""

PAGES = 2_000
"""Pages of one document that are read."""

CHARACTERS = 5_000_000
"""Letters of one exhibit that are read."""

UNITS = 200_000
"""Lines, paragraphs or rows of one exhibit that are read."""

CELLS = 2_000_000
"""Cells of one workbook that are read as text."""

PIXELS = 400_000_000
"""Of an image. A camera of 2026 has 200 million."""

EXIF_BYTES = 1024**2
"""Of an image's camera data; a preview picture within has some 20,000."""

TEXT_BYTES = 64 * 1024**2
"""Bytes of a text or web page that are read."""

MAIL_BYTES = 256 * 1024**2
"""Bytes of one message."""
