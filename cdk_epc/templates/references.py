"""References between resources: by a reference or by an equal name, in and across templates."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any, Final, TypeAlias, TypeVar

import attrs

from cdk_epc.spec import Spec
from cdk_epc.spec.fields import Path
from cdk_epc.spec.unresolved import Unresolved, is_mapping
from cdk_epc.spec.wire import UnknownMember, spec_from_json
from cdk_epc.templates.app import Resource
from cdk_epc.templates.conditions import is_deployed
from cdk_epc.templates.exports import find_export, find_nested_output, find_output
from cdk_epc.templates.expressions import NESTED_OUTPUT, convert_scalar, names_in
from cdk_epc.templates.parameters import NO_VALUE
from cdk_epc.templates.positions import expression_at
from cdk_epc.templates.scenarios import Evaluation
from cdk_epc.templates.template import Template

_IMPORT: Final = "Fn::ImportValue"
_OUTPUT: Final = "Fn::GetStackOutput"

S = TypeVar("S", bound=Spec)
T = TypeVar("T")

ResourceKey: TypeAlias = tuple[int, str]
"""Index of the template and logical id of a resource."""
StoredRef: TypeAlias = tuple[int, str, bool]
"""A `ResourceRef` without its scenario: template index, logical id and ``by_reference``."""


@attrs.frozen(eq=False)
class ResourceRef:
    """A resource that another resource names.

    Attributes:
        evaluation: Evaluation of its template.
        logical_id: Logical id.
        by_reference: Whether a reference names it, not only an equal name.
    """

    evaluation: Evaluation
    logical_id: str
    by_reference: bool = False

    @property
    def key(self) -> ResourceKey:
        """Key of the resource in its app."""
        return self.evaluation.template.index, self.logical_id

    def policy(self, name: str) -> object:
        """Return a policy of the resource, such as ``UpdateReplacePolicy``."""
        return self.evaluation.template.resources[self.logical_id].get(name)


def stored_ref(found: ResourceRef | None) -> StoredRef | None:
    """Return a resource in a form that is valid for all scenarios."""
    return None if found is None else (*found.key, found.by_reference)


def restored_ref(evaluation: Evaluation, stored: StoredRef | None) -> ResourceRef | None:
    """Return a stored resource in the scenario of an evaluation."""
    if stored is None:
        return None
    index, logical_id, by_reference = stored
    template = evaluation.scenario.app.templates[index]
    return ResourceRef(evaluation.within(template), logical_id, by_reference)


def cached(evaluation: Evaluation, key: Hashable, compute: Callable[[], T]) -> T:
    """Return a value that is computed once for all scenarios, or once for each of them.

    The value is equal in all scenarios if computing it read nothing that varies between them.

    Args:
        evaluation: Evaluation of any template of the app.
        key: Key of the value.
        compute: Function that computes the value. It reads values that vary between scenarios
            through the evaluation or through this function.
    """
    app, scenario = evaluation.scenario.app, evaluation.scenario
    if key in app.cache:
        common: T = app.cache[key]
        return common
    if key in scenario.cache:
        scenario.varying_reads += 1
        own: T = scenario.cache[key]
        return own
    reads_before = scenario.varying_reads
    value = compute()
    is_common = scenario.varying_reads == reads_before
    (app.cache if is_common else scenario.cache)[key] = value
    return value


def properties_of(evaluation: Evaluation, logical_id: str) -> Any:  # noqa: ANN401 - JSON
    """Return the evaluated properties of a resource."""
    value = evaluation.evaluate(evaluation.template.raw_properties(logical_id))
    return {} if value is NO_VALUE else value


def spec_of(
    evaluation: Evaluation, logical_id: str, cls: type[S]
) -> tuple[S, list[UnknownMember]] | None:
    """Return the spec of a resource and its unknown members; ``None`` if it is unresolved."""
    key = (_spec, evaluation.template.index, logical_id)
    return cached(evaluation, key, lambda: _spec(evaluation, logical_id, cls))


def _spec(
    evaluation: Evaluation, logical_id: str, cls: type[S]
) -> tuple[S, list[UnknownMember]] | None:
    properties = properties_of(evaluation, logical_id)
    return spec_from_json(cls, properties, convert_scalar) if is_mapping(properties) else None


def named_resource(
    evaluation: Evaluation, type_: str, value: object, at: tuple[str, Path] | None = None
) -> ResourceRef | None:
    """Return the resource that a value names; ``None`` if it is not deployed or ambiguous.

    Args:
        evaluation: Evaluation of the template with the value.
        type_: Type of the named resource.
        value: The evaluated value.
        at: Logical id and path, in AWS's names, of the property that has the value. By default the
            expression of the value itself is compared with those of names.
    """
    if isinstance(value, Unresolved) and value.refers_to is not None:
        return referenced_resource(evaluation, type_, value)
    app, template = evaluation.scenario.app, evaluation.template
    if type_ not in app.named_types:  # most templates have no names, and a look-up is slow
        return None
    found: list[Resource] = []
    if isinstance(value, str):
        found = app.resources_named(type_, value, template)
    if not found and value is not None:
        node = getattr(value, "expression", None) if at is None else expression_at(evaluation, *at)
        found = app.resources_with_name(type_, node, template) if node is not None else []
    deployed = [
        (owner, logical_id)
        for owner, logical_id in ((evaluation.within(each), id_) for each, id_ in found)
        if is_deployed(owner, logical_id)
    ]
    return ResourceRef(*deployed[0]) if len(deployed) == 1 else None


def referenced_resource(evaluation: Evaluation, type_: str, value: object) -> ResourceRef | None:
    """Return the resource to which a value refers; ``None`` for another type or if not deployed."""
    reference = value.refers_to if isinstance(value, Unresolved) else None
    if reference is None or reference.type != type_:
        return None
    template: Template | None = evaluation.template
    if reference.template is not None:
        template = evaluation.scenario.app.template_named(reference.template)
    if template is None or reference.logical_id not in template.resources:
        return None
    owner = evaluation.within(template)
    if not is_deployed(owner, reference.logical_id):
        return None
    return ResourceRef(owner, reference.logical_id, by_reference=True)


def is_import(evaluation: Evaluation, type_: str, value: object) -> bool:
    """Return whether a value names a resource of another stack that a replacement takes away.

    Args:
        evaluation: Evaluation of the template with the value.
        type_: Type of the named resource.
        value: The evaluated value.
    """
    if not is_weak_import(value):
        expression = value.expression if isinstance(value, Unresolved) else None
        return is_mapping(expression) and _IMPORT in expression
    found = referenced_resource(evaluation, type_, value)
    # A resource that its stack retains still exists when the reference is read again.
    return found is None or found.policy("UpdateReplacePolicy") != "Retain"


def is_weak_import(value: object) -> bool:
    """Return whether a value is an output of another stack that the stack may change at any time.

    CloudFormation protects an export (``Fn::ImportValue``), but not an output that is read with
    ``Fn::GetStackOutput``.
    """
    expression = value.expression if isinstance(value, Unresolved) else None
    return is_mapping(expression) and _OUTPUT in expression


def resources_in(evaluation: Evaluation, template: Template, node: object) -> Iterator[Resource]:
    """Yield every resource in an expression, and those behind its imports and parameters.

    Args:
        evaluation: Evaluation of any template of the app.
        template: Template with the expression.
        node: The expression.
    """
    remaining: list[tuple[Template, Any]] = [(template, node)]
    seen: set[Hashable] = set()
    while remaining:
        template, node = remaining.pop()
        for function, name in names_in(node):
            key = (template.index, function, name)
            if key not in seen:
                seen.add(key)
                if name in template.resources:
                    yield template, name
                else:
                    remaining += _expressions_of(evaluation, template, function, name)


def _expressions_of(
    evaluation: Evaluation, template: Template, function: str, name: str
) -> Iterator[tuple[Template, Any]]:
    """Yield the expressions of an imported value or of a parameter of a nested stack."""
    if function == _IMPORT:
        if export := find_export(evaluation, name, template):
            yield export.template, export.value
    elif function == _OUTPUT:
        stack, output, *region = name.split(".")
        app = evaluation.scenario.app
        if found := find_output(app, stack, output, next(iter(region), None), template):
            yield found.template, found.value
    elif function == NESTED_OUTPUT:
        stack, _, output = name.partition(".")
        app = evaluation.scenario.app
        if found := find_nested_output(app, template, stack, output):
            yield found.template, found.value
    elif name in template.parameters:
        for nested_stack in evaluation.scenario.app.nested_stacks.get(template.index, ()):
            if argument := nested_stack.argument(name):
                yield nested_stack.parent, argument[0]


def referring_resources(
    evaluation: Evaluation, type_: str, property_: str
) -> Mapping[ResourceKey, list[Resource]]:
    """Return the resources of a type by the resources to which one of their properties refers.

    Args:
        evaluation: Evaluation of any template of the app.
        type_: Type of the referring resources.
        property_: Name of the property.
    """
    app = evaluation.scenario.app
    cache_key = (referring_resources, type_, property_)
    if cache_key not in app.cache:
        found: dict[ResourceKey, list[Resource]] = {}
        for template, logical_id in app.of_type(type_):
            node = template.property_or_function(logical_id, property_)
            targets = resources_in(evaluation, template, node)
            for key in dict.fromkeys((each.index, id_) for each, id_ in targets):
                found.setdefault(key, []).append((template, logical_id))
        app.cache[cache_key] = found
    known: Mapping[ResourceKey, list[Resource]] = app.cache[cache_key]
    return known
