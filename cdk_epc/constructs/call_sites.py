"""Who gave which part of a resource, so that a finding can say where to mend it."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from types import FrameType
from typing import Final

import attrs

from cdk_epc.constructs.values import Value, argument_path
from cdk_epc.spec import Path, Spec, Tag
from cdk_epc.spec.fields import in_aws_words
from cdk_epc.spec.unresolved import items_of

_OURS: Final = frozenset({"cdk_epc", "jsii", "attr", "attrs"})


@attrs.frozen
class CallSite:
    """The line that called the library."""

    file: str
    line: int

    @classmethod
    def current(cls) -> CallSite | None:
        """The innermost line that is neither ours nor jsii's."""
        # `inspect.stack` would read source files, for each call.
        frame: FrameType | None = sys._getframe(1)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        while frame is not None:
            if frame.f_globals.get("__name__", "").partition(".")[0] not in _OURS:
                return cls(frame.f_code.co_filename, frame.f_lineno)
            frame = frame.f_back
        return None


@attrs.frozen
class SuppliedPart:
    """One part of a resource, as it was given.

    Attributes:
        path: Where it is in the spec.
        argument: How its giver knows it: an argument or a call; empty for what has an argument for
            each of its members.
        value: The typed value, or the spec itself where that was given.
        site: The line of the call.
    """

    path: Path
    argument: str
    value: Value | Spec | object
    site: CallSite | None

    def holds(self, path: Path) -> bool:
        """Whether a path leads to this piece or into it."""
        return path[: len(self.path)] == self.path

    def label(self, path: Path) -> str:
        """A path into this piece, in the words of whoever gave it."""
        rest = path[len(self.path) :]
        if isinstance(self.value, Value):
            words = argument_path(self.value, rest)
        elif isinstance(self.value, Spec):
            words = in_aws_words(rest, type(self.value))
        else:
            words = ""
        return ".".join(filter(None, (self.argument, words))) or ".".join(map(str, path))


def find_supplied_part(supplied_parts: Sequence[SuppliedPart], path: Path) -> SuppliedPart | None:
    """The piece that a path leads into; the last one given where it stands for several."""
    holding = [supplied_part for supplied_part in supplied_parts if supplied_part.holds(path)]
    if holding:
        return holding[-1]
    below = [
        supplied_part for supplied_part in supplied_parts if supplied_part.path[: len(path)] == path
    ]
    return below[-1] if below else None


def label_of(supplied_parts: Sequence[SuppliedPart], path: Path, otherwise: str) -> str:
    """A path in the words of the piece that it leads into; the others where it is in none."""
    supplied_part = find_supplied_part(supplied_parts, path)
    return (
        supplied_part.label(path)
        if supplied_part is not None and supplied_part.holds(path)
        else otherwise
    )


def python_label(
    spec: Spec, supplied_parts: Sequence[SuppliedPart], path: Path, arguments: Mapping[str, str]
) -> str:
    """A path in the words of the Python that wrote what is drafted.

    Args:
        spec: It.
        supplied_parts: Who gave which part of it.
        path: The path, in it.
        arguments: The constructor's argument for each of its members; for one further in, written
            with dots, what it is called while nobody has given it.
    """
    supplied_part = find_supplied_part(supplied_parts, path)
    if supplied_part is None or len(supplied_part.path) < len(path):
        nested = arguments.get(".".join(map(str, path)))
        if nested:
            return nested
    head, *rest = path or ("",)  # what is wrong may be the whole
    if head == "tags" and rest:
        tag = items_of(getattr(spec, "tags", None))[int(rest[0])]
        return f"tags[{tag.key!r}]" if isinstance(tag, Tag) else f"tags[{rest[0]}]"
    if supplied_part is not None and supplied_part.holds(path):
        return supplied_part.label(path)
    words = arguments.get(str(head)) or str(head)
    return words + "".join(f"[{s}]" if isinstance(s, int) else f".{s}" for s in rest)
