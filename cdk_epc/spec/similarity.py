"""Similar texts, for suggestions."""

from __future__ import annotations

from collections.abc import Iterable


def get_close_matches(
    text: str, possibilities: Iterable[str], n: int = 3, cutoff: float = 0.6
) -> list[str]:
    """Return the most similar texts, as `difflib.get_close_matches` does.

    `difflib` takes time to import, and most runs suggest nothing.
    """
    import difflib  # noqa: PLC0415 - as above

    return difflib.get_close_matches(text, list(possibilities), n, cutoff)
