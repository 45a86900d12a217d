"""Semantic comparison of resources: the properties that an update changes, and replacements."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Mapping
from typing import Any, Final

import attrs

from cdk_epc._records import Record
from cdk_epc.catalog.replacements import create_only_properties
from cdk_epc.spec.fields import Path
from cdk_epc.spec.unresolved import Unresolved, is_list, is_mapping, objects_in
from cdk_epc.templates.conditions import is_deployed
from cdk_epc.templates.expressions import (
    MAX_DEPTH,
    canonical_key,
    is_scalar,
    names_in,
    to_text,
)
from cdk_epc.templates.intrinsics import scenario_of
from cdk_epc.templates.references import ResourceKey, properties_of
from cdk_epc.templates.scenarios import Evaluation, Scenario
from cdk_epc.templates.template import Template
from cdk_epc.updates.pairs import Pairs

_DEFAULTS: Final[Mapping[str, Any]] = {
    "EnableNetworkIsolation": False,
    "EnableSSMAccess": False,
    "InitialVariantWeight": 1,
    "Mode": "SingleModel",
    "ModelCacheSetting": "Enabled",
    "RepositoryAccessMode": "Platform",
}
"""Values that SageMaker uses for a missing member, by the name of the member.

Source: CreateEndpointConfig and CreateModel in the API reference.
"""
_GENERATED: Final = frozenset({"EndpointName", "EndpointConfigName", "ModelName"})
"""Names that CloudFormation generates where a template has none."""
_UNDESCRIBED: Final = frozenset(
    {
        "DeploymentConfig",
        "ExcludeRetainedVariantProperties",
        "RetainAllVariantProperties",
        "RetainDeploymentConfig",
        "Tags",
    }
)
"""Properties that no description has, or only after an update."""
_NESTED_STACK: Final = "AWS::CloudFormation::Stack"
IMPORT: Final = "Fn::ImportValue"
STACK_OUTPUT: Final = "Fn::GetStackOutput"
_SECTIONS: Final = ("Parameters", "Conditions", "Mappings", "Rules")
_DELETING: Final = (None, "Delete", "Snapshot")
"""Values of DeletionPolicy and UpdateReplacePolicy with which CloudFormation deletes a resource."""
_MISSING: Final = object()


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Change(Record):
    """Value that an update changes.

    Attributes:
        path: Path of the value in the properties of the resource, in AWS's names.
        old: Value before the update; ``None`` if it is missing.
        new: Value after the update; ``None`` if it is missing.
        is_default: Whether the values are equal, because one of the two is an explicit default.
        cause: Replaced resource to which the value refers; ``None`` if the value itself differs.
    """

    path: Path
    old: Any
    new: Any
    is_default: bool = False
    cause: ResourceKey | None = None

    @property
    def name(self) -> str:
        """Path as text: ``ProductionVariants[0].ModelName``."""
        text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.path)
        return text.removeprefix(".")


class Comparison:
    """Comparison of two apps in one scenario of each."""

    def __init__(
        self, pairs: Pairs, old: Scenario | None = None, new: Scenario | None = None
    ) -> None:
        """Compare two apps.

        Args:
            pairs: The apps with their pairs.
            old: Scenario of the old app; by default the first one.
            new: Scenario of the new app; by default the first one.
        """
        self.pairs = pairs
        self._old = old or scenario_of(pairs.old)
        self._new = new or scenario_of(pairs.new)
        self._changes: dict[ResourceKey, tuple[Change, ...]] = {}
        self._in_progress: set[ResourceKey] = set()
        self._has_equal_sections: dict[int, bool] = {}

    def old_evaluation(self, index: int) -> Evaluation:
        """Return the evaluation of an old template."""
        return Evaluation(self._old, self.pairs.old.templates[index])

    def new_evaluation(self, index: int) -> Evaluation:
        """Return the evaluation of a new template."""
        return Evaluation(self._new, self.pairs.new.templates[index])

    def is_in_old(self, key: ResourceKey) -> bool:
        """Return whether an old resource is deployed."""
        return is_deployed(self.old_evaluation(key[0]), key[1])

    def is_in_new(self, key: ResourceKey) -> bool:
        """Return whether a new resource is deployed."""
        return is_deployed(self.new_evaluation(key[0]), key[1])

    def updated(self, key: ResourceKey) -> ResourceKey | None:
        """Return the old resource that becomes a new one; ``None`` if one is not deployed."""
        old = self.pairs.old_of(key)
        return old if old and self.is_in_old(old) and self.is_in_new(key) else None

    def remaining(self, key: ResourceKey) -> ResourceKey | None:
        """Return the new resource of an old one; ``None`` if the update removes it."""
        new = self.pairs.new_of(key)
        return new if new and self.is_in_new(new) else None

    def is_deleted(self, key: ResourceKey) -> bool:
        """Return whether the update removes an old resource that its template does not retain."""
        resource = self.pairs.old.templates[key[0]].resources[key[1]]
        return self.remaining(key) is None and resource.get("DeletionPolicy") in _DELETING

    def changes(self, key: ResourceKey) -> tuple[Change, ...]:
        """Return the changed properties of a new resource; none if the old app lacks it."""
        if key not in self._changes:
            # CloudFormation refuses a circular reference, and no app has such long chains.
            if key in self._in_progress or len(self._in_progress) > MAX_DEPTH:
                return ()
            self._in_progress.add(key)
            self._changes[key] = tuple(self._compare(key))
            self._in_progress.discard(key)
        return self._changes[key]

    def replacing(self, key: ResourceKey) -> tuple[Change, ...]:
        """Return the changes for which CloudFormation replaces a resource."""
        type_ = self.pairs.new.templates[key[0]].resources[key[1]]["Type"]
        properties = create_only_properties().get(type_)
        if not properties:
            return ()
        return tuple(each for each in self.changes(key) if each.path[0] in properties)

    def deletes_old(self, key: ResourceKey) -> bool:
        """Return whether CloudFormation replaces a resource and deletes the old one."""
        resource = self.pairs.new.templates[key[0]].resources[key[1]]
        return bool(self.replacing(key)) and resource.get("UpdateReplacePolicy") in _DELETING

    def _compare(self, key: ResourceKey) -> Iterator[Change]:
        old_key = self.updated(key)
        if old_key is None:
            return
        old, new = self.old_evaluation(old_key[0]), self.new_evaluation(key[0])
        before = old.template.raw_properties(old_key[1])
        after = new.template.raw_properties(key[1])
        if _is_same_json(before, after) and self._is_unaffected(old.template, new.template, after):
            return
        left, right = properties_of(old, old_key[1]), properties_of(new, key[1])
        if not is_mapping(left) or not is_mapping(right):
            return  # all properties are the result of one function, so that nothing is known
        for name in dict.fromkeys((*left, *right)):
            yield from self._values(
                _Sides(old, new), left.get(name, _MISSING), right.get(name, _MISSING), (name,)
            )

    def _is_unaffected(self, old: Template, new: Template, node: object) -> bool:
        """Return whether equal expressions certainly have equal values in both templates."""
        if new.index not in self._has_equal_sections:
            self._has_equal_sections[new.index] = all(
                _is_same_json(old.section(name), new.section(name)) for name in _SECTIONS
            )
        if not self._has_equal_sections[new.index]:
            return False
        for function, name in names_in(node):
            if function in {IMPORT, STACK_OUTPUT}:
                return False
            if name in new.resources:
                type_ = new.resources[name]["Type"]
                if type_ == _NESTED_STACK or self._is_new_or_replaced(old, new, name):
                    return False
            elif name in new.parameters and new.index in self.pairs.new.nested_stacks:
                return False
        return True

    def _is_new_or_replaced(self, old: Template, new: Template, logical_id: str) -> bool:
        return logical_id not in old.resources or bool(self.replacing((new.index, logical_id)))

    def _values(self, sides: _Sides, old: Any, new: Any, path: Path) -> Iterator[Change]:  # noqa: ANN401 - JSON
        """Yield the changes between two evaluated values."""
        if old is _MISSING or new is _MISSING:
            yield from self._missing(old, new, path)
        elif isinstance(old, Unresolved) or isinstance(new, Unresolved):
            yield from self._unresolved(sides, old, new, path)
        elif path == ("Tags",):
            if _tags(old) != _tags(new):
                yield Change(path=path, old=old, new=new)
        elif is_mapping(old) and is_mapping(new):
            for name in dict.fromkeys((*old, *new)):
                child = (*path, name)
                left, right = old.get(name, _MISSING), new.get(name, _MISSING)
                yield from self._values(sides, left, right, child)
        elif is_list(old) and is_list(new) and len(old) == len(new):
            for index, (left, right) in enumerate(zip(old, new, strict=True)):
                yield from self._values(sides, left, right, (*path, index))
        elif not _are_equal(old, new, path):
            yield Change(path=path, old=old, new=new)

    def _missing(self, old: Any, new: Any, path: Path) -> Iterator[Change]:  # noqa: ANN401 - JSON
        given = new if old is _MISSING else old
        if given is None or (path == ("Tags",) and not given):
            return
        name = path[-1]
        if self.pairs.is_described and (
            (new is _MISSING and name in _GENERATED) or (old is _MISSING and name in _UNDESCRIBED)
        ):
            return
        is_default = name in _DEFAULTS and _are_equal(given, _DEFAULTS[str(name)], path)
        if self.pairs.is_described and (is_default or given in ({}, [])):
            return  # the service adds defaults to its descriptions
        left, right = (None if each is _MISSING else each for each in (old, new))
        yield Change(path=path, old=left, new=right, is_default=is_default)

    def _unresolved(self, sides: _Sides, old: Any, new: Any, path: Path) -> Iterator[Change]:  # noqa: ANN401 - JSON
        if isinstance(old, Unresolved) and isinstance(new, Unresolved):
            is_equal, cause = self._same(sides, old, new)
            if not is_equal:
                yield Change(path=path, old=old, new=new, cause=cause)
            return
        if not self.pairs.is_described:
            yield Change(path=path, old=old, new=new)
            return
        # A description has the name to which a reference has resolved.
        resource = referenced_key(sides.new, new)
        if resource is not None and self.replacing(resource):
            yield Change(path=path, old=old, new=new, cause=resource)

    def _same(
        self, sides: _Sides, old: Unresolved, new: Unresolved
    ) -> tuple[bool, ResourceKey | None]:
        """Return whether two unresolved values are equal, else the replaced resource."""
        before = referenced_key(sides.old, old)
        after = referenced_key(sides.new, new)
        if before is not None and after is not None:
            if self.pairs.old_of(after) != before:
                return False, None
            return (False, after) if self.replacing(after) else (True, None)
        if canonical_key(old.expression) != canonical_key(new.expression):
            return False, None
        template = sides.new.template
        for _, name in names_in(new.expression):
            key = (template.index, name)
            if name in template.resources and self.replacing(key):
                return False, key
        return True, None


def referenced_key(evaluation: Evaluation, value: object) -> ResourceKey | None:
    """Return the resource to which an evaluated value refers."""
    if not isinstance(value, Unresolved):
        return None
    reference = value.refers_to
    if reference is None:
        return None
    template: Template | None = evaluation.template
    if reference.template is not None:
        template = evaluation.scenario.app.template_named(reference.template)
    if template is None or reference.logical_id not in template.resources:
        return None
    return template.index, reference.logical_id


@attrs.frozen(eq=False, repr=False)
class _Sides(Record):
    """Evaluations of the old and the new template of a resource."""

    old: Evaluation
    new: Evaluation


def has_key(node: object, key: str) -> bool:
    """Return whether a mapping in an expression has a key."""
    return any(key in each for each in objects_in(node))


def _is_same_json(old: object, new: object) -> bool:
    try:
        return old == new
    except RecursionError:  # nested deeper than any template; then the values are compared
        return False


def _tags(value: object) -> Hashable:
    if is_mapping(value):
        return canonical_key(value)
    return frozenset(map(canonical_key, value)) if is_list(value) else canonical_key(value)


def _are_equal(old: object, new: object, path: Path) -> bool:
    """Return whether two resolved values are equal for CloudFormation."""
    if old == new and isinstance(old, bool) == isinstance(new, bool):
        return True
    if not is_scalar(old) or not is_scalar(new):
        return False
    left, right = to_text(old), to_text(new)
    if left == right:
        return True
    if isinstance(old, str) and isinstance(new, str):
        return "Kms" in str(path[-1]) and _is_same_key(left, right)
    return _number(left) == _number(right) is not None


def _is_same_key(left: str, right: str) -> bool:
    """Return whether one text is the ARN of the KMS key whose id or alias is the other."""
    short, long = sorted((left, right), key=len)
    return long.startswith("arn:") and (
        long.endswith(f":key/{short}")
        or (short.startswith("alias/") and long.endswith(f":{short}"))
    )


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
