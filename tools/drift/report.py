"""Report of the differences as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import frozen

from tools.drift.differences import Difference
from tools.published.facts import Facts

_HEADS = (
    "members that only AWS has",
    "members that only this library has",
    "values",
    "bounds, patterns, types and required members",
)


@frozen
class Section:
    """Differences of one source for one resource type.

    Attributes:
        title: Source with its version, and the resource type or operation.
        found: Unintended differences.
        published: Facts of the source, for new members.
    """

    title: str
    found: list[Difference]
    published: Mapping[str, Facts]


def text_of(sections: list[Section]) -> str:
    """Return the report; one line for each source without differences."""
    lines: list[str] = []
    for section in sections:
        lines += _lines_of(section)
    total = sum(len(section.found) for section in sections)
    lines.append(f"{total} differences" if total != 1 else "1 difference")
    return "\n".join(lines) + "\n"


def _lines_of(section: Section) -> Iterator[str]:
    yield f"{section.title}: {'as declared' if not section.found else ''}".rstrip()
    groups: dict[str, list[str]] = {head: [] for head in _HEADS}
    for difference in section.found:
        head, line = _line_of(difference, section.published)
        groups[head].append(line)
    for head, lines in groups.items():
        if lines:
            yield f"  {head}"
            yield from (f"    {line}" for line in lines)


def _line_of(difference: Difference, published: Mapping[str, Facts]) -> tuple[str, str]:
    place, fact, ours, theirs = difference
    if fact == "present":
        if theirs:
            return _HEADS[0], f"{place} ({_described(published[place])})"
        return _HEADS[1], place
    if fact == "enum":
        return _HEADS[2], f"{place}: {_words(ours or set(), theirs or set())}"
    return _HEADS[3], f"{place}: {fact} is {_shown(theirs)}; was {_shown(ours)}"


def _words(ours: set[object], theirs: set[object]) -> str:
    new, gone = sorted(map(str, theirs - ours)), sorted(map(str, ours - theirs))
    parts = [f"new {', '.join(new)}"] if new else []
    parts += [f"gone {', '.join(gone)}"] if gone else []
    return "; ".join(parts)


def _described(facts: Facts) -> str:
    words = [str(facts.get("kind"))]
    if facts.get("required"):
        words.append("required")
    words += [
        f"{fact} {_shown(value)}"
        for fact, value in facts.items()
        if fact not in {"kind", "required"} and value is not None
    ]
    return ", ".join(words)


def _shown(value: object) -> str:
    if isinstance(value, (set, frozenset)):
        return " | ".join(sorted(map(str, value)))
    return "not given" if value is None else str(value)
