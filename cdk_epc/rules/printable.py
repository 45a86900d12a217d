"""Printable text: names and values of untrusted files, made safe for a terminal and a log."""

from __future__ import annotations

import re
from typing import Final

LOG_COMMAND: Final = re.compile(r"##(?=[A-Za-z]*\[)")
"""Old form of a command to a CI system, which GitHub's and Azure's runners find within a line."""


def printable(text: str) -> str:
    """Return the text on one line, with everything escaped that a terminal or a log would obey.

    A line feed, a terminal escape sequence or a mark that changes the direction of text could forge
    parts of a report.
    """
    if not text.isprintable():
        text = "".join(each if each.isprintable() else _escaped(each) for each in text)
    return LOG_COMMAND.sub(r"#\\x23", text) if "##" in text else text


def printable_line(text: str) -> str:
    """Return a printable line that does not begin like a workflow command of GitHub.

    The runner ignores blanks before the two colons of a command.
    """
    line = printable(text)
    words = line.lstrip()
    if not words.startswith("::"):
        return line
    return f"{line[: len(line) - len(words)]}\\x3a{words[1:]}"


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
