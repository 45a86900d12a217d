"""One template taken apart: its sections, what refers to what, and what parameters can be."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from functools import cached_property
from typing import Any, Final

import attrs

from cdk_epc.spec.unresolved import Reference, is_list, is_mapping
from cdk_epc.templates.expressions import is_function
from cdk_epc.templates.parameter_values import ParameterValues, compared_texts, possible_values


@attrs.frozen(kw_only=True)
class TemplateInput:
    """A template with what its surroundings say of it.

    Attributes:
        template: It, as JSON; short forms of intrinsic functions are written out.
        name: Its name, by which others refer to it: the file's.
        region: The region that it is deployed to, where that is known.
        account: The account, where that is known.
        nested: The names of the templates of its nested stacks, by their logical ids.
        acknowledged: The reasons by rule id, by the construct path that they hold for and below.
    """

    template: Mapping[str, Any]
    name: str = "template"
    region: str | None = None
    account: str | None = None
    nested: Mapping[str, str] = attrs.Factory(dict[str, str])
    acknowledged: Mapping[str, Mapping[str, str]] = attrs.Factory(dict[str, Mapping[str, str]])


READ_THROUGH: Final = frozenset({"AWS::Serverless-2016-10-31", "AWS::LanguageExtensions"})
"""Transforms that leave the resources of SageMaker as they are written."""


@attrs.define(slots=False, eq=False)
class Template:
    """A template of an app.

    Attributes:
        input: It.
        index: Its place among the templates of the app.
    """

    input: TemplateInput
    index: int

    def section(self, name: str) -> Mapping[str, Any]:
        """A section of the template; empty if it is missing or no mapping."""
        section = self.input.template.get(name)
        return section if is_mapping(section) else {}

    @cached_property
    def parameters(self) -> Mapping[str, Any]:
        """The declared parameters."""
        return self.section("Parameters")

    @cached_property
    def conditions(self) -> Mapping[str, Any]:
        """The declared conditions."""
        return self.section("Conditions")

    @cached_property
    def mappings(self) -> Mapping[str, Any]:
        """The declared mappings."""
        return self.section("Mappings")

    @cached_property
    def resources(self) -> Mapping[str, Mapping[str, Any]]:
        """The resources whose type is known, in their order; one that is no object is left out."""
        return {
            str(name): resource
            for name, resource in self.section("Resources").items()
            if is_mapping(resource)
            and isinstance(resource.get("Type"), str)
            and not any(map(is_function, resource))
        }

    @cached_property
    def is_complete(self) -> bool:
        """Whether no loop or include adds resources that are not in sight."""
        template = self.input.template
        return not any(map(is_function, (*template, *self.section("Resources"))))

    def of_type(self, type_: str) -> Iterator[str]:
        """The logical ids of the resources of a type."""
        return iter(self._by_type.get(type_, ()))

    @cached_property
    def _by_type(self) -> Mapping[str, list[str]]:
        by_type: dict[str, list[str]] = {}
        for name, resource in self.resources.items():
            by_type.setdefault(resource["Type"], []).append(name)
        return by_type

    def raw_properties(self, logical_id: str) -> Any:  # noqa: ANN401 - JSON
        """The properties of a resource as they are written; empty if there are none."""
        properties = self.resources[logical_id].get("Properties")
        return {} if properties is None else properties

    def raw(self, logical_id: str, name: str) -> Any:  # noqa: ANN401 - JSON
        """One property as it is written, ``None`` if it is not there."""
        properties = self.raw_properties(logical_id)
        return properties.get(name) if is_mapping(properties) else None

    def property_or_function(self, logical_id: str, name: str) -> Any:  # noqa: ANN401 - JSON
        """What one property is written in: itself, or a function that gives all of them."""
        properties = self.raw_properties(logical_id)
        if not is_mapping(properties):
            return None
        return properties if any(map(is_function, properties)) else properties.get(name)

    def reference(self, logical_id: str, attribute: str | None) -> Reference | None:
        """The reference to a resource of this template, if there is such a one."""
        resource = self.resources.get(logical_id)
        return None if resource is None else Reference(resource["Type"], logical_id, attribute)

    def opaque(self) -> list[str]:
        """The transforms that may rewrite everything."""
        transform = self.input.template.get("Transform")
        each = transform if is_list(transform) else [] if transform is None else [transform]
        names = [one.get("Name") if is_mapping(one) else one for one in each]
        texts = [name if isinstance(name, str) else "without a name" for name in names]
        return [name for name in texts if name not in READ_THROUGH]

    @cached_property
    def _compared(self) -> Mapping[Hashable, list[str]]:
        sections = (self.conditions, self.section("Rules"))
        return compared_texts(sections, self.parameters)

    def possible_values(self, parameter: str) -> ParameterValues:
        """What a parameter can be."""
        if parameter not in self._domains:
            self._domains[parameter] = possible_values(
                self.parameters[parameter], self._compared.get(parameter, [])
            )
        return self._domains[parameter]

    @cached_property
    def _domains(self) -> dict[str, ParameterValues]:
        return {}
