"""Text that is safe to show, and numbers of things."""

from __future__ import annotations


def printable(text: str) -> str:
    """The text with everything escaped that a terminal would act on or hide.

    Names and values come from anybody's files: a line feed, an escape sequence or a mark that turns
    the direction of writing must not become part of the report.
    """
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else _escaped(each) for each in text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def count(number: int, noun: str) -> str:
    """``1 file``, ``2 files``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
