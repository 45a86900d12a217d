"""Escaped text and plural forms."""

from __future__ import annotations


def printable(text: str) -> str:
    """Return the text with all unprintable characters escaped.

    Names and values come from untrusted files: a line feed, a terminal escape sequence or a mark
    that changes the direction of text could forge parts of the report.
    """
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else _escaped(each) for each in text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def count(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 file``, ``2 files``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
