"""Templates: the input of a check, the sections of a template, and nested stacks."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, Final

import attrs

from cdk_epc._records import Record
from cdk_epc.spec.empty import new_dict
from cdk_epc.spec.fields import Path
from cdk_epc.spec.unresolved import Reference, is_list, is_mapping
from cdk_epc.templates.expressions import Scalar, is_function, names_in, to_text
from cdk_epc.templates.loops import expanded, is_loop
from cdk_epc.templates.parameter_values import (
    OTHER,
    ParameterValues,
    compared_texts,
    is_placeholder,
    possible_values,
    split_list,
)

_EXTENSIONS: Final = "AWS::LanguageExtensions"
_HARMLESS_TRANSFORMS: Final = frozenset({"AWS::Serverless-2016-10-31", _EXTENSIONS})
"""Transforms that do not change SageMaker resources."""
_RESOURCES: Final = "Resources"
_OWN: Final = 2
"""Length of the position of a resource outside loops."""


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TemplateInput(Record):
    """A template with the known facts about its deployment.

    Attributes:
        template: The template as JSON, with long forms of intrinsic functions.
        name: Name by which other templates refer to it: the name of its file.
        region: Region of the deployment; ``None`` if it is unknown.
        account: Account of the deployment; ``None`` if it is unknown.
        nested: Names of the templates of its nested stacks, by logical id.
        acknowledged: Reasons by rule id, by the construct path at and below which they apply.
        stack_name: Name of the stack, by which ``Fn::GetStackOutput`` finds its outputs; ``None``
            if it is unknown.
        is_bounded: Whether the size of the template is limited and no part contains itself, as in
            a document that was read from a file. Other templates are examined for that.
    """

    template: Mapping[str, Any]
    name: str = "template"
    region: str | None = None
    account: str | None = None
    nested: Mapping[str, str] = attrs.Factory(new_dict)
    acknowledged: Mapping[str, Mapping[str, str]] = attrs.Factory(new_dict)
    stack_name: str | None = None
    is_bounded: bool = False


@attrs.define(slots=False, eq=False)
class Template:
    """A template of an app.

    Attributes:
        input: The template as it was given.
        index: Index among the templates of the app.
    """

    input: TemplateInput
    index: int

    def section(self, name: str) -> Mapping[str, Any]:
        """Return a section; an empty one if it is missing or no mapping."""
        section = self.input.template.get(name)
        return section if is_mapping(section) else {}

    @cached_property
    def parameters(self) -> Mapping[str, Any]:
        """Declared parameters."""
        return self.section("Parameters")

    @cached_property
    def conditions(self) -> Mapping[str, Any]:
        """Declared conditions."""
        return self.section("Conditions")

    @cached_property
    def mappings(self) -> Mapping[str, Any]:
        """Declared mappings."""
        return self.section("Mappings")

    @cached_property
    def resources(self) -> Mapping[str, Mapping[str, Any]]:
        """Resources of a known type, by logical id."""
        return {
            str(name): resource
            for name, resource in self._entries()
            if is_mapping(resource)
            and isinstance(resource.get("Type"), str)
            and not any(map(is_function, resource))
        }

    def _entries(self) -> Iterable[tuple[Any, Any]]:
        """Return the entries of the resources, with those of loops that can be expanded."""
        section = self.section(_RESOURCES)
        if not any(map(is_loop, section)) or _EXTENSIONS not in self._transforms():
            return section.items()
        entries = list(expanded(section, self.parameters, (_RESOURCES,)))
        self._places.update({str(name): place for name, _, place in entries if len(place) > _OWN})
        return [(name, resource) for name, resource, _ in entries]

    @cached_property
    def _places(self) -> dict[str, Path]:
        """Positions of the resources of loops."""
        return {}

    def place(self, logical_id: str) -> Path:
        """Return the position of a resource in the template, which is that of its loop."""
        return self._places.get(logical_id, (_RESOURCES, logical_id))

    @property
    def has_loops(self) -> bool:
        """Whether loops create some of the resources."""
        return bool(self.resources) and bool(self._places)

    @cached_property
    def similar_names(self) -> dict[str, str | None]:
        """Declared name that is similar to each unknown one, as far as it has been searched."""
        return {}

    @cached_property
    def is_complete(self) -> bool:
        """Whether no loop or include adds unknown resources."""
        return not any(map(is_function, (*self.input.template, *self.section("Resources"))))

    def of_type(self, type_: str) -> Iterator[str]:
        """Yield the logical ids of the resources of a type."""
        return iter(self._by_type.get(type_, ()))

    @cached_property
    def _by_type(self) -> Mapping[str, list[str]]:
        by_type: dict[str, list[str]] = {}
        for name, resource in self.resources.items():
            by_type.setdefault(resource["Type"], []).append(name)
        return by_type

    def raw_properties(self, logical_id: str) -> Any:  # noqa: ANN401 - JSON
        """Return the unevaluated properties of a resource; an empty mapping if it has none."""
        properties = self.resources[logical_id].get("Properties")
        return {} if properties is None else properties

    def raw_property(self, logical_id: str, name: str) -> Any:  # noqa: ANN401 - JSON
        """Return one unevaluated property; ``None`` if it is missing."""
        properties = self.raw_properties(logical_id)
        return properties.get(name) if is_mapping(properties) else None

    def names_in_property(self, type_: str, name: str) -> frozenset[str]:
        """Return the names to which one property of the resources of a type refers."""
        key = (type_, name)
        if key not in self._names_in_properties:
            self._names_in_properties[key] = frozenset(
                found
                for logical_id in self.of_type(type_)
                for _, found in names_in(self.raw_property(logical_id, name))
            )
        return self._names_in_properties[key]

    @cached_property
    def _names_in_properties(self) -> dict[tuple[str, str], frozenset[str]]:
        return {}

    def property_or_function(self, logical_id: str, name: str) -> Any:  # noqa: ANN401 - JSON
        """Return one unevaluated property, or the function that returns all properties."""
        properties = self.raw_properties(logical_id)
        if not is_mapping(properties):
            return None
        return properties if any(map(is_function, properties)) else properties.get(name)

    def reference(self, logical_id: str, attribute: str | None) -> Reference | None:
        """Return a reference to a resource; ``None`` if the template has no such resource."""
        resource = self.resources.get(logical_id)
        return None if resource is None else Reference(resource["Type"], logical_id, attribute)

    def macros(self) -> list[str]:
        """Return the names of the transforms that may change every resource."""
        return [name for name in self._transforms() if name not in _HARMLESS_TRANSFORMS]

    def _transforms(self) -> list[str]:
        """Return the names of the transforms."""
        given = self.input.template.get("Transform")
        transforms = given if is_list(given) else [] if given is None else [given]
        names = [each.get("Name") if is_mapping(each) else each for each in transforms]
        return [name if isinstance(name, str) else "without a name" for name in names]

    def possible_values(self, parameter: str) -> ParameterValues:
        """Return the possible values of a parameter."""
        if parameter not in self._possible_values:
            self._possible_values[parameter] = possible_values(
                self.parameters[parameter], self._compared_texts.get(parameter, [])
            )
        return self._possible_values[parameter]

    def decided_value(self, parameter: str, decided: Scalar) -> tuple[Scalar | list[str], bool]:
        """Return the value of a parameter for a possible value, and whether it is a placeholder.

        Each resource that uses the parameter asks in each of its scenarios.
        """
        key = (parameter, type(decided), decided)  # 1, 1.0 and True are equal
        if key not in self._decided_values:
            declaration = self.parameters[parameter]
            self._decided_values[key] = (
                split_list(declaration, decided),
                is_placeholder(declaration, decided),
            )
        return self._decided_values[key]

    @cached_property
    def _decided_values(
        self,
    ) -> dict[tuple[str, type, Scalar], tuple[Scalar | list[str], bool]]:
        return {}

    def possible_texts(self, parameter: str) -> frozenset[str]:
        """Return the texts of the possible values of a parameter that the template contains."""
        if parameter not in self._possible_texts:
            values = self.possible_values(parameter)
            self._possible_texts[parameter] = frozenset(
                to_text(value) for value in values if value is not OTHER
            )
        return self._possible_texts[parameter]

    @cached_property
    def _possible_texts(self) -> dict[str, frozenset[str]]:
        return {}

    @cached_property
    def _compared_texts(self) -> Mapping[Hashable, list[str]]:
        return compared_texts((self.conditions, self.section("Rules")), self.parameters)

    @cached_property
    def _possible_values(self) -> dict[str, ParameterValues]:
        return {}


@attrs.frozen(eq=False)
class NestedStack:
    """A nested stack: a resource whose template is another template of the app.

    Attributes:
        parent: Template with the resource.
        logical_id: Logical id of the resource.
        arguments: Expressions of the parameters; ``None`` if they are unknown.
    """

    parent: Template
    logical_id: str
    arguments: Mapping[str, Any] | None

    @classmethod
    def of(cls, parent: Template, logical_id: str) -> NestedStack:
        """Return the nested stack of a resource of type ``AWS::CloudFormation::Stack``."""
        given = parent.raw_property(logical_id, "Parameters")
        if given is None:
            is_readable = not any(map(is_function, parent.raw_properties(logical_id)))
            return cls(parent, logical_id, {} if is_readable else None)
        is_readable = is_mapping(given) and not any(map(is_function, given))
        return cls(parent, logical_id, given if is_readable else None)

    def argument(self, parameter: str) -> tuple[Any] | None:
        """Return the expression of a parameter in a tuple; ``None`` if it has none."""
        if self.arguments is None or parameter not in self.arguments:
            return None
        return (self.arguments[parameter],)
