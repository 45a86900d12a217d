"""Comparison of JSON values, as paths of the differences."""

from __future__ import annotations

from typing import Any

from attrs import field, frozen


@frozen
class Differences:
    """Differences between read and declared values, as paths.

    Attributes:
        lost: Declared, and not there.
        changed: There, with another value.
        added: Not declared, and not empty.
    """

    lost: list[str] = field(factory=list)
    changed: list[str] = field(factory=list)
    added: list[str] = field(factory=list)


def difference(declared: Any, read: Any) -> Differences:
    """Compare declared and read values; empty objects and lists count as missing."""
    found = Differences()
    _compare(declared, read, "", found)
    return found


def _compare(declared: Any, read: Any, path: str, found: Differences) -> None:
    if isinstance(declared, dict) and isinstance(read, dict):
        for key in declared.keys() | read.keys():
            here = f"{path}.{key}".removeprefix(".")
            if key not in read:
                found.lost.append(here)
            elif key in declared:
                _compare(declared[key], read[key], here, found)
            elif read[key] not in ({}, [], None):
                found.added.append(here)
    elif isinstance(declared, list) and isinstance(read, list) and len(declared) == len(read):
        for number, (one, other) in enumerate(zip(declared, read, strict=True)):
            _compare(one, other, f"{path}[{number}]", found)
    elif declared != read:
        found.changed.append(path)
    for paths in (found.lost, found.changed, found.added):
        paths.sort()
