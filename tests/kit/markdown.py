"""Blocks of code in pages of the documentation."""

from __future__ import annotations

import re
from typing import Final

_BLOCK: Final = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)


def blocks(text: str, language: str) -> list[str]:
    """Return the contents of the blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def without_blocks(text: str) -> str:
    """Return a page without its blocks of code."""
    return _BLOCK.sub("", text)
