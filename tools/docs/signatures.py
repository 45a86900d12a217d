"""Signatures of the public names, with the types that the source writes."""

from __future__ import annotations

import ast
import enum
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, cast, is_typeddict

import attrs

import cdk_epc

_PACKAGE: Final = "cdk_epc"
_OWNERS: Final = ("self", "cls")


def signature_of(function: Any, *, in_module: str = "") -> inspect.Signature:  # noqa: ANN401
    """Return the signature without ``self``, each annotation as text.

    A type alias is replaced by its types, because a reader does not know the alias.

    Args:
        function: Function, or class for the signature of its constructor.
        in_module: Module of the annotations; by default that of the function.
    """
    module = in_module or function.__module__
    signature = inspect.signature(function)
    parameters = [
        changed
        for parameter in signature.parameters.values()
        if parameter.name not in _OWNERS
        for changed in _parameters(parameter, module)
    ]
    returned = type_text(signature.return_annotation, module)
    return inspect.Signature(parameters, return_annotation=returned)


def _parameters(parameter: inspect.Parameter, module: str) -> Iterator[inspect.Parameter]:
    """Yield the parameter, or those of a typed dictionary that has no public name."""
    text = type_text(parameter.annotation, module)
    if not text.startswith("Unpack["):
        yield parameter.replace(annotation=text)
        return
    name = text.removeprefix("Unpack[").removesuffix("]")
    options = _named(name, module)
    if name in cdk_epc.__all__ or not is_typeddict(options):
        yield parameter.replace(annotation=name)
        return
    for key, annotation in options.__annotations__.items():
        yield inspect.Parameter(
            key,
            inspect.Parameter.KEYWORD_ONLY,
            default=...,
            annotation=type_text(annotation, options.__module__),
        )


def _named(name: str, module: str) -> Any:  # noqa: ANN401 - any object of a module
    """Return the object of a name that a module defines or imports."""
    origin, original = origin_of(name, module)
    return getattr(import_module(origin), original)


def signature_text(name: str, signature: inspect.Signature, *, has_types: bool = True) -> str:
    """Return a call of a function, with its types or with the names and defaults only."""
    parameters: list[str] = []
    is_keyword_only = False
    for parameter in signature.parameters.values():
        if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
            is_keyword_only = True
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY and not is_keyword_only:
            parameters.append("*")
            is_keyword_only = True
        parameters.append(parameter_text(parameter, has_types=has_types))
    returned = signature.return_annotation
    end = f" -> {returned}" if has_types and returned not in ("", "None") else ""
    return f"{name}({', '.join(parameters)}){end}"


def parameter_text(parameter: inspect.Parameter, *, has_types: bool = True) -> str:
    """Return a parameter as its function declares it."""
    stars = {"VAR_POSITIONAL": "*", "VAR_KEYWORD": "**"}.get(parameter.kind.name, "")
    text = stars + parameter.name
    has_type = has_types and bool(parameter.annotation)
    if has_type:
        text += f": {parameter.annotation}"
    if parameter.default is inspect.Parameter.empty:
        return text
    return f"{text}{' = ' if has_type else '='}{_default_text(parameter.default)}"


def _default_text(default: object) -> str:
    # attrs has this value for a default that a factory makes; an ellipsis marks an optional key.
    if default is ... or default is attrs.NOTHING:
        return "..."
    if isinstance(default, enum.Enum):
        return f"{type(default).__name__}.{default.name}"
    if isinstance(default, tuple):
        items = cast("tuple[object, ...]", default)
        inner = ", ".join(map(_default_text, items))
        return f"({inner},)" if len(items) == 1 else f"({inner})"
    return default.__name__ if isinstance(default, type) else repr(default)


def type_text(annotation: object, module: str) -> str:
    """Return an annotation as text, with the aliases of the package replaced by their types."""
    if annotation is inspect.Signature.empty:
        return ""
    annotation = getattr(annotation, "__forward_arg__", annotation)  # of a typed dictionary
    if not isinstance(annotation, str):
        return "None" if annotation is None else getattr(annotation, "__name__", repr(annotation))
    return ast.unparse(_expanded(annotation, module))


class _Expansion(ast.NodeTransformer):
    """Replacement of type aliases and qualified names in an annotation."""

    def __init__(self, module: str) -> None:
        self._module = module

    def visit_Name(self, node: ast.Name) -> ast.AST:
        module, name = origin_of(node.id, self._module)
        alias = _aliases(module).get(name)
        return node if alias is None else _expanded(alias, module)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        return ast.Name(node.attr)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        """Read an annotation that is quoted once more."""
        if isinstance(node.value, str):
            return _expanded(node.value, self._module)
        return node


def _expanded(annotation: str, module: str) -> ast.expr:
    expression = ast.parse(annotation, mode="eval").body
    return cast("ast.expr", _Expansion(module).visit(expression))


@cache
def _tree(module: str) -> ast.Module:
    found = find_spec(module) if module.startswith(_PACKAGE) else None
    if found is None or found.origin is None:
        return ast.Module([], [])
    return ast.parse(Path(found.origin).read_text(encoding="utf-8"))


@cache
def _imports(module: str) -> Mapping[str, tuple[str, str]]:
    """Return the module and the name behind each name that a module imports from the package."""
    found: dict[str, tuple[str, str]] = {}
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(_PACKAGE):
            for alias in node.names:
                found[alias.asname or alias.name] = (node.module or "", alias.name)
    return found


def origin_of(name: str, module: str) -> tuple[str, str]:
    """Return the module that defines a name, and the name there."""
    origin = (module, name)
    while (further := _imports(origin[0]).get(origin[1])) is not None:
        origin = further
    return origin


@cache
def _aliases(module: str) -> Mapping[str, str]:
    """Return the type aliases of a module."""
    return {
        node.target.id: ast.unparse(node.value)
        for node in ast.walk(_tree(module))
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and ast.unparse(node.annotation) == "TypeAlias"
        and node.value is not None
    }


def documented_constants(cls_or_module: Any) -> Mapping[str, str]:  # noqa: ANN401
    """Return the docstrings below the assignments of a class or a module, by name."""
    body: list[ast.stmt] = ast.parse(textwrap.dedent(inspect.getsource(cls_or_module))).body
    if inspect.isclass(cls_or_module):
        body = next(node for node in body if isinstance(node, ast.ClassDef)).body
    found: dict[str, str] = {}
    for node, following in pairwise(body):
        target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
        if (
            isinstance(target, ast.Name)
            and isinstance(following, ast.Expr)
            and isinstance(following.value, ast.Constant)
        ):
            found[target.id] = inspect.cleandoc(str(following.value.value))
    return found


def instance_annotations(cls: type[Any]) -> Mapping[str, str]:
    """Return the types of the attributes that a constructor sets, as far as it states them.

    The type is that of the assignment, or of the argument that is assigned.
    """
    tree = ast.parse(textwrap.dedent(inspect.getsource(cls)))
    found: dict[str, str] = {}
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef) or function.name != "__init__":
            continue
        arguments = [*function.args.args, *function.args.kwonlyargs]
        types = {each.arg: ast.unparse(each.annotation) for each in arguments if each.annotation}
        for node in ast.walk(function):
            match node:
                case ast.AnnAssign(target=ast.Attribute(attr=name), annotation=annotation):
                    found[name] = ast.unparse(annotation)
                case ast.Assign(
                    targets=[ast.Attribute(attr=name)], value=ast.Name(id=argument)
                ) if argument in types:
                    found[name] = types[argument]
                case _:
                    pass
    return found
