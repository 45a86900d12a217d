"""Python expressions and statements, and their layout.

The layout is that of ruff and black with their default settings: an expression stays on one line if
it fits, and otherwise each of its items has a line with a trailing comma.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

import attrs

from cdk_epc._records import Record
from cdk_epc.rules.printable import printable

_WIDTH: Final = 88
_INDENT: Final = "    "


@attrs.frozen(eq=False, repr=False)
class Atom(Record):
    """Expression that is never split: a name, a literal or an attribute.

    Attributes:
        text: Source text of the expression.
    """

    text: str


@attrs.frozen(eq=False, repr=False)
class Call(Record):
    """Call of a function.

    Attributes:
        function: Source text of the function.
        arguments: Arguments, each with its keyword or an empty text.
    """

    function: str
    arguments: tuple[tuple[str, Expression], ...] = ()


@attrs.frozen(eq=False, repr=False)
class Listing(Record):
    """List display.

    Attributes:
        items: Items of the list.
    """

    items: tuple[Expression, ...]


@attrs.frozen(eq=False, repr=False)
class Mapped(Record):
    """Dict display.

    Attributes:
        items: Keys and values.
    """

    items: tuple[tuple[str, Expression], ...]


Expression: TypeAlias = Atom | Call | Listing | Mapped


def call(function: str, *arguments: Expression, **keywords: Expression | None) -> Call:
    """Return a call without the keyword arguments that are ``None``."""
    named = [(name, each) for name, each in keywords.items() if each is not None]
    return Call(function, (*(("", each) for each in arguments), *named))


def text_literal(text: str) -> Atom:
    """Return the literal of a text, with the quotes that need fewer escapes."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    return Atom(f"{quote}{''.join(_escaped(each, quote) for each in text)}{quote}")


def _escaped(character: str, quote: str) -> str:
    if character in (quote, "\\"):
        return f"\\{character}"
    if character.isprintable():
        return character
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


def literal(value: object) -> Expression:
    """Return the literal of a text, a number, a boolean or ``None``."""
    if isinstance(value, str):
        return text_literal(value)
    if isinstance(value, float) and not math.isfinite(value):
        return call("float", text_literal(str(value)))
    if value is None or isinstance(value, (bool, int, float)):
        return Atom(repr(value))
    return text_literal(str(value))


def listing(items: Sequence[Expression]) -> Listing:
    """Return a list display."""
    return Listing(tuple(items))


@attrs.frozen(eq=False, repr=False)
class Comment(Record):
    """Comment, wrapped to the width of a line.

    Attributes:
        text: Words of the comment.
    """

    text: str


@attrs.frozen(eq=False, repr=False)
class Statement(Record):
    """Assignment or expression statement.

    Attributes:
        value: Right-hand side, or the expression.
        target: Left-hand side; empty for an expression statement.
    """

    value: Expression
    target: str = ""


@attrs.frozen(eq=False, repr=False)
class Blank(Record):
    """Empty line."""


Line: TypeAlias = Comment | Statement | Blank


def lines_of(lines: Sequence[Line], depth: int) -> Iterator[str]:
    """Yield the source lines of statements, without two empty lines in a row.

    Args:
        lines: Statements, comments and empty lines.
        depth: Depth of the block.
    """
    indent = _INDENT * depth
    is_blank = True
    for each in lines:
        if isinstance(each, Blank):
            if not is_blank:
                yield ""
            is_blank = True
            continue
        is_blank = False
        if isinstance(each, Comment):
            yield from comment_lines(each.text, indent)
        else:
            prefix = f"{each.target} = " if each.target else ""
            yield from _statement_lines(each.value, indent, prefix)


def _statement_lines(value: Expression, indent: str, prefix: str) -> Iterator[str]:
    """Yield the lines of a statement, with parentheses around a long value that has no others."""
    if isinstance(value, Atom) and prefix:
        is_long = len(f"{indent}{prefix}{value.text}") > _WIDTH
        if is_long and len(f"{indent}{_INDENT}{value.text}") <= _WIDTH:
            yield from (f"{indent}{prefix}(", f"{indent}{_INDENT}{value.text}", f"{indent})")
            return
    yield from _rendered(value, indent, prefix, "")


def comment_lines(text: str, indent: str = "") -> Iterator[str]:
    """Yield the lines of a comment; the text cannot end the comment."""
    words = " ".join(printable(text).split())
    width = _WIDTH - len(indent) - 2
    for line in textwrap.wrap(words, width, break_long_words=False, break_on_hyphens=False):
        yield f"{indent}# {line}"


def _flat(value: Expression) -> str:
    if isinstance(value, Atom):
        return value.text
    if isinstance(value, Listing):
        return f"[{', '.join(map(_flat, value.items))}]"
    if isinstance(value, Mapped):
        items = (f"{text_literal(key).text}: {_flat(each)}" for key, each in value.items)
        return f"{{{', '.join(items)}}}"
    arguments = (f"{name}={_flat(each)}" if name else _flat(each) for name, each in value.arguments)
    return f"{value.function}({', '.join(arguments)})"


def _rendered(value: Expression, indent: str, prefix: str, suffix: str) -> Iterator[str]:
    flat = f"{indent}{prefix}{_flat(value)}{suffix}"
    if len(flat) <= _WIDTH or isinstance(value, Atom) or not _items(value):
        yield flat
        return
    opening, closing = _brackets(value)
    yield f"{indent}{prefix}{opening}"
    for name, each in _items(value):
        yield from _rendered(each, indent + _INDENT, name, ",")
    yield f"{indent}{closing}{suffix}"


def _items(value: Call | Listing | Mapped) -> list[tuple[str, Expression]]:
    if isinstance(value, Listing):
        return [("", each) for each in value.items]
    if isinstance(value, Mapped):
        return [(f"{text_literal(key).text}: ", each) for key, each in value.items]
    return [(f"{name}=" if name else "", each) for name, each in value.arguments]


def _brackets(value: Call | Listing | Mapped) -> tuple[str, str]:
    if isinstance(value, Listing):
        return "[", "]"
    return ("{", "}") if isinstance(value, Mapped) else (f"{value.function}(", ")")


def names_in(value: Expression) -> Iterator[str]:
    """Yield the names that an expression begins with, those of its parts included."""
    if isinstance(value, Atom):
        if value.text[:1] not in {'"', "'"}:
            yield from _leading_names(value.text)
        return
    if isinstance(value, Call):
        yield from _leading_names(value.function)
    for _, each in _items(value):
        yield from names_in(each)


def _leading_names(text: str) -> Iterator[str]:
    """Yield the name that a source text begins with, and that of the construct in ``l1(...)``."""
    yield text.partition("(")[0].partition(".")[0]
    if text.startswith("l1("):
        yield text[len("l1(") :].partition(")")[0]
