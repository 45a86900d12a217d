"""Rules by topic; each module of rules is a topic."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import Final

import attrs

from cdk_epc.rules import Diagnostic, registry, update_registry
from cdk_epc.rules import pedantic as pedantic_rules
from cdk_epc.rules import security as security_rules
from cdk_epc.rules.registry import PACKS
from tools.errors import ToolError

_TITLES: Final = {
    "image_cuda": "Images and CUDA",
    "image_hardware": "Images and hardware",
    "multi_model_images": "Multi-model images",
    "ssm": "SSM access",
}
"""Titles that are not the name of the module."""


@attrs.frozen
class Topic:
    """Rules of one module.

    Attributes:
        name: Name of the module, and of the examples file.
        title: The same in words.
        summary: First line of the docstring of the module.
        rules: Rules of the module, in the order of their findings.
        pack: Name of the pack of the rules; ``None`` if they always apply.
        is_of_updates: Whether the rules compare an old and a new template.
    """

    name: str
    title: str
    summary: str
    rules: tuple[Diagnostic, ...]
    pack: str | None = None
    is_of_updates: bool = False


def topics() -> list[Topic]:
    """Return all topics in the order of the registry, packs and updates last.

    Raises:
        ToolError: A rule of the registry is in none of its modules.
    """
    found = sorted(_topics(), key=lambda topic: registry.DIAGNOSTICS.index(topic.rules[0]))
    listed = [rule.id for topic in found for rule in topic.rules]
    if listed != [rule.id for rule in registry.DIAGNOSTICS]:
        raise ToolError("the RULES of the modules are not those of the registry, in their order")
    return [*found, *_packs(), *_updates()]


def _updates() -> Iterator[Topic]:
    for module in vars(update_registry).values():
        if isinstance(module, ModuleType):
            yield attrs.evolve(_topic(module, vars(module)["RULES"]), is_of_updates=True)


def _packs() -> Iterator[Topic]:
    modules = {"security": security_rules, "pedantic": pedantic_rules}
    if modules.keys() != PACKS.keys():
        raise ToolError("tools/docs/topics.py does not list the module of each pack")
    for name, rules in PACKS.items():
        yield _topic(modules[name], rules, pack=name)


def _topics() -> Iterator[Topic]:
    for module in registry.modules():
        for name in ("RULES", "CALL_ERRORS", "INPUT_ERRORS"):
            if listed := vars(module).get(name):
                yield _topic(module, listed)


def _topic(module: ModuleType, rules: Iterable[Diagnostic], pack: str | None = None) -> Topic:
    name = module.__name__.rpartition(".")[2]
    title = _TITLES.get(name, name.replace("_", " ").capitalize())
    summary = inspect.cleandoc(module.__doc__ or "").partition("\n")[0]
    return Topic(name, title, summary, tuple(rules), pack)
