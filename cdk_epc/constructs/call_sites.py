"""Calls that supplied parts of a resource, so that findings name the argument and the line."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from types import FrameType
from typing import Final

import attrs

from cdk_epc._records import Record
from cdk_epc.constructs.values import Value, argument_path
from cdk_epc.spec import Path, Spec, Tag
from cdk_epc.spec.fields import aws_path
from cdk_epc.spec.unresolved import items_of

_OUR_PACKAGES: Final = frozenset({"cdk_epc", "jsii", "attr", "attrs"})


@attrs.frozen(eq=False, repr=False)
class CallSite(Record):
    """Line that called the library.

    Attributes:
        file: Path of the source file.
        line: Line, from 1.
    """

    file: str
    line: int

    @classmethod
    def current(cls) -> CallSite | None:
        """Return the innermost line outside this library, jsii, attrs and subclasses of ours.

        A method of a subclass, such as the constructor of a company's policy, only passes on the
        arguments of its caller. If there is no other line, the innermost one of a subclass counts.
        """
        # `inspect.stack` would read source files, for each call.
        return cls.of_frame(sys._getframe(1))  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]

    @classmethod
    def of_frame(cls, frame: FrameType | None) -> CallSite | None:
        """Return the line of the caller's code for a frame of a traceback, instead of the stack."""
        of_subclass: CallSite | None = None
        while frame is not None:
            if not is_own_frame(frame):
                found = cls(frame.f_code.co_filename, frame.f_lineno)
                if not _is_of_subclass(frame):
                    return found
                of_subclass = of_subclass or found
            frame = frame.f_back
        return of_subclass


def is_own_frame(frame: FrameType) -> bool:
    """Return whether a frame is of this library, jsii or attrs."""
    return frame.f_globals.get("__name__", "").partition(".")[0] in _OUR_PACKAGES


def _is_of_subclass(frame: FrameType) -> bool:
    """Return whether a frame is of a method of a subclass of this library's classes."""
    code = frame.f_code
    if not code.co_argcount:
        return False
    first = frame.f_locals.get(code.co_varnames[0])
    classes = (first if isinstance(first, type) else type(first)).__mro__
    if not any(each.__module__.startswith("cdk_epc.") for each in classes[1:]):
        return False
    # A function that only takes such an object as its first argument is a caller like any other.
    return any(
        getattr(getattr(member, "__func__", member), "__code__", None) is code
        for member in (vars(each).get(code.co_name) for each in classes)
    )


@attrs.frozen(eq=False, repr=False)
class SuppliedPart(Record):
    """One part of a resource, as a call supplied it.

    Attributes:
        path: Path of the part in the spec.
        argument: The argument or call, as the caller wrote it; empty where each member of the part
            has its own argument.
        value: The typed value, spec or other object that the caller passed.
        site: The call.
        is_spread: Whether the arguments of the value are arguments of the call itself.
    """

    path: Path
    argument: str
    value: Value | Spec | object
    site: CallSite | None
    is_spread: bool = False

    def contains(self, path: Path) -> bool:
        """Return whether a path leads to this part or into it."""
        return path[: len(self.path)] == self.path

    def label(self, path: Path) -> str:
        """Return a path into this part as the caller would write it."""
        rest = path[len(self.path) :]
        if isinstance(self.value, Value):
            inner = argument_path(self.value, rest)
        elif isinstance(self.value, Spec):
            inner = aws_path(rest, type(self.value))
        else:
            inner = ""
        return self.qualified(inner) or ".".join(map(str, path))

    def qualified(self, inner: str) -> str:
        """Return an argument of the value as the caller would write it."""
        if inner and self.is_spread:
            return inner
        return ".".join(filter(None, (self.argument, inner)))


def find_supplied_part(supplied_parts: Sequence[SuppliedPart], path: Path) -> SuppliedPart | None:
    """Return the part that a path leads into, or else the last part below the path."""
    containing = [part for part in supplied_parts if part.contains(path)]
    if containing:
        return containing[-1]
    below = [part for part in supplied_parts if part.path[: len(path)] == path]
    return below[-1] if below else None


def label_of(supplied_parts: Sequence[SuppliedPart], path: Path, default: str) -> str:
    """Return the label of a path in the part that it leads into, or else the default."""
    part = find_supplied_part(supplied_parts, path)
    return part.label(path) if part is not None and part.contains(path) else default


def python_label(
    spec: Spec, supplied_parts: Sequence[SuppliedPart], path: Path, arguments: Mapping[str, str]
) -> str:
    """Return a path in a spec as the Python code of the caller would write it.

    Args:
        spec: The spec.
        supplied_parts: The parts that calls have supplied.
        path: Path in the spec.
        arguments: Constructor argument of each member. A key with dots is the path of a nested
            member; its argument is used while no call has supplied the nested member.
    """
    part = find_supplied_part(supplied_parts, path)
    if part is None or len(part.path) < len(path):
        nested = arguments.get(".".join(map(str, path)))
        if nested:
            return nested
    head, *rest = path or ("",)  # an empty path is the whole resource
    if head == "tags" and rest:
        tags, index = items_of(getattr(spec, "tags", None)), rest[0]
        tag = tags[index] if isinstance(index, int) and index in range(len(tags)) else None
        return f"tags[{tag.key!r}]" if isinstance(tag, Tag) else f"tags[{index}]"
    if part is not None and part.contains(path):
        return part.label(path)
    argument = arguments.get(str(head)) or str(head)
    return argument + "".join(f"[{s}]" if isinstance(s, int) else f".{s}" for s in rest)
