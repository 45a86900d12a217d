"""Templates of one app, with indexes of their nested stacks and named resources."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final, TypeAlias

import attrs

from cdk_epc.spec.empty import new_dict
from cdk_epc.templates.expressions import MAX_DEPTH, canonical_key
from cdk_epc.templates.template import NestedStack, Template, TemplateInput

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
"""Property with the name of a resource, by type."""
_STACK: Final = "AWS::CloudFormation::Stack"
_BUCKET: Final = "AWS::S3::Bucket"

Resource: TypeAlias = tuple[Template, str]
"""A resource: its template and its logical id."""


@attrs.define(slots=False, eq=False)
class App:
    """Templates that may refer to each other.

    Attributes:
        templates: The templates.
        cache: Values that are equal in all scenarios.
    """

    templates: Sequence[Template]
    cache: dict[Hashable, Any] = attrs.Factory(new_dict)

    @classmethod
    def of(cls, inputs: Sequence[TemplateInput]) -> App:
        """Return the app of these templates."""
        return cls([Template(given, index) for index, given in enumerate(inputs)])

    @cached_property
    def is_complete(self) -> bool:
        """Whether no loop or include adds unknown resources."""
        return all(template.is_complete for template in self.templates)

    @cached_property
    def _templates_by_name(self) -> Mapping[str, Template | None]:
        by_name: dict[str, Template | None] = {}
        for template in self.templates:
            name = template.input.name
            by_name[name] = None if name in by_name else template
        return by_name

    def template_named(self, name: str) -> Template | None:
        """Return the template with a name; ``None`` if there is not exactly one."""
        return self._templates_by_name.get(name)

    def of_type(self, type_: str) -> Iterator[Resource]:
        """Yield the resources of a type in all templates."""
        for template in self.templates:
            for logical_id in template.of_type(type_):
                yield template, logical_id

    @cached_property
    def nested_stacks(self) -> Mapping[int, tuple[NestedStack, ...]]:
        """Nested stacks that use each template, by its index."""
        nested_stacks: dict[int, tuple[NestedStack, ...]] = {}
        for parent in self.templates:
            for logical_id, name in parent.input.nested.items():
                child = self.template_named(name)
                resource = parent.resources.get(logical_id, {})
                if child is not None and resource.get("Type") == _STACK:
                    nested_stack = NestedStack.of(parent, logical_id)
                    others = nested_stacks.get(child.index, ())
                    nested_stacks[child.index] = (*others, nested_stack)
        return nested_stacks

    def root_of(self, template: Template) -> Template:
        """Return the template that is deployed with this one as a nested stack, at any depth."""
        for _ in range(MAX_DEPTH):
            nested_stacks = self.nested_stacks.get(template.index)
            if not nested_stacks:
                break
            template = nested_stacks[0].parent
        return template

    def environment_of(self, template: Template) -> Hashable:
        """Return a key that is equal for templates of the same known account and region."""
        root = self.root_of(template)
        if root.input.region is None or root.input.account is None:
            return root.index
        return root.input.region, root.input.account

    def may_share_environment(self, one: Template, other: Template) -> bool:
        """Return whether two templates may be deployed to the same account and region."""
        left, right = self.root_of(one).input, self.root_of(other).input
        return all(
            a is None or b is None or a == b
            for a, b in ((left.region, right.region), (left.account, right.account))
        )

    @cached_property
    def bucket_regions(self) -> Mapping[str, str]:
        """Regions of the buckets with a fixed name, by name."""
        found: dict[str, str] = {}
        for template, logical_id in self.of_type(_BUCKET):
            name = template.raw_property(logical_id, "BucketName")
            region = self.root_of(template).input.region
            if isinstance(name, str) and region is not None:
                # A name that two stacks create in turn, such as for a move, has no known region.
                found[name] = region if found.get(name, region) == region else ""
        return {name: region for name, region in found.items() if region}

    @cached_property
    def _resources_by_name(self) -> Mapping[tuple[Hashable, ...], list[Resource]]:
        """Resources by type and name, or by type, template and expression of the name."""
        found: dict[tuple[Hashable, ...], list[Resource]] = {}
        for type_, property_ in NAME_PROPERTIES.items():
            for template, logical_id in self.of_type(type_):
                name = template.raw_property(logical_id, property_)
                if isinstance(name, str):
                    found.setdefault((type_, name), []).append((template, logical_id))
                elif name is not None:
                    key: tuple[Hashable, ...] = (type_, template.index, canonical_key(name))
                    found.setdefault(key, []).append((template, logical_id))
        return found

    @cached_property
    def named_types(self) -> frozenset[str]:
        """Types of which a resource has a name."""
        return frozenset(str(key[0]) for key in self._resources_by_name)

    def resources_named(self, type_: str, name: str, template: Template) -> list[Resource]:
        """Return the resources with a name, those of the same deployment if there are any.

        Args:
            type_: Type of the resources.
            name: The name.
            template: Template with the reference.
        """
        found = self._resources_by_name.get((type_, name), [])
        root = self.root_of(template)
        same_root = [each for each in found if self.root_of(each[0]) is root]
        return same_root or [
            each for each in found if self.may_share_environment(each[0], template)
        ]

    def resources_with_name(self, type_: str, node: object, template: Template) -> list[Resource]:
        """Return the resources of a template whose name is an equal expression."""
        return self._resources_by_name.get((type_, template.index, canonical_key(node)), [])

    def endpoints_named_like(self, name: str) -> list[Resource]:
        """Return the endpoints with a name, independent of capitals."""
        return self._endpoints_by_lower_name.get(name.lower(), [])

    def similar_endpoint_names(self, name: str) -> Mapping[str, list[Resource]]:
        """Return the endpoints with a name, independent of capitals, by their names."""
        return self._endpoint_names_by_lower_name.get(name.lower(), {})

    @cached_property
    def _endpoint_names_by_lower_name(self) -> Mapping[str, Mapping[str, list[Resource]]]:
        found: dict[str, dict[str, list[Resource]]] = {}
        for lower_name, endpoints in self._endpoints_by_lower_name.items():
            by_name = found.setdefault(lower_name, {})
            for template, logical_id in endpoints:
                name = template.raw_property(logical_id, NAME_PROPERTIES[ENDPOINT])
                by_name.setdefault(name, []).append((template, logical_id))
        return found

    @cached_property
    def _endpoints_by_lower_name(self) -> Mapping[str, list[Resource]]:
        found: dict[str, list[Resource]] = {}
        for template, logical_id in self.of_type(ENDPOINT):
            name = template.raw_property(logical_id, NAME_PROPERTIES[ENDPOINT])
            if isinstance(name, str):
                found.setdefault(name.lower(), []).append((template, logical_id))
        return found
