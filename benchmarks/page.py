"""Page of the documentation with the measured figures."""

from __future__ import annotations

from pathlib import Path
from typing import Final

PAGE: Final = "docs/performance.md"
_FIRST: Final = "<!-- figures: python -m benchmarks --write -->\n"
_LAST: Final = "<!-- end of the figures -->\n"


def write(text: str) -> None:
    """Replace the figures of the page.

    Args:
        text: The table and the measured versions.

    Raises:
        ValueError: The page lacks the comments around the figures.
    """
    file = Path(__file__).parents[1] / PAGE
    page = file.read_text("utf-8")
    before, first, rest = page.partition(_FIRST)
    _, last, after = rest.partition(_LAST)
    if not first or not last:
        raise ValueError(f"{PAGE} must have the lines {_FIRST!r} and {_LAST!r}")
    file.write_text(f"{before}{first}\n{text}.\n\n{last}{after}", "utf-8")
