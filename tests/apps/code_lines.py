"""Lines of code of an app, and of the same resources as L1 constructs.

The L1 code has a statement for each resource that the library creates, with dictionaries for nested
properties. A resource or an item of a list that differs from another one only in its texts and
numbers counts as one line, that of a table for a loop. A line has 100 characters at most; an
expression that does not fit has one line for each of its parts, as formatters write it.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

_WIDTH: Final = 100
_SERVICES: Final = ("AWS::SageMaker::", "AWS::ApplicationAutoScaling::", "AWS::CloudWatch::")
_TYPES: Final = {"AWS::IAM::Policy", "AWS::EC2::SecurityGroup"}


def lines_of_app(file: Path) -> int:
    """Return the number of lines of a module without imports, docstrings and blank lines."""
    text = file.read_text("utf-8")
    lines = {number for number, line in enumerate(text.splitlines(), 1) if line.strip()}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import | ast.ImportFrom) or _is_text_or_block_of_imports(node):
            lines -= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return len(lines)


def _is_text_or_block_of_imports(node: ast.AST) -> bool:
    if isinstance(node, ast.If):
        return ast.unparse(node.test) == "TYPE_CHECKING"
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def lines_as_l1(template: Mapping[str, Any]) -> int:
    """Return the number of lines of L1 code for the resources that the library creates."""
    forms: set[str] = set()
    lines = 0
    for id_, resource in template["Resources"].items():
        if _is_of_library(resource):
            form = json.dumps(_form(resource))
            lines += 1 if form in forms else len(list(_call(id_, resource)))
            forms.add(form)
    return lines


def _form(value: Any) -> Any:
    """Return a value without its texts and numbers, which a loop over a table would have."""
    if isinstance(value, list):
        return [_form(each) for each in value]
    if isinstance(value, dict):
        return {key: None if _is_function(value) else _form(value[key]) for key in value}
    return None


def _is_of_library(resource: Mapping[str, Any]) -> bool:
    if resource["Type"] == "AWS::IAM::Role":
        return "sagemaker.amazonaws.com" in json.dumps(resource)
    return resource["Type"].startswith(_SERVICES) or resource["Type"] in _TYPES


def _call(id_: str, resource: Mapping[str, Any]) -> Iterator[str]:
    properties = resource.get("Properties", {})
    parts = [("self", ""), (json.dumps(id_), ""), *((f"{n}=", v) for n, v in properties.items())]
    name = f"x = Cfn{resource['Type'].rpartition('::')[2]}"
    inline = ", ".join(f"{key}{_inline(value) if value != '' else ''}" for key, value in parts)
    if len(name) + len(inline) + 2 <= _WIDTH:
        yield f"{name}({inline})"
        return
    yield f"{name}("
    for key, value in parts:
        yield from [key] if value == "" else _block(key, value, 4)
    yield ")"


def _block(prefix: str, value: Any, indent: int) -> Iterator[str]:
    inline = _inline(value)
    is_splittable = isinstance(value, list) or (isinstance(value, dict) and not _is_function(value))
    if indent + len(prefix) + len(inline) + 1 <= _WIDTH or not is_splittable:
        yield f"{prefix}{inline},"
        return
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    yield f"{prefix}{opening}"
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _block(f'"{key}": ', each, indent + 4)
    else:
        forms: set[str] = set()
        for each in value:
            form = json.dumps(_form(each))
            lines = list(_block("", each, indent + 4))
            yield from lines[:1] if form in forms else lines
            forms.add(form)
    yield f"{closing},"


def _inline(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_inline, value))}]"
    if not isinstance(value, dict):
        return json.dumps(value)
    if _is_function(value):
        return _reference(value)
    return "{" + ", ".join(f'"{key}": {_inline(each)}' for key, each in value.items()) + "}"


def _is_function(value: Mapping[str, Any]) -> bool:
    return len(value) == 1 and next(iter(value)).startswith(("Ref", "Fn::"))


def _reference(value: Mapping[str, Any]) -> str:
    """Return an f-string for a text with references, and a short name for any other reference."""
    if "Fn::Join" in value:
        parts = value["Fn::Join"][1]
        return f'f"{"".join(each if isinstance(each, str) else "{model.ref}" for each in parts)}"'
    return "model.ref"
