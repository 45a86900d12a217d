"""Pages of the API reference, which autodoc fills from signatures and docstrings."""

from __future__ import annotations

import enum
import inspect
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any, Final, is_typeddict

import attrs

import cdk_epc
from tools.docs.api import own_members
from tools.docs.api_topics import TOPICS, ApiTopic
from tools.docs.markdown import anchor, first_line, generated_by
from tools.docs.signatures import documented_constants, origin_of

FOLDER: Final = "docs/reference"
_PACKAGE: Final = "cdk_epc"
_HEAD: Final = generated_by("site")
_INTRODUCTION: Final = """\
Signatures and docstrings of all public names. [Public names](../api.md) is the same on one page,
with one line for each member. All names of the first table can be imported from `cdk_epc`. The
packages of the second table have further names, for custom rules, tools and checks without CDK.
"""
_TABLE: Final = "| {0} | {1} |\n|---|---|\n"
_NOT_A_LIBRARY: Final = "cdk_epc.cli"
"""Package of the command, whose interface is the command line."""


def generate_reference() -> dict[str, str]:
    """Return the text of each page of the reference by its path in the repository."""
    modules = list(public_modules())
    return {
        f"{FOLDER}/index.md": _index(modules),
        **{f"{FOLDER}/{anchor(topic.title)}.md": _topic_page(topic) for topic in TOPICS},
        **{f"{FOLDER}/{module.__name__}.md": _module_page(module) for module in modules},
    }


def public_modules() -> Iterator[ModuleType]:
    """Yield the packages below `cdk_epc` that list their public names."""
    for found in pkgutil.walk_packages(cdk_epc.__path__, f"{_PACKAGE}."):
        if found.ispkg and found.name != _NOT_A_LIBRARY:
            module = import_module(found.name)
            if getattr(module, "__all__", ()):
                yield module


@cache
def documented_names() -> Mapping[str, tuple[str, ...]]:
    """Return the modules at which each name is documented; `cdk_epc` is the first of them."""
    found = dict.fromkeys(cdk_epc.__all__, (_PACKAGE,))
    for module in public_modules():
        for name in module.__all__:
            if not _is_public(module, name):
                found[name] = (*found.get(name, ()), module.__name__)
    return found


def _index(modules: Iterable[ModuleType]) -> str:
    topics = "".join(
        f"| [{topic.title}]({anchor(topic.title)}.md) | {_codes(topic.names)} |\n"
        for topic in TOPICS
    )
    packages = "".join(
        f"| [`{module.__name__}`]({module.__name__}.md) | {_markdown(first_line(module))} |\n"
        for module in modules
    )
    parts = [
        f"{_HEAD}\n# API reference\n",
        _INTRODUCTION,
        _TABLE.format("Topic", "Names of `cdk_epc`") + topics,
        _TABLE.format("Package", "Contents") + packages,
        _toctree("Topics", (anchor(topic.title) for topic in TOPICS)),
        _toctree("Packages", (module.__name__ for module in modules)),
    ]
    return "\n".join(parts)


def _toctree(caption: str, names: Iterable[str]) -> str:
    lines = "\n".join(names)
    return f"```{{toctree}}\n:hidden:\n:caption: {caption}\n\n{lines}\n```\n"


def _topic_page(topic: ApiTopic) -> str:
    entries = "\n".join(_entry(_PACKAGE, name) for name in topic.names)
    introduction = [f"{topic.introduction}\n"] if topic.introduction else []
    return "\n".join([f"{_HEAD}\n# {topic.title}\n", *introduction, _rst(entries)])


def _module_page(module: ModuleType) -> str:
    name = module.__name__
    public = [each for each in module.__all__ if not inspect.ismodule(getattr(module, each))]
    also = [each for each in public if _is_public(module, each)]
    parts = [f"{_HEAD}\n# {name}\n", _rst(f".. automodule:: {name}\n   :no-members:\n")]
    if also:
        parts.append(f"Names that can also be imported from `cdk_epc`: {_codes(also)}.\n")
    entries = [_entry(name, each) for each in public if each not in also]
    parts.extend([_rst("\n".join(entries))] if entries else [])
    return "\n".join(parts)


def _is_public(module: ModuleType, name: str) -> bool:
    return name in cdk_epc.__all__ and getattr(cdk_epc, name) is getattr(module, name)


def _entry(module: str, name: str) -> str:
    """Return the directive of autodoc for one name."""
    found = getattr(import_module(module), name)
    if inspect.isclass(found):
        kind = "exception" if issubclass(found, BaseException) else "class"
        return f".. auto{kind}:: {module}.{name}\n{''.join(_options(found))}"
    if inspect.isfunction(found):
        return f".. autofunction:: {module}.{name}\n"
    home, own_name = origin_of(name, module)
    described = documented_constants(import_module(home)).get(own_name, "")
    text = "".join(f"   {line}\n" for line in described.splitlines())
    return f".. py:data:: {name}\n   :module: {module}\n\n{text}"


def _options(cls: type[Any]) -> Iterator[str]:
    if issubclass(cls, enum.Enum) or is_typeddict(cls):
        yield "   :members:\n   :undoc-members:\n"
    elif members := [each for each in own_members(cls) if hasattr(cls, each)]:
        yield f"   :members: {', '.join(members)}\n"
    if not attrs.has(cls) and inspect.isfunction(vars(cls).get("__init__")):
        yield "   :class-doc-from: both\n"


def _rst(text: str) -> str:
    return f"```{{eval-rst}}\n{text}```\n"


def _markdown(docstring: str) -> str:
    return docstring.replace("``", "`")


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
