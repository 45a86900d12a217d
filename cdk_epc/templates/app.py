"""All templates of an app, and where in them to look for what belongs together."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final, TypeAlias

import attrs

from cdk_epc.spec.unresolved import is_mapping
from cdk_epc.templates.expressions import MAX_DEPTH, canonical_key, names_in
from cdk_epc.templates.intrinsics import evaluate
from cdk_epc.templates.parameters import NestedStack, argument_of
from cdk_epc.templates.scenarios import Scenario, Evaluation
from cdk_epc.templates.template import Template, TemplateInput

CONFIG: Final = "AWS::SageMaker::EndpointConfig"
MODEL: Final = "AWS::SageMaker::Model"
ENDPOINT: Final = "AWS::SageMaker::Endpoint"
COMPONENT: Final = "AWS::SageMaker::InferenceComponent"
NAME_PROPERTIES: Final[Mapping[str, str]] = {
    CONFIG: "EndpointConfigName",
    MODEL: "ModelName",
    ENDPOINT: "EndpointName",
    COMPONENT: "InferenceComponentName",
}
"""The property that names a resource, by type."""

Resource: TypeAlias = tuple[Template, str]
"""A resource: its template and its logical id."""


def resources_by_name(templates: Iterable[Template]) -> dict[tuple[Hashable, ...], list[Resource]]:
    """The resources by type and name, or by type, template and the expression of the name."""
    found: dict[tuple[Hashable, ...], list[Resource]] = {}
    for template in templates:
        for type_, name in NAME_PROPERTIES.items():
            for logical_id in template.of_type(type_):
                raw = template.raw(logical_id, name)
                if isinstance(raw, str):
                    found.setdefault((type_, raw), []).append((template, logical_id))
                elif raw is not None:
                    key: tuple[Hashable, ...] = (type_, template.index, canonical_key(raw))
                    found.setdefault(key, []).append((template, logical_id))
    return found


def endpoints_by_lower_name(templates: Iterable[Template]) -> dict[str, list[Resource]]:
    """The endpoints by their names in lower case."""
    found: dict[str, list[Resource]] = {}
    for template in templates:
        for logical_id in template.of_type(ENDPOINT):
            raw = template.raw(logical_id, NAME_PROPERTIES[ENDPOINT])
            if isinstance(raw, str):
                found.setdefault(raw.lower(), []).append((template, logical_id))
    return found


STACK: Final = "AWS::CloudFormation::Stack"


@attrs.frozen(eq=False)
class Export:
    """A value that a template exports.

    Attributes:
        source: The template.
        output: The output, by its logical id.
        value: The expression.
    """

    template: Template
    output: str
    value: Any


@attrs.define(slots=False, eq=False)
class App:
    """Templates that may refer to each other.

    Attributes:
        sources: Those.
        settled: What is the same in every scenario, once it was worked out.
        exports: The exports by name, once somebody asked for one; a name that depends on the
            scenario is none.
    """

    templates: Sequence[Template]
    cache: dict[Hashable, Any] = attrs.Factory(dict[Hashable, Any])
    exports: dict[str, list[Export]] | None = None

    @classmethod
    def of(cls, templates: Sequence[TemplateInput]) -> App:
        """The app of these templates."""
        return cls([Template(placed, index) for index, placed in enumerate(templates)])

    def scenario(self, prefix: tuple[int, ...] = ()) -> Scenario:
        """A scenario that begins with these answers."""
        return Scenario(self, evaluate, prefix)

    @cached_property
    def _by_name(self) -> Mapping[str, Template | None]:
        resources_by_name: dict[str, Template | None] = {}
        for template in self.templates:
            name = template.input.name
            resources_by_name[name] = None if name in resources_by_name else template
        return resources_by_name

    def template_named(self, name: str) -> Template | None:
        """The template of a name; ``None`` if there is not exactly one."""
        return self._by_name.get(name)

    @cached_property
    def nested_stacks(self) -> Mapping[int, tuple[NestedStack, ...]]:
        """The uses of each template as a nested stack, by its index."""
        uses: dict[int, tuple[NestedStack, ...]] = {}
        for template in self.templates:
            for logical_id, name in template.input.nested.items():
                inner = self.template_named(name)
                if (
                    inner is not None
                    and template.resources.get(logical_id, {}).get("Type") == STACK
                ):
                    use = NestedStack.of(template, logical_id)
                    uses[inner.index] = (*uses.get(inner.index, ()), use)
        return uses

    def root_of(self, template: Template) -> Template:
        """The template that is deployed with this one as a nested stack, however deep."""
        for _ in range(MAX_DEPTH):
            uses = self.nested_stacks.get(template.index)
            if not uses:
                break
            template = uses[0].parent
        return template

    def environment_of(self, template: Template) -> Hashable:
        """What two templates share that are known to go to the same account and region."""
        placed = self.root_of(template).input
        if placed.region is None or placed.account is None:
            return self.root_of(template).index
        return placed.region, placed.account

    def may_share_environment(self, one: Template, other: Template) -> bool:
        """Whether two templates can go to the same account and region."""
        left, right = self.root_of(one).input, self.root_of(other).input
        return all(
            a is None or b is None or a == b
            for a, b in ((left.region, right.region), (left.account, right.account))
        )

    @property
    def _exports(self) -> Mapping[str, list[Export]]:
        if self.exports is None:
            self.exports = {}  # now, for working out a name may ask for an export
            for template in self.templates:
                for output, declared in template.section("Outputs").items():
                    export = declared.get("Export") if is_mapping(declared) else None
                    if is_mapping(export) and "Condition" not in declared and "Value" in declared:
                        scenario = self.scenario()
                        name = Evaluation(scenario, template).evaluate(export.get("Name"))
                        if isinstance(name, str) and not scenario.varying_reads:
                            found = Export(template, str(output), declared["Value"])
                            self.exports.setdefault(name, []).append(found)
        return self.exports

    def export_named(self, name: str, template: Template) -> Export | None:
        """The export that a template imports by a name; ``None`` if it cannot be told."""
        found = [
            each
            for each in self._exports.get(name, ())
            if self.may_share_environment(each.template, template)
        ]
        return found[0] if len(found) == 1 else None

    @cached_property
    def _by_name_or_expression(self) -> Mapping[tuple[Hashable, ...], list[Resource]]:
        return resources_by_name(self.templates)

    @cached_property
    def named_types(self) -> frozenset[str]:
        """The types of which some resource has a name that can be looked up."""
        return frozenset(str(key[0]) for key in self._by_name_or_expression)

    def resources_named(self, type_: str, text: str, template: Template) -> list[Resource]:
        """The resources of a type with a name; those of the same deployment, if there are any."""
        found = self._by_name_or_expression.get((type_, text), [])
        outermost = self.root_of(template)
        near = [each for each in found if self.root_of(each[0]) is outermost]
        return near or [each for each in found if self.may_share_environment(each[0], template)]

    def resources_with_name(self, type_: str, node: object, template: Template) -> list[Resource]:
        """The resources of a template whose name is the same expression."""
        return self._by_name_or_expression.get((type_, template.index, canonical_key(node)), [])

    def resources_in(self, template: Template, node: object) -> Iterator[Resource]:
        """Every resource that an expression mentions, in whichever template it stands."""
        left: list[tuple[Template, Any]] = [(template, node)]
        seen: set[Hashable] = set()
        while left:
            template, node = left.pop()
            for function, name in names_in(node):
                key = (template.index, function, name)
                if key not in seen:
                    seen.add(key)
                    if name in template.resources:
                        yield template, name
                    else:
                        left += self._behind(template, function, name)

    def _behind(
        self, template: Template, function: str, name: str
    ) -> Iterator[tuple[Template, Any]]:
        """The expressions of other templates that an import or a parameter stands for."""
        if function == "Fn::ImportValue":
            if export := self.export_named(name, template):
                yield export.template, export.value
        elif name in template.parameters:
            for use in self.nested_stacks.get(template.index, ()):
                if given := argument_of(use, name):
                    yield use.parent, given[0]

    def referring_resources(self, type_: str, name: str) -> Mapping[Hashable, list[Resource]]:
        """The resources of a type that mention a resource in a property, by what they mention.

        The key is the index of the template and the logical id.
        """
        if (type_, name) not in self._referring:
            found: dict[Hashable, list[Resource]] = {}
            for template in self.templates:
                for logical_id in template.of_type(type_):
                    mentioned = self.resources_in(
                        template, template.property_or_function(logical_id, name)
                    )
                    for key in dict.fromkeys((each.index, id_) for each, id_ in mentioned):
                        found.setdefault(key, []).append((template, logical_id))
            self._referring[type_, name] = found
        return self._referring[type_, name]

    @cached_property
    def _referring(self) -> dict[tuple[str, str], Mapping[Hashable, list[Resource]]]:
        return {}

    def endpoints_named_like(self, name: str) -> list[Resource]:
        """The endpoints whose name differs in capitals at most."""
        return self._endpoints_alike.get(name.lower(), [])

    @cached_property
    def _endpoints_alike(self) -> Mapping[str, list[Resource]]:
        return endpoints_by_lower_name(self.templates)

    @cached_property
    def is_complete(self) -> bool:
        """Whether no loop or include adds resources that are not in sight."""
        return all(template.is_complete for template in self.templates)
