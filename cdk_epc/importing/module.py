"""Generation of a Python module, with a class for each stack of a source."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import attrs

from cdk_epc.importing.names import UniqueNames, pascal_case
from cdk_epc.importing.source import SourceStack
from cdk_epc.importing.stack import Options, StackBody
from cdk_epc.importing.syntax import (
    Atom,
    Blank,
    Line,
    Statement,
    call,
    comment_lines,
    lines_of,
    names_in,
    text_literal,
)

_WIDTH: Final = 88
_HELPER: Final = '''\
def l1(construct: Construct) -> cdk.CfnResource:
    """Return the CloudFormation resource of a construct."""
    resource = construct.node.default_child
    assert isinstance(resource, cdk.CfnResource)
    return resource
'''


def generate(stacks: Sequence[SourceStack], options: Options | None = None) -> str:
    """Return the source of a module.

    Args:
        stacks: The stacks.
        options: Options of the generation.

    Raises:
        UnusableSourceError: CDK cannot express a part of a source.
    """
    names = UniqueNames()
    classes: list[tuple[str, SourceStack, list[Line]]] = []
    for source in stacks:
        body = StackBody(source, options or Options())
        stem = pascal_case(source.name, "Imported")
        name = names.new(stem if stem.endswith("Stack") else f"{stem}Stack", "")
        classes.append((name, source, list(_lines(body))))
    used = {name for _, _, lines in classes for name in _names(lines)}
    text = "\n".join(_module(classes, used))
    return f"{text}\n"


def _module(
    classes: Sequence[tuple[str, SourceStack, list[Line]]], used: set[str]
) -> Iterator[str]:
    for _, source, _ in classes:
        yield from comment_lines(f"Imported by cdk-epc from {source.origin}.")
        for note in source.notes:
            # JSON keeps its lines, so that it can be copied; it has no other line breaks.
            is_json = note.startswith("{")
            yield from (
                (f"# {each}" for each in note.split("\n")) if is_json else comment_lines(note)
            )
    yield ""
    yield from ("from typing import Any", "", "import aws_cdk as cdk")
    if imported := sorted(filter(_is_of_library, used)):
        yield from _import(imported)
    yield "from constructs import Construct"
    yield ""
    yield ""
    if "l1" in used:
        yield from _HELPER.splitlines()
        yield from ("", "")
    for name, _, lines in classes:
        yield from _class(name, lines)
        yield from ("", "")
    yield 'if __name__ == "__main__":'
    yield from lines_of(list(_app(classes)), 1)


def _class(name: str, lines: Sequence[Line]) -> Iterator[str]:
    yield f"class {name}(cdk.Stack):"
    yield '    """Resources of an endpoint."""'
    yield ""
    yield "    def __init__(self, scope: Construct, construct_id: str, **kwargs: Any) -> None:"
    yield "        super().__init__(scope, construct_id, **kwargs)"
    yield ""
    body = list(lines_of(lines, 2))
    while body and not body[-1]:
        body.pop()
    yield from body


def _app(classes: Iterable[tuple[str, SourceStack, list[Line]]]) -> Iterator[Line]:
    yield Statement(call("cdk.App"), "app")
    for name, source, _ in classes:
        env = None
        if source.account is not None or source.region is not None:
            env = call(
                "cdk.Environment",
                account=None if source.account is None else text_literal(source.account),
                region=None if source.region is None else text_literal(source.region),
            )
        construct_id = pascal_case(source.name, "Imported")
        if source.is_template and _is_stack_name(source.name):
            construct_id = source.name
        yield Statement(call(name, Atom("app"), text_literal(construct_id), env=env))
    yield Statement(call("app.synth"))


def _is_stack_name(name: str) -> bool:
    return name[:1].isalpha() and name.isascii() and name.replace("-", "").isalnum()


def _is_of_library(name: str) -> bool:
    """Return whether this library has a name: variables and modules are in lower case."""
    return name[:1].isupper() and not keyword.iskeyword(name)


def _import(names: Sequence[str]) -> Iterator[str]:
    line = f"from cdk_epc import {', '.join(names)}"
    if len(line) <= _WIDTH:
        yield line
        return
    yield "from cdk_epc import ("
    yield from (f"    {name}," for name in names)
    yield ")"


def _lines(body: StackBody) -> Iterator[Line]:
    """Yield the lines of a stack, without variables that no other line uses."""
    used = set(_names([line for group in body.groups for line in group]))
    for group in body.groups:
        for line in group:
            if isinstance(line, Statement) and line.target.isidentifier():
                is_used = line.target in used
                yield line if is_used else attrs.evolve(line, target="")
            else:
                yield line
        yield Blank()


def _names(lines: Iterable[Line]) -> Iterator[str]:
    for line in lines:
        if isinstance(line, Statement):
            yield from names_in(line.value)
            if not line.target.isidentifier():
                yield from names_in(Atom(line.target))
