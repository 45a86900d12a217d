"""Rules by topic; each module of rules is a topic."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Final

import attrs

from cdk_epc.rules import Diagnostic, registry, update_registry
from cdk_epc.rules import pedantic as pedantic_rules
from cdk_epc.rules import security as security_rules
from cdk_epc.rules.registry import PACKS
from tools.docs.markdown import first_line
from tools.errors import ToolError

_TITLES: Final = {
    "image_cuda": "Images and CUDA",
    "image_hardware": "Images and hardware",
    "multi_model_images": "Multi-model images",
    "ssm": "SSM access",
}
"""Titles that are not the name of the module."""
_TOPICS_OF_GUIDES: Final = {
    "async-inference": "async_inference",
    "autoscaling": "scalable_resources scaling scaling_to_zero scalable_dimensions schedules "
    "scaling_policy_forms scaling_policies scaling_steps",
    "changing": "component_updates stack_exports endpoint_updates fleet_updates replacements "
    "resource_moves",
    "checks": "requests fields partitions security pedantic",
    "deployments": "deployments retained_properties",
    "endpoint": "config_context endpoints creation_order app_names",
    "endpoint-does-not-start": "role_trust model_permissions role_permissions network "
    "environment_hardware image_hardware image_cuda artifact_regions",
    "features": "data_capture explainer explainer_input explainer_output metrics ssm tags naming",
    "images": "images image_tags multi_model_images machine_images",
    "inference-components": "inference_components components adapters component_context",
    "models": "models model_sources artifacts algorithms environment hub_models",
    "monitoring": "alarms alarm_metrics alarm_endpoints alarm_forms alarm_actions",
    "variants": "variants traffic routing pools reservations instances volumes serverless shadow "
    "managed_scaling",
}
"""Names of the topics that each guide of `docs` is about."""
_GUIDES: Final = {
    name: guide for guide, names in _TOPICS_OF_GUIDES.items() for name in names.split()
}
_GUIDE: Final = "findings"
"""Guide to the topics without one of their own."""
_DOCS: Final = Path(__file__).resolve().parents[2] / "docs"


def guide_title(guide: str) -> str:
    """Return the heading of a guide."""
    heading = (_DOCS / f"{guide}.md").read_text("utf-8").partition("\n")[0]
    return heading.removeprefix("# ")


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

    @property
    def guide(self) -> str:
        """Name of the guide to the topic."""
        return _GUIDES.get(self.name, _GUIDE)


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
    for module in sorted(update_registry.MODULES, key=lambda each: each.__name__):
        yield attrs.evolve(_topic(module, module.RULES), is_of_updates=True)


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
    return Topic(name, title, first_line(module), tuple(rules), pack)
