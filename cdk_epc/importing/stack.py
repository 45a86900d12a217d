"""Body of the stack class: the statements that create the resources of a template."""

from __future__ import annotations

import graphlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

import attrs

from cdk_epc._records import Record
from cdk_epc.catalog.image_references import parse_image
from cdk_epc.importing.configuration import (
    ConfigurationConversion,
    VariantCall,
    variant_names,
)
from cdk_epc.importing.containers import ModelConversion
from cdk_epc.importing.deployment import DeployedArguments, EndpointConversion
from cdk_epc.importing.expressions import (
    Expressions,
    NotTypedError,
    UnusableSourceError,
    attribute_call,
    attribute_of,
    function_of,
)
from cdk_epc.importing.members import Conversion, Members, property_path
from cdk_epc.importing.names import (
    UniqueNames,
    is_logical_id,
    logical_id_of,
    snake_case,
    without_hash,
)
from cdk_epc.importing.resources import (
    PATH_KEY,
    TYPED,
    construct_path,
    links,
    properties_of,
    references_in,
    resources_of,
    section,
)
from cdk_epc.importing.scaling import ScalingConversion, scaled_resource
from cdk_epc.importing.sections import SectionConversion
from cdk_epc.importing.source import NAMES, SourceStack
from cdk_epc.importing.syntax import (
    Atom,
    Call,
    Comment,
    Expression,
    Line,
    Mapped,
    Statement,
    call,
    names_in,
    text_literal,
)
from cdk_epc.spec.unresolved import is_list, is_mapping, items_of
from cdk_epc.templates.app import COMPONENT, CONFIG, ENDPOINT, MODEL
from cdk_epc.templates.context.scaled_resources import POLICY, TARGET

_NAME_ATTRIBUTES: Final = {
    (MODEL, "ModelName"): "model_name",
    (CONFIG, "EndpointConfigName"): "endpoint_config_name",
    (ENDPOINT, "EndpointName"): "endpoint_name",
}
"""Property of the construct for an attribute of its resource."""

_CONVERTED: Final = frozenset({*TYPED, TARGET, POLICY})
_ATTRIBUTES: Final = frozenset({"Type", "Properties", "Condition", "DependsOn", "Metadata"})
_DELETED: Final = {
    "EndpointName": "CloudFormation generates the name of the endpoint, as in the source. Rollback "
    "alarms of this app need the name that the construct sets without this line.",
    "InferenceComponentName": "CloudFormation generates the name of the component, as in the "
    "source.",
    "RuntimeConfig": "The source sets no number of copies.",
}


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Options(Record):
    """Options of the generation.

    Attributes:
        keep_ids: Whether the resources keep their logical ids.
        acknowledged: Reasons by rule id, by logical id.
        notes: Errors that cannot be acknowledged, by logical id.
        untyped: Reasons for which resources cannot use the typed API, by logical id.
    """

    keep_ids: bool = False
    acknowledged: Mapping[str, Mapping[str, str]] = attrs.Factory(dict[str, Mapping[str, str]])
    notes: Mapping[str, Sequence[str]] = attrs.Factory(dict[str, Sequence[str]])
    untyped: Mapping[str, str] = attrs.Factory(dict[str, str])


class StackBody:
    """Statements of one stack."""

    def __init__(self, source: SourceStack, options: Options) -> None:
        """Convert a stack.

        Raises:
            UnusableSourceError: The template is not valid, or CDK cannot express a part of it.
        """
        self._options = options
        self.resources = resources_of(source.template)
        self._is_transformed = "Transform" in source.template
        self.parameters = section(source.template, "Parameters")
        self.conditions = section(source.template, "Conditions")
        self.is_from_cdk = any(
            each["Type"] in TYPED
            and (construct_path(each) is not None or without_hash(logical_id) != logical_id)
            for logical_id, each in self.resources.items()
        )
        self._keeps_ids = options.keep_ids or self.is_from_cdk
        # CloudFormation replaces a resource if a reference takes the place of a literal.
        self._keeps_literals = source.is_template and self._keeps_ids
        self.groups: list[list[Line]] = []
        self.created: dict[str, bool] = {}
        """Whether each resource that exists already is a typed construct."""
        self._names, self._ids = UniqueNames(), UniqueNames()
        self._variables: dict[tuple[str, str], str] = {}
        self._made_ids: dict[str, str] = {}
        self._cuda_13: set[str] = set()
        self._targets: dict[str, set[str]] = {}
        self._scaled: set[Expression] = set()
        self._by_name = {
            (each["Type"], name): logical_id
            for logical_id, each in self.resources.items()
            if isinstance(name := properties_of(each).get(NAMES.get(each["Type"], "")), str)
        }
        self._has_variant_targets = any(
            each["Type"] == TARGET
            and "inference-component" not in str(properties_of(each).get("ScalableDimension"))
            for each in self.resources.values()
        )
        self._expressions = Expressions(self)
        self._to = Conversion(self._expressions)
        sections = SectionConversion(self._expressions, self._variable, self._new_id)
        for name in [*self.parameters, *self.conditions]:
            if not is_logical_id(name):
                raise UnusableSourceError(f"{name!r} is not a valid logical id")
        self.groups.append(sections.options(source.template))
        self.groups.append(sections.parameters(self.parameters))
        self.groups.append(sections.mappings(section(source.template, "Mappings")))
        self.groups.append(sections.conditions(self.conditions))
        self.groups.append(sections.rules(section(source.template, "Rules")))
        for logical_id in self._order():
            self.groups.append(self._resource(logical_id))
            self.created.setdefault(logical_id, False)
        self.groups.append(list(self._dependencies()))
        self.groups.append(sections.outputs(section(source.template, "Outputs")))

    # References of expressions

    def ref(self, logical_id: str) -> Expression | None:
        """Return ``Ref`` of a parameter or resource."""
        if logical_id in self.parameters:
            variable = self._variable("parameter", logical_id)
            is_many = self.is_list_parameter(logical_id)
            return Atom(f"{variable}.value_as_{'list' if is_many else 'string'}")
        if logical_id not in self.created:
            return None
        return Atom(f"{self._l1(logical_id)}.ref")

    def attribute(self, logical_id: str, attribute: str) -> Expression | None:
        """Return ``Fn::GetAtt`` of a resource."""
        if logical_id not in self.created:
            return None
        type_ = self.resources[logical_id]["Type"]
        if self.created[logical_id] and (name := _NAME_ATTRIBUTES.get((type_, attribute))):
            return Atom(f"{self._variable('resource', logical_id)}.{name}")
        return attribute_call(self._l1(logical_id), attribute)

    def is_list_parameter(self, logical_id: str) -> bool:
        """Return whether a parameter has several values."""
        parameter = self.parameters.get(logical_id)
        type_ = str(parameter.get("Type")) if is_mapping(parameter) else ""
        return "List<" in type_ or "CommaDelimitedList" in type_

    def is_number_parameter(self, logical_id: str) -> bool:
        """Return whether a parameter is a number."""
        parameter = self.parameters.get(logical_id)
        return is_mapping(parameter) and parameter.get("Type") == "Number"

    def number_parameter(self, logical_id: str) -> Expression:
        """Return the value of a parameter as a number."""
        return Atom(f"{self._variable('parameter', logical_id)}.value_as_number")

    def keeps_id(self, logical_id: str) -> bool:
        """Return whether generated code gives a resource or parameter the same logical id."""
        return not self.created.get(logical_id, False)

    # Names

    def _variable(self, kind: str, logical_id: str) -> str:
        """Return the variable of a parameter, condition or resource."""
        if (kind, logical_id) not in self._variables:
            name = snake_case(self._readable(kind, logical_id))
            self._variables[kind, logical_id] = self._names.new(name)
        return self._variables[kind, logical_id]

    def _readable(self, kind: str, logical_id: str) -> str:
        """Return a text for the name of a variable."""
        if kind != "resource":
            return logical_id
        type_ = self.resources[logical_id]["Type"]
        if type_ in {TARGET, POLICY}:
            return "Scaling" if type_ == TARGET else "Policy"
        if not self.is_from_cdk:
            return logical_id
        path = construct_path(self.resources[logical_id]) if type_ in TYPED else None
        return without_hash(logical_id) if path is None else path.replace("/", "-")

    def _wanted_id(self, logical_id: str) -> str:
        """Return the id of a construct: that of CDK's construct, or else the logical id."""
        if not self.is_from_cdk:
            return logical_id
        path = construct_path(self.resources[logical_id])
        return path if path is not None and "/" not in path else without_hash(logical_id)

    def _new_id(self, logical_id: str, ending: str = "") -> str:
        """Return the id of a construct, with an ending where another construct has the id."""
        if ending and logical_id in self.resources:
            return self._ids.new(f"{logical_id}{ending}", "")
        return self._ids.new(logical_id, "")

    def _l1(self, logical_id: str) -> str:
        variable = self._variable("resource", logical_id)
        return f"l1({variable})" if self.created.get(logical_id) else variable

    # Order

    def _order(self) -> list[str]:
        """Return the resources, each after those that it refers to.

        A transform replaces resources: of an ``AWS::Serverless::Function`` and an alarm that refer
        to each other, SAM makes a function, an alias and an alarm, which do not. A resource of such
        a pair refers to the other one before it exists, by its logical id.

        Raises:
            UnusableSourceError: Resources refer to each other.
        """
        graph: dict[str, list[str]] = {}
        for logical_id, resource in self.resources.items():
            found = {each for each in self._references(resource) if each in self.resources}
            if logical_id in found and not self._may_exist_later(logical_id):
                raise UnusableSourceError(f"the resource {logical_id} refers to itself")
            graph[logical_id] = sorted(found - {logical_id})
        while True:
            try:
                return list(graphlib.TopologicalSorter(graph).static_order())
            except graphlib.CycleError as error:
                cycle: list[str] = error.args[1]  # each is one that the next refers to
            late = [pair for pair in pairwise(cycle) if self._may_exist_later(pair[0])]
            if not late:
                names = " and ".join(sorted(set(cycle)))
                raise UnusableSourceError(f"{names} refer to each other")
            graph[late[0][1]].remove(late[0][0])

    def _may_exist_later(self, logical_id: str) -> bool:
        """Return whether others may refer to a resource by its logical id before it exists."""
        return self._is_transformed and self.resources[logical_id]["Type"] not in _CONVERTED

    def _references(self, resource: Mapping[str, Any]) -> Iterator[str]:
        properties = properties_of(resource)
        yield from references_in(resource.get("Properties"))
        for key, value in resource.items():
            if key not in _ATTRIBUTES:
                yield from references_in(value)
        if resource["Type"] == TARGET:
            scaled = scaled_resource(properties.get("ResourceId"))
            if scaled is not None:
                for type_ in (ENDPOINT, COMPONENT):
                    yield self._by_name.get((type_, scaled.name), "")
        else:
            for name, type_ in links(resource["Type"], properties):
                yield self._by_name.get((type_, name), "")

    # Resources

    def _resource(self, logical_id: str) -> list[Line]:
        resource = self.resources[logical_id]
        converters: dict[str, Callable[[str, Members], list[Line]]] = {
            MODEL: self._model,
            CONFIG: self._config,
            ENDPOINT: self._endpoint,
            COMPONENT: self._component,
            TARGET: self._target,
            POLICY: self._policy,
        }
        convert = converters.get(resource["Type"])
        if convert is None:
            return self._untyped(logical_id, "")
        properties = resource.get("Properties", {})
        reason = self._options.untyped.get(logical_id, "")
        if not reason and is_mapping(properties) and function_of(properties) is None:
            members = Members(properties)
            try:
                lines = convert(logical_id, members)
            except NotTypedError as error:
                reason = str(error)
            else:
                self.created[logical_id] = True
                lines += self._overrides(logical_id, members)
                return lines + self._attributes(logical_id)
        reason = reason or "its properties are known at deployment only"
        return self._untyped(logical_id, reason)

    def _untyped(self, logical_id: str, reason: str) -> list[Line]:
        resource = self.resources[logical_id]
        properties = resource.get("Properties")
        created = call(
            "cdk.CfnResource",
            Atom("self"),
            text_literal(self._new_id(logical_id)),
            type=text_literal(resource["Type"]),
            properties=None if properties in (None, {}) else self._properties(properties),
        )
        lines: list[Line] = []
        if reason:
            lines.append(
                Comment(f"Plain CloudFormation, because the typed API cannot express it: {reason}.")
            )
        lines += self._notes(logical_id)
        variable = self._variable("resource", logical_id)
        lines.append(Statement(created, variable))
        if created.arguments[1][1] != text_literal(logical_id):  # another construct has the id
            override = call(f"{variable}.override_logical_id", text_literal(logical_id))
            lines.append(Statement(override))
        self.created[logical_id] = False
        return lines + self._attributes(logical_id)

    def _properties(self, properties: Any) -> Expression:  # noqa: ANN401 - JSON
        """Return the properties of plain CloudFormation, which must be a map."""
        name = function_of(properties)
        if name is None:
            return self._expressions.raw(properties)
        return Mapped(((name, self._expressions.raw(properties[name])),))

    def _construct(self, logical_id: str, arguments: Mapping[str, Expression | None]) -> Statement:
        resource = self.resources[logical_id]
        construct_id = self._new_id(self._wanted_id(logical_id))
        self._made_ids[logical_id] = logical_id_of([construct_id, "Resource"])
        created = call(
            TYPED[resource["Type"]],
            Atom("self"),
            text_literal(construct_id),
            **arguments,
            acknowledge=self._reasons(logical_id),
        )
        return Statement(created, self._variable("resource", logical_id))

    def _reasons(self, logical_id: str) -> Expression | None:
        """Return the reasons for which the findings about a resource may stay."""
        reasons = self._options.acknowledged.get(logical_id, {})
        items = tuple((key, text_literal(text)) for key, text in reasons.items())
        return Mapped(items) if items else None

    def _model(self, logical_id: str, members: Members) -> list[Line]:
        if any(map(_may_have_cuda_13, _images(members.left))):
            self._cuda_13.add(self._variable("resource", logical_id))
        return [self._construct(logical_id, ModelConversion(self._to).arguments(members))]

    def _config(self, logical_id: str, members: Members) -> list[Line]:
        conversion = ConfigurationConversion(self._to, self._name_of(MODEL))
        variants = conversion.variants(members)
        lines: list[Line] = [self._construct(logical_id, conversion.arguments(members))]
        variable = self._variable("resource", logical_id)
        for each in variants:
            arguments = each.arguments.arguments
            if self._chooses_machine_image(each):
                arguments = (*arguments, ("inference_ami_version", text_literal("default")))
            lines.append(Statement(Call(f"{variable}.{each.method}", arguments)))
        return lines

    def _chooses_machine_image(self, variant: VariantCall) -> bool:
        """Return whether the construct could choose a machine image that the source does not have.

        It does so for images with CUDA 13 only.
        """
        given = dict(variant.arguments.arguments)
        if "inference_ami_version" in given or variant.method == "add_serverless_variant":
            return False
        return not self._cuda_13.isdisjoint(names_in(variant.arguments))

    def _endpoint(self, logical_id: str, members: Members) -> list[Line]:
        found = EndpointConversion(self._to).endpoint(
            members, self._name_of(CONFIG), is_scaled=self._has_variant_targets
        )
        return self._deployed(logical_id, found)

    def _component(self, logical_id: str, members: Members) -> list[Line]:
        found = EndpointConversion(self._to).component(
            members, self._name_of(ENDPOINT), self._name_of(MODEL), self._name_of(COMPONENT)
        )
        return self._deployed(logical_id, found)

    def _deployed(self, logical_id: str, found: DeployedArguments) -> list[Line]:
        lines: list[Line] = [self._construct(logical_id, found.arguments)]
        variable = self._variable("resource", logical_id)
        for name in found.deletions:
            lines.append(Comment(_DELETED[name]))
            lines.append(
                Statement(
                    call(f"l1({variable}).add_property_deletion_override", text_literal(name))
                )
            )
        return lines

    def _target(self, logical_id: str, members: Members) -> list[Line]:
        resource = self._scaled_resource(members)
        if resource is None or resource in self._scaled:
            raise NotTypedError("ResourceId names no variant or component of this stack")
        self._scaled.add(resource)
        scaled = None
        if isinstance(resource, Call):
            name = self._names.new("variant")
            scaled = Statement(resource, name)
        else:
            name = resource.text
        conversion, resource_id = ScalingConversion(self._to), members.value("ResourceId")
        created = conversion.target(members, name, self._reasons(logical_id))
        variable = self._variable("resource", logical_id)
        lines: list[Line] = [Statement(created, variable)]
        if scaled is not None:
            lines.insert(0, scaled)
        lines += [Statement(each) for each in conversion.schedules(members, variable)]
        self._targets[logical_id] = set()
        if self._keeps_literals and isinstance(resource_id, str):
            members.override(("ResourceId",), resource_id)
        return lines

    def _scaled_resource(self, members: Members) -> Atom | Call | None:
        """Return the variant or component that a target scales."""
        scaled = scaled_resource(members.value("ResourceId"))
        if scaled is None or members.value("ServiceNamespace") != "sagemaker":
            return None
        type_ = COMPONENT if scaled.variant is None else ENDPOINT
        logical_id = scaled.logical_id or self._by_name.get((type_, scaled.name))
        if logical_id is None or not self._is_typed(logical_id, type_):
            return None
        dimension = str(members.value("ScalableDimension")).removeprefix("sagemaker:")
        variable = self._variable("resource", logical_id)
        if scaled.variant is None:
            is_of_component = dimension == "inference-component:DesiredCopyCount"
            return Atom(variable) if is_of_component else None
        is_of_variant = dimension == self._dimension_of(logical_id, scaled.variant)
        found = call(f"{variable}.variant", text_literal(scaled.variant))
        return found if is_of_variant else None

    def _dimension_of(self, endpoint: str, variant: str) -> str | None:
        """Return the dimension in which a variant of an endpoint scales."""
        name = properties_of(self.resources[endpoint]).get("EndpointConfigName")
        config = self._linked(name, CONFIG)
        if config is None or not self._is_typed(config, CONFIG):
            return None
        properties = properties_of(self.resources[config])
        if variant not in variant_names(properties):
            return None
        is_serverless = "ServerlessConfig" in str(properties.get("ProductionVariants"))
        capacity = "DesiredProvisionedConcurrency" if is_serverless else "DesiredInstanceCount"
        return f"variant:{capacity}"

    def _is_typed(self, logical_id: str, type_: str) -> bool:
        """Return whether a resource of a type exists already as a typed construct."""
        is_created = self.created.get(logical_id, False)
        return is_created and self.resources[logical_id]["Type"] == type_

    def _policy(self, logical_id: str, members: Members) -> list[Line]:
        target = members.value("ScalingTargetId")
        target_id = target.get("Ref") if is_mapping(target) and len(target) == 1 else None
        if not isinstance(target_id, str) or target_id not in self._targets:
            raise NotTypedError("its scalable target is plain CloudFormation")
        method, created = ScalingConversion(self._to).policy(
            members, self._variable("resource", target_id), self._reasons(logical_id)
        )
        if method in self._targets[target_id]:
            raise NotTypedError("its target has another policy on the metric")
        self._targets[target_id].add(method)
        return [Statement(created, self._variable("resource", logical_id))]

    # References between resources

    def _linked(self, value: Any, type_: str) -> str | None:  # noqa: ANN401 - JSON
        """Return the resource of a type that a name refers to."""
        found = self._by_name.get((type_, value)) if isinstance(value, str) else None
        if (attribute := attribute_of(value)) is not None and attribute[1] == NAMES[type_]:
            found = attribute[0]
        if found is None or self.resources.get(found, {}).get("Type") != type_:
            return None
        return found

    def _name_of(self, type_: str) -> Callable[[Any], Expression]:
        def convert(value: Any) -> Expression:  # noqa: ANN401 - JSON
            found = self._linked(value, type_)
            if self._keeps_literals and isinstance(value, str) and type_ in {MODEL, COMPONENT}:
                return text_literal(value)
            if found is not None and self.created.get(found):
                return Atom(self._variable("resource", found))
            return self._to.text(value)

        return convert

    # Overrides and resource attributes

    def _overrides(self, logical_id: str, members: Members) -> list[Line]:
        left = list(members.overrides())
        lines: list[Line] = []
        if left:
            lines.append(Comment("Properties that no argument of the construct sets:"))
        lines += self._notes(logical_id)
        for path, value in left:
            arguments = (text_literal(property_path(path)), self._expressions.raw(value))
            lines.append(
                Statement(call(f"{self._l1(logical_id)}.add_property_override", *arguments))
            )
        return lines

    def _notes(self, logical_id: str) -> Iterator[Comment]:
        yield from map(Comment, self._options.notes.get(logical_id, ()))

    def _attributes(self, logical_id: str) -> list[Line]:
        resource, l1 = self.resources[logical_id], self._l1(logical_id)
        lines: list[Line] = []
        if self._needs_id(logical_id):
            function = f"{l1}.override_logical_id"
            lines.append(Statement(call(function, text_literal(logical_id))))
        if (condition := resource.get("Condition")) is not None:
            if not isinstance(condition, str) or condition not in self.conditions:
                raise UnusableSourceError(f"{logical_id} has a condition that does not exist")
            variable = self._variable("condition", condition)
            lines.append(Statement(Atom(variable), f"{l1}.cfn_options.condition"))
        metadata = resource.get("Metadata")
        for key, value in metadata.items() if is_mapping(metadata) else ():
            if key != PATH_KEY:
                arguments = (text_literal(str(key)), self._expressions.raw(value))
                lines.append(Statement(call(f"{l1}.add_metadata", *arguments)))
        for key, value in resource.items():
            if key not in _ATTRIBUTES:
                arguments = (text_literal(property_path((key,))), self._expressions.raw(value))
                lines.append(Statement(call(f"{l1}.add_override", *arguments)))
        return lines

    def _needs_id(self, logical_id: str) -> bool:
        if not self._keeps_ids or not self.created[logical_id]:
            return False
        is_component = self.resources[logical_id]["Type"] == COMPONENT
        return is_component or self._made_ids.get(logical_id) != logical_id

    def _dependencies(self) -> Iterator[Line]:
        for logical_id, resource in self.resources.items():
            given = resource.get("DependsOn", [])
            for other in given if is_list(given) else [given]:
                if not isinstance(other, str) or other not in self.created:
                    raise UnusableSourceError(
                        f"{logical_id} depends on a resource that does not exist"
                    )
                arguments = Atom(self._l1(other))
                yield Statement(call(f"{self._l1(logical_id)}.node.add_dependency", arguments))


def _images(properties: Mapping[str, Any]) -> Iterator[Any]:
    """Yield the images of a model."""
    for each in (properties.get("PrimaryContainer"), *items_of(properties.get("Containers"))):
        if is_mapping(each) and "Image" in each:
            yield each["Image"]


def _may_have_cuda_13(image: Any) -> bool:  # noqa: ANN401 - JSON
    reference = parse_image(image) if isinstance(image, str) else None
    traits = None if reference is None else reference.traits
    is_new = traits is not None and traits.cuda is not None and traits.cuda >= (13,)
    return is_new or "cu13" in str(image)
