"""The rules by topic: each module of rules is one."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from types import ModuleType

import attrs

from cdk_epc.rules import Rule, registry
from tools.errors import ToolError


@attrs.frozen
class Topic:
    """The rules of one module.

    Attributes:
        title: Its name in words.
        summary: What it holds, the first line of its docstring.
        rules: Its rules, in the order of their findings.
    """

    title: str
    summary: str
    rules: tuple[Rule, ...]


def topics() -> list[Topic]:
    """All rules, each once, in the order of the registry.

    Raises:
        ToolError: A rule of the registry is in none of its modules.
    """
    found = sorted(_topics(), key=lambda topic: registry.RULES.index(topic.rules[0]))
    listed = [rule.id for topic in found for rule in topic.rules]
    if listed != [rule.id for rule in registry.RULES]:
        raise ToolError("the RULES of the modules are not those of the registry, in their order")
    return found


def _topics() -> Iterator[Topic]:
    for module in vars(registry).values():
        if isinstance(module, ModuleType) and (rules := vars(module).get("RULES")):
            name = module.__name__.rpartition(".")[2]
            summary = inspect.cleandoc(module.__doc__ or "").partition("\n")[0]
            yield Topic(name.replace("_", " ").capitalize(), summary, tuple(rules))
