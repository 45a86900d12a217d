"""Colours, where somebody can see them."""

from __future__ import annotations

import os
from typing import Final, TextIO

import attrs

_RESET: Final = "\x1b[0m"


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person looks at the stream; ``TERM=dumb`` is no more than a printer."""
    # Standard streams are None where there are none to inherit.
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


def wants_colour(stream: TextIO | None) -> bool:
    """Whether the stream takes colours; https://no-color.org is heeded."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR")


@attrs.frozen
class Paint:
    """Puts colours on words, or none.

    Attributes:
        on: Whether it does.
    """

    on: bool = False

    def error(self, text: str) -> str:
        """What stops a deployment."""
        return self._with("1;31", text)

    def warning(self, text: str) -> str:
        """What may be wrong."""
        return self._with("1;33", text)

    def strong(self, text: str) -> str:
        """What the eye should find first."""
        return self._with("1", text)

    def faint(self, text: str) -> str:
        """What the eye may skip."""
        return self._with("2", text)

    def _with(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}{_RESET}" if self.on else text
