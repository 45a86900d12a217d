"""Values that are not known at synth, recognised without a call into Node.

CDK encodes a value that only the deployment knows (a token) as an ordinary Python value: a string
that contains ``${Token[``, a huge negative number, a list of one string that starts with
``#{Token[``, or an object with a ``resolve`` method. In a template it is an intrinsic function
whose value the template does not determine; such a value is read as an `Unresolved`.

Rules neither check an unresolved value nor treat it as missing: a token may resolve to
``AWS::NoValue``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from os import PathLike
from typing import Any, Final, TypeGuard, TypeVar

import attrs

from cdk_epc._records import Record

_STRING_MARK = "${Token["
_LIST_MARK = "#{Token["
TOKEN = re.compile(r"\$\{Token\[[^\]]*\]\}")
"""Token in a string."""
_MARK = "{Token["  # part of both, and rare in other strings
# CDK encodes a number token as a double of about -1.888e289, with the first two bytes 0xFBFF; no
# property of SageMaker has such a value. Smaller numbers, such as -inf, are no tokens.
_NUMBER_MARK = -1.8e289
_LAST_NUMBER_MARK = -4e289

SCALAR_TYPES: Final = frozenset({str, int, float, bool, type(None)})
"""Types of scalars. Most values of a document have one, and the look-up is faster than a call."""
_NO_MAPPINGS = SCALAR_TYPES | {list, tuple}

T = TypeVar("T")


@attrs.frozen(eq=False, repr=False)
class Reference(Record):
    """Reference of an expression to a resource.

    Attributes:
        type: CloudFormation type of the resource.
        logical_id: Logical id of the resource.
        attribute: Attribute of ``Fn::GetAtt``; ``None`` for ``Ref``.
        template: Name of the template with the resource, if it is another template.
    """

    type: str
    logical_id: str
    attribute: str | None = None
    template: str | None = None


@attrs.frozen(eq=False)
class Unresolved:
    """Value of a template that only the deployment determines.

    Attributes:
        expression: Expression, as the template writes it.
        refers_to: Referenced resource, if the expression is only a ``Ref`` or ``Fn::GetAtt``.
        parts: Parts of a text that the expression joins: the known ones, and ``None`` for each
            other one; empty for an expression that joins nothing.
        candidates: Values of a mapping of which the expression is one; empty if others are
            possible. For a joined text, those of its first part.
        references: For each unknown part of a joined text, the resource to which it refers, or
            ``None``.
    """

    expression: Any
    refers_to: Reference | None = None
    parts: tuple[str | None, ...] = attrs.field(default=(), repr=False)
    candidates: tuple[str, ...] = attrs.field(default=(), repr=False)
    references: tuple[Reference | None, ...] = attrs.field(default=(), repr=False)


class ReferenceToken(str):
    """Name or ARN of a construct, usually a token; it always resolves to a value."""

    __slots__ = ()


class ImageUri(ReferenceToken):
    """URI of an image, usually a token, with facts that its text does not show.

    Attributes:
        architecture: Architecture of an image that the app builds: ``x86_64`` or ``arm64``.
        is_published: Whether AWS publishes the image.
    """

    __slots__ = ("architecture", "is_published")

    architecture: str | None
    is_published: bool

    @classmethod
    def of(
        cls, uri: str, *, architecture: str | None = None, is_published: bool = False
    ) -> ImageUri:
        """Return a URI with facts."""
        made = cls(uri)
        made.architecture, made.is_published = architecture, is_published
        return made


def is_list(value: object) -> TypeGuard[list[Any] | tuple[Any, ...]]:
    """Return whether the value is a list or a tuple."""
    return isinstance(value, (list, tuple))  # `list | tuple` would create a union at each call


def is_mapping(value: object) -> TypeGuard[Mapping[Any, Any]]:
    """Return whether the value is a mapping."""
    # The check of an abstract class takes much longer than the others.
    return isinstance(value, dict) or (
        type(value) not in _NO_MAPPINGS and isinstance(value, Mapping)
    )


def objects_in(value: object) -> Iterator[Mapping[Any, Any]]:
    """Yield the mappings in a JSON value, at any depth, each before the mappings in it."""
    remaining = [value]
    while remaining:
        each = remaining.pop()
        if type(each) in SCALAR_TYPES:
            continue
        if is_mapping(each):
            yield each
            remaining.extend(each.values())
        elif is_list(each):
            remaining.extend(each)


def is_unresolved(value: object) -> bool:
    """Return whether the value is a token, or a string or list that contains one.

    A list is unresolved only if one of its items is the token of a whole list.
    """
    # The most frequent types come first; an attribute look-up on a mapping would be slow.
    if value is None or isinstance(value, dict):
        return False
    if isinstance(value, str):
        return _MARK in value and (_STRING_MARK in value or value.startswith(_LIST_MARK))
    if isinstance(value, (int, float)):
        return _LAST_NUMBER_MARK < value < _NUMBER_MARK
    if is_list(value):
        # A loop is faster than any(), and this runs hundreds of times for each configuration.
        for item in value:  # noqa: SIM110
            if isinstance(item, str) and item.startswith(_LIST_MARK):
                return True
        return False
    return isinstance(value, Unresolved) or _is_resolvable(value)


def _is_resolvable(value: object) -> bool:
    """Return whether CDK resolves the value; stacks and paths also have a ``resolve`` method."""
    if not hasattr(value, "resolve"):
        return False
    return not isinstance(value, PathLike) and not hasattr(type(value), "node")


def is_resolved(value: T | None) -> TypeGuard[T]:
    """Return whether the value is given and known: neither ``None`` nor unresolved."""
    return value is not None and not is_unresolved(value)


def is_set(value: object) -> bool:
    """Return whether the value is certainly given: it is resolved or refers to a resource.

    The name or ARN of a resource is unknown before the deployment, but it cannot be missing.
    """
    if isinstance(value, ReferenceToken):
        return True
    if isinstance(value, Unresolved):
        return value.refers_to is not None
    return is_resolved(value)


def is_integer(value: object) -> TypeGuard[int]:
    """Return whether the value is a resolved integer; a boolean is none."""
    return isinstance(value, int) and not isinstance(value, bool) and not is_unresolved(value)


def is_number(value: object) -> TypeGuard[float]:
    """Return whether the value is a resolved number; a boolean is none."""
    has_type = isinstance(value, (int, float)) and not isinstance(value, bool)
    return has_type and not is_unresolved(value)


def is_string(value: object) -> TypeGuard[str]:
    """Return whether the value is a resolved string, which may be empty."""
    return isinstance(value, str) and not is_unresolved(value)


def items_of(value: Any) -> tuple[Any, ...]:  # noqa: ANN401 - the value may have a wrong type
    """Return the items of a resolved list; none for ``None``, tokens and other types."""
    if not is_list(value) or is_unresolved(value):
        return ()
    return value if isinstance(value, tuple) else tuple(value)


def known_parts(value: object) -> tuple[str | None, ...]:
    """Return the parts of a text in their order: the known ones, and ``None`` for each other one.

    The result is empty for a value that is no text.
    """
    if isinstance(value, Unresolved):
        return value.parts or (None,)
    if not isinstance(value, str):
        return ()
    return tuple(_token_parts(value)) if is_unresolved(value) else (value,)


def parts_of(value: Unresolved) -> tuple[str | Reference | None, ...]:
    """Return the parts of a text: known ones, references, and ``None`` for each other one."""
    if not value.parts:
        return (value.refers_to,)
    references = iter(value.references)
    return tuple(next(references, None) if part is None else part for part in value.parts)


def _token_parts(text: str) -> Iterator[str | None]:
    end = 0
    for token in TOKEN.finditer(text):
        if end < token.start():
            yield text[end : token.start()]
        yield None
        end = token.end()
    if end < len(text):
        yield text[end:]


def known_start(value: object) -> str:
    """Return the beginning of a text that is known although its rest may be unresolved."""
    parts = known_parts(value)
    return (parts[0] or "") if parts else ""


def known_end(value: object) -> str:
    """Return the end of a text that is known although its beginning may be unresolved."""
    parts = known_parts(value)
    return (parts[-1] or "") if parts else ""
