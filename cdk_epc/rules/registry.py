"""Registry of all rules in the order of their findings, and of the packs.

The modules of the rules are imported when a resource of their type is first checked, because the
rules are most of this library. ``RULES``, ``PACKS``, ``PACKED`` and ``DIAGNOSTICS`` import all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

from cdk_epc.rules.rule import CallError, D, Diagnostic, InputError, Profile, Rule
from cdk_epc.spec.collector import import_quickly
from cdk_epc.spec.context import Context, root_of
from cdk_epc.spec.fields import Spec

if TYPE_CHECKING:
    RULES: tuple[Rule, ...]
    """Rules that always apply."""

    PACKS: Mapping[str, tuple[Rule, ...]]
    """Rules that are off by default, by the name of their pack on the command line."""

    PACKED: tuple[Rule, ...]
    """Rules of all packs."""

    DIAGNOSTICS: tuple[Rule | CallError | InputError, ...]
    """Rules, call errors and input errors that apply without a pack."""

_RESOURCES: Final[Mapping[str, str]] = {
    "EndpointConfigSpec": "config",
    "ModelSpec": "model",
    "EndpointSpec": "endpoint",
    "InferenceComponentSpec": "component",
    "AlarmSpec": "alarm",
    "ScalableTargetSpec": "target",
    "ScalingPolicySpec": "policy",
}
"""Word for a type of resource, by the name of its spec, which need not be imported."""

_RULES: Final[Mapping[str, str]] = {
    "fields": "config model endpoint component alarm target policy",
    "variants": "config",
    "traffic": "config",
    "routing": "config",
    "pools": "config",
    "reservations": "config",
    "instances": "config component",
    "volumes": "config",
    "machine_images": "config",
    "serverless": "config",
    "shadow": "config",
    "async_inference": "config",
    "data_capture": "config",
    "inference_components": "config",
    "managed_scaling": "config",
    "partitions": "config",
    "explainer": "config",
    "explainer_input": "config",
    "explainer_output": "config",
    "metrics": "config",
    "ssm": "config",
    "tags": "config model endpoint component",
    "naming": "config model endpoint",
    "reference_values": "config model endpoint component",
    "models": "config model",
    "model_sources": "model",
    "artifacts": "model",
    "artifact_regions": "config model component",
    "arn_regions": "config model",
    "algorithms": "config model component",
    "environment": "model component",
    "hub_models": "model component",
    "model_servers": "model component",
    "images": "config model component",
    "image_names": "model component",
    "multi_model_images": "model",
    "config_context": "config",
    "image_hardware": "config component",
    "image_tags": "model component",
    "image_cuda": "config component",
    "role_trust": "config model",
    "model_permissions": "config model component",
    "object_permissions": "model component",
    "role_permissions": "config endpoint",
    "network": "model",
    "scalable_resources": "target",
    "scaling": "target",
    "scaling_to_zero": "target",
    "scalable_dimensions": "target",
    "schedules": "target",
    "scaling_policy_forms": "policy",
    "scaling_policies": "policy",
    "scaling_metric_names": "policy",
    "scaling_steps": "policy",
    "deployments": "endpoint",
    "components": "component",
    "adapters": "component",
    "component_updates": "component",
    "component_context": "component",
    "component_capacity": "component",
    "environment_hardware": "config component",
    "endpoints": "endpoint",
    "retained_properties": "endpoint",
    "stack_exports": "config endpoint component",
    "creation_order": "endpoint component target policy",
    "alarms": "endpoint component alarm",
    "alarm_metrics": "alarm",
    "alarm_endpoints": "alarm",
    "alarm_forms": "alarm",
    "alarm_actions": "alarm",
}
"""Types of resources that the rules of each module are about, in the order of the findings."""

_PACKS: Final[Mapping[str, str]] = {"security": "SECURITY_CONTROLS", "pedantic": "PEDANTIC_RULES"}
"""Name of the rules in the module of each pack."""


def _module(name: str) -> ModuleType:
    return import_quickly(f"cdk_epc.rules.{name}")


def _rules_in(names: Iterator[str]) -> tuple[Rule, ...]:
    return tuple(rule for name in names for rule in _module(name).RULES)


def rules_of(spec: type[Spec]) -> tuple[Rule, ...]:
    """Return the rules about a type of resource, in the order of their findings.

    Args:
        spec: Class of the spec of these resources. Rules about their contexts are included.
    """
    return _rules_of(spec.__name__)


@cache
def _rules_of(spec: str) -> tuple[Rule, ...]:
    resource = _RESOURCES[spec]
    return tuple(
        rule
        for rule in _rules_in(name for name, about in _RULES.items() if resource in about.split())
        if any(root_of(each).__name__ == spec for each in rule.about)
    )


@cache
def other_diagnostics() -> tuple[CallError | InputError, ...]:
    """Return the call errors and input errors."""
    return (
        *_module("requests").INPUT_ERRORS,
        *_module("call_errors").CALL_ERRORS,
        *_module("app_names").INPUT_ERRORS,
        *_module("acknowledgements").INPUT_ERRORS,
    )


class DiagnosticsById(Mapping[str, Diagnostic]):
    """All diagnostics by id, with the severities of a profile.

    The modules of the rules are imported when a rule is missing, or when all are listed.
    """

    def __init__(self, profile: Profile) -> None:
        """Create the mapping."""
        self._profile = profile
        self._known: dict[str, Diagnostic] = {}
        self._is_complete = False
        self.add(other_diagnostics())

    def add(self, diagnostics: Iterable[D]) -> tuple[D, ...]:
        """Add diagnostics, and return them with the severities of the profile."""
        applied = self._profile.apply(diagnostics)
        self._known.update((each.id, each) for each in applied)
        return applied

    def _every(self) -> dict[str, Diagnostic]:
        if not self._is_complete:
            self._known = {}
            self.add(_diagnostics())
            self._is_complete = True
        return self._known

    def __getitem__(self, id_: str) -> Diagnostic:
        """Return the diagnostic with an id."""
        known = self._known.get(id_)
        return self._every()[id_] if known is None else known

    def __iter__(self) -> Iterator[str]:
        """Iterate over the ids of all diagnostics."""
        return iter(self._every())

    def __len__(self) -> int:
        """Return the number of all diagnostics."""
        return len(self._every())


class RulesBySubject(Mapping[type, tuple[Rule, ...]]):
    """Rules that always apply, by type of subject; imported when the type is first asked for."""

    def __init__(self, by_id: DiagnosticsById, *, of_templates: bool) -> None:
        """Create the mapping.

        Args:
            by_id: Mapping to which the rules are added.
            of_templates: Whether rules that hold only for templates are included.
        """
        self._by_id = by_id
        self._of_templates = of_templates
        self._found: dict[type, tuple[Rule, ...]] = {}

    def __getitem__(self, subject_type: type) -> tuple[Rule, ...]:
        """Return the rules about a type of subject."""
        if subject_type not in self._found:
            self._found[subject_type] = tuple(
                rule
                for rule in self._by_id.add(rules_of(root_of(subject_type)))
                if subject_type in rule.about and (self._of_templates or not rule.of_templates)
            )
        return self._found[subject_type]

    def __contains__(self, subject_type: object) -> bool:
        """Return whether there are rules about a type of subject."""
        return isinstance(subject_type, type) and issubclass(subject_type, (Spec, Context))

    def __iter__(self) -> Iterator[type]:
        """Iterate over the types of subjects."""
        from cdk_epc.spec.context import ROOTS  # noqa: PLC0415 - imports all types of subjects

        return iter(ROOTS)

    def __len__(self) -> int:
        """Return the number of types of subjects."""
        return sum(1 for _ in self)


def modules() -> list[ModuleType]:
    """Return all modules with rules, call errors or input errors that apply without a pack."""
    others = ("requests", "call_errors", "app_names", "acknowledgements")
    return [_module(name) for name in (*_RULES, *others)]


def pack_of(diagnostic: Diagnostic) -> str | None:
    """Return the name of the pack of a rule, if the rule is in one."""
    packs = _packs()
    return next((name for name, rules in packs.items() if diagnostic in rules), None)


def _rules() -> tuple[Rule, ...]:
    return _rules_in(iter(_RULES))


@cache
def _packs() -> Mapping[str, tuple[Rule, ...]]:
    return {name: getattr(_module(name), rules) for name, rules in _PACKS.items()}


def _packed() -> tuple[Rule, ...]:
    return tuple(rule for pack in _packs().values() for rule in pack)


def _diagnostics() -> tuple[Rule | CallError | InputError, ...]:
    return (
        *_module("requests").INPUT_ERRORS,
        *_module("call_errors").CALL_ERRORS,
        *_rules(),
        *_module("app_names").INPUT_ERRORS,
        *_module("acknowledgements").INPUT_ERRORS,
    )


_LISTS: Final[Mapping[str, Callable[[], Any]]] = {
    "RULES": _rules,
    "PACKS": _packs,
    "PACKED": _packed,
    "DIAGNOSTICS": _diagnostics,
}
"""Function that returns each list of all rules."""


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the type checkers read the declarations above
    if name not in _LISTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = _LISTS[name]()
    return value
