"""The rules by topic: each module of rules is one."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from types import ModuleType

import attrs

from cdk_epc.rules import Diagnostic, registry
from cdk_epc.rules import security as security_rules
from cdk_epc.rules.registry import PACKS
from tools.errors import ToolError


@attrs.frozen
class Topic:
    """The rules of one module.

    Attributes:
        title: Its name in words.
        summary: What it holds, the first line of its docstring.
        rules: Its rules, in the order of their findings.
        pack: The name of the pack that they are; ``None`` if they always apply.
    """

    title: str
    summary: str
    rules: tuple[Diagnostic, ...]
    pack: str | None = None


def topics() -> list[Topic]:
    """All rules, each once, in the order of the registry, those of packs last.

    Raises:
        ToolError: A rule of the registry is in none of its modules.
    """
    found = sorted(_topics(), key=lambda topic: registry.DIAGNOSTICS.index(topic.rules[0]))
    listed = [rule.id for topic in found for rule in topic.rules]
    if listed != [rule.id for rule in registry.DIAGNOSTICS]:
        raise ToolError("the RULES of the modules are not those of the registry, in their order")
    return [*found, *_packs()]


def _packs() -> Iterator[Topic]:
    modules = {"security": security_rules}
    if modules.keys() != PACKS.keys():
        raise ToolError("a pack has no module here that says what it holds")
    for name, rules in PACKS.items():
        yield _topic(modules[name], rules, pack=name)


def _topics() -> Iterator[Topic]:
    for module in vars(registry).values():
        if isinstance(module, ModuleType):
            for name in ("RULES", "CALL_ERRORS", "INPUT_ERRORS"):
                if listed := vars(module).get(name):
                    yield _topic(module, listed)


def _topic(module: ModuleType, rules: Iterable[Diagnostic], pack: str | None = None) -> Topic:
    name = module.__name__.rpartition(".")[2]
    summary = inspect.cleandoc(module.__doc__ or "").partition("\n")[0]
    return Topic(name.replace("_", " ").capitalize(), summary, tuple(rules), pack)
