"""The resources that another one names, by reference or by an equal name."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any, Final, TypeVar

import attrs

from cdk_epc.spec import ModelSpec, Spec
from cdk_epc.spec.context import ReferencedModel
from cdk_epc.spec.fields import Path
from cdk_epc.spec.unresolved import Unresolved, is_list, is_mapping
from cdk_epc.spec.wire import UnknownMember, spec_from_json
from cdk_epc.templates.app import Located
from cdk_epc.templates.conditions import exists
from cdk_epc.templates.expressions import converted
from cdk_epc.templates.parameters import NO_VALUE
from cdk_epc.templates.positions import written_at
from cdk_epc.templates.scenarios import Scope

_IMPORT: Final = "Fn::ImportValue"

S = TypeVar("S", bound=Spec)
T = TypeVar("T")


def remembered(scope: Scope, key: Hashable, work: Callable[[], T]) -> T:
    """Work something out once for all scenarios, if they all agree on it.

    They do if nothing was asked of this one; what depends on what they do not agree on has to ask
    for it here as well.
    """
    app, run = scope.run.app, scope.run
    if key in app.remembered:
        always: T = app.remembered[key]
        return always
    if key in run.memo:
        run.consulted += 1
        here: T = run.memo[key]
        return here
    before = run.consulted
    done = work()
    (app.remembered if run.consulted == before else run.memo)[key] = done
    return done


def properties_of(scope: Scope, logical_id: str) -> Any:  # noqa: ANN401 - JSON
    """The properties of a resource in a scenario."""
    value = scope.evaluate(scope.source.raw_properties(logical_id))
    return {} if value is NO_VALUE else value


def spec_of(scope: Scope, logical_id: str, cls: type[S]) -> tuple[S, list[UnknownMember]] | None:
    """The spec of a resource, and what has no place in it; ``None`` if nothing is known of it."""
    key = (_spec, scope.source.index, logical_id)
    return remembered(scope, key, lambda: _spec(scope, logical_id, cls))


def _spec(scope: Scope, logical_id: str, cls: type[S]) -> tuple[S, list[UnknownMember]] | None:
    properties = properties_of(scope, logical_id)
    return spec_from_json(cls, properties, converted) if is_mapping(properties) else None


@attrs.frozen(eq=False)
class ResourceRef:
    """A resource that another one names.

    Attributes:
        scope: Its template in the scenario.
        logical_id: Its logical id.
        by_reference: Whether it is referred to, not just called by an equal name.
    """

    scope: Scope
    logical_id: str
    by_reference: bool = False

    @property
    def located(self) -> tuple[int, str]:
        """Where it stands."""
        return self.scope.source.index, self.logical_id


def neighbour(
    scope: Scope, type_: str, value: object, at: tuple[str, Path] | None = None
) -> ResourceRef | None:
    """The resource that a value names, if it is deployed in this scenario.

    Args:
        scope: The template of the value.
        type_: The type of resource that is named.
        value: The value.
        at: The resource that has it as the whole of a property, and where in its properties that
            stands, in AWS's names. Without it, the value is all there is of its expression.
    """
    if isinstance(value, Unresolved) and value.refers_to is not None:
        return referred(scope, type_, value)
    app, source = scope.run.app, scope.source
    if type_ not in app.types_named:  # as in most templates, and looking up is costly
        return None
    found: list[Located] = []
    if isinstance(value, str):
        found = app.called(type_, value, source)
    if not found and value is not None:
        node = getattr(value, "expression", None) if at is None else written_at(scope, *at)
        found = app.written(type_, node, source) if node is not None else []
    there = [
        (inside, logical_id)
        for inside, logical_id in ((scope.within(each), id_) for each, id_ in found)
        if exists(inside, logical_id)
    ]
    return ResourceRef(*there[0]) if len(there) == 1 else None


def referred(scope: Scope, type_: str, value: object) -> ResourceRef | None:
    """The resource that a value refers to, if it is of the type, and deployed in this scenario."""
    reference = value.refers_to if isinstance(value, Unresolved) else None
    if reference is None or reference.type != type_:
        return None
    source = scope.source
    if reference.template is not None:
        named = scope.run.app.named(reference.template)
        if named is None:
            return None
        source = named
    inside = scope.within(source)
    if reference.logical_id not in source.resources or not exists(inside, reference.logical_id):
        return None
    return ResourceRef(inside, reference.logical_id, by_reference=True)


def is_import(value: object) -> bool:
    """Whether a value is an export of another stack."""
    expression = value.expression if isinstance(value, Unresolved) else None
    return is_mapping(expression) and _IMPORT in expression


def model_context(scope: Scope, config: str, found: ResourceRef) -> ReferencedModel | None:
    """The model that a configuration names."""
    read = spec_of(found.scope, found.logical_id, ModelSpec)
    if read is None:
        return None
    waits = found.by_reference or _waits(scope, config, found)
    return ReferencedModel(model=read[0], logical_id=found.logical_id, is_dependency=waits)


def _waits(scope: Scope, config: str, found: ResourceRef) -> bool:
    """Whether a configuration waits for a model; across templates nobody can tell, so it does."""
    source = scope.source
    if found.scope.source is not source:
        return True
    direct = _before(source.resources[config])
    behind = {
        name
        for each in direct
        if each in source.resources
        for name in _before(source.resources[each])
    }
    if found.logical_id in direct | behind:
        return True
    mentioned = scope.run.app.mentioned(source, source.raw_properties(config))
    return any(id_ == found.logical_id for each, id_ in mentioned if each is source)


def _before(resource: Mapping[str, Any]) -> set[str]:
    given = resource.get("DependsOn")
    names = given if is_list(given) else [given]
    return {name for name in names if isinstance(name, str)}
