"""The resources that another one names, by reference or by an equal name."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any, Final, TypeVar

import attrs

from cdk_epc.spec import ModelSpec, Spec
from cdk_epc.spec.context import ReferencedModel
from cdk_epc.spec.fields import Path
from cdk_epc.spec.unresolved import Unresolved, is_list, is_mapping
from cdk_epc.spec.wire import UnknownMember, structured
from cdk_epc.templates.app import Resource
from cdk_epc.templates.conditions import is_deployed
from cdk_epc.templates.expressions import convert_scalar
from cdk_epc.templates.parameters import NO_VALUE
from cdk_epc.templates.positions import expression_at
from cdk_epc.templates.scenarios import Evaluation

_IMPORT: Final = "Fn::ImportValue"

S = TypeVar("S", bound=Spec)
T = TypeVar("T")


def cached(evaluation: Evaluation, key: Hashable, work: Callable[[], T]) -> T:
    """Work something out once for all scenarios, if they all agree on it.

    They do if nothing was asked of this one; what depends on what they do not agree on has to ask
    for it here as well.
    """
    app, scenario = evaluation.scenario.app, evaluation.scenario
    if key in app.cache:
        always: T = app.cache[key]
        return always
    if key in scenario.cache:
        scenario.varying_reads += 1
        here: T = scenario.cache[key]
        return here
    before = scenario.varying_reads
    done = work()
    (app.cache if scenario.varying_reads == before else scenario.cache)[key] = done
    return done


def properties_of(evaluation: Evaluation, logical_id: str) -> Any:  # noqa: ANN401 - JSON
    """The properties of a resource in a scenario."""
    value = evaluation.evaluate(evaluation.template.raw_properties(logical_id))
    return {} if value is NO_VALUE else value


def spec_of(
    evaluation: Evaluation, logical_id: str, cls: type[S]
) -> tuple[S, list[UnknownMember]] | None:
    """The spec of a resource, and what has no place in it; ``None`` if nothing is known of it."""
    key = (_spec, evaluation.template.index, logical_id)
    return cached(evaluation, key, lambda: _spec(evaluation, logical_id, cls))


def _spec(
    evaluation: Evaluation, logical_id: str, cls: type[S]
) -> tuple[S, list[UnknownMember]] | None:
    properties = properties_of(evaluation, logical_id)
    return structured(cls, properties, convert_scalar) if is_mapping(properties) else None


@attrs.frozen(eq=False)
class ResourceRef:
    """A resource that another one names.

    Attributes:
        scope: Its template in the scenario.
        logical_id: Its logical id.
        by_reference: Whether it is referred to, not just called by an equal name.
    """

    evaluation: Evaluation
    logical_id: str
    by_reference: bool = False

    @property
    def key(self) -> tuple[int, str]:
        """Where it stands."""
        return self.evaluation.template.index, self.logical_id


def named_resource(
    evaluation: Evaluation, type_: str, value: object, at: tuple[str, Path] | None = None
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
        return referenced_resource(evaluation, type_, value)
    app, template = evaluation.scenario.app, evaluation.template
    if type_ not in app.named_types:  # as in most templates, and looking up is costly
        return None
    found: list[Resource] = []
    if isinstance(value, str):
        found = app.resources_named(type_, value, template)
    if not found and value is not None:
        node = getattr(value, "expression", None) if at is None else expression_at(evaluation, *at)
        found = app.resources_with_name(type_, node, template) if node is not None else []
    there = [
        (inside, logical_id)
        for inside, logical_id in ((evaluation.within(each), id_) for each, id_ in found)
        if is_deployed(inside, logical_id)
    ]
    return ResourceRef(*there[0]) if len(there) == 1 else None


def referenced_resource(evaluation: Evaluation, type_: str, value: object) -> ResourceRef | None:
    """The resource that a value refers to, if it is of the type, and deployed in this scenario."""
    reference = value.refers_to if isinstance(value, Unresolved) else None
    if reference is None or reference.type != type_:
        return None
    template = evaluation.template
    if reference.template is not None:
        named = evaluation.scenario.app.template_named(reference.template)
        if named is None:
            return None
        template = named
    inside = evaluation.within(template)
    if reference.logical_id not in template.resources or not is_deployed(
        inside, reference.logical_id
    ):
        return None
    return ResourceRef(inside, reference.logical_id, by_reference=True)


def is_import(value: object) -> bool:
    """Whether a value is an export of another stack."""
    expression = value.expression if isinstance(value, Unresolved) else None
    return is_mapping(expression) and _IMPORT in expression


def referenced_model(
    evaluation: Evaluation, config: str, found: ResourceRef
) -> ReferencedModel | None:
    """The model that a configuration names."""
    read = spec_of(found.evaluation, found.logical_id, ModelSpec)
    if read is None:
        return None
    waits = found.by_reference or _waits(evaluation, config, found)
    return ReferencedModel(model=read[0], logical_id=found.logical_id, is_created_first=waits)


def _waits(evaluation: Evaluation, config: str, found: ResourceRef) -> bool:
    """Whether a configuration waits for a model; across templates nobody can tell, so it does."""
    template = evaluation.template
    if found.evaluation.template is not template:
        return True
    direct = _before(template.resources[config])
    behind = {
        name
        for each in direct
        if each in template.resources
        for name in _before(template.resources[each])
    }
    if found.logical_id in direct | behind:
        return True
    mentioned = evaluation.scenario.app.resources_in(template, template.raw_properties(config))
    return any(id_ == found.logical_id for each, id_ in mentioned if each is template)


def _before(resource: Mapping[str, Any]) -> set[str]:
    given = resource.get("DependsOn")
    names = given if is_list(given) else [given]
    return {name for name in names if isinstance(name, str)}
