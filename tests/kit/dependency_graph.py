"""Dependency graph of a template, and the order in which the parts of an endpoint are created."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

import attrs

_SUB: Final = re.compile(r"\$\{([^!${}][^${}]*)\}")
"""Variable of ``Fn::Sub``; ``${!name}`` is the text ``${name}``."""

ENDPOINT: Final = "AWS::SageMaker::Endpoint"
CONFIG: Final = "AWS::SageMaker::EndpointConfig"
MODEL: Final = "AWS::SageMaker::Model"
COMPONENT: Final = "AWS::SageMaker::InferenceComponent"
MANAGED: Final = "AWS::IAM::ManagedPolicy"
POLICY: Final = "AWS::IAM::Policy"
TARGET: Final = "AWS::ApplicationAutoScaling::ScalableTarget"


@attrs.frozen
class Graph:
    """Resources of a template with their references and ``DependsOn``.

    Attributes:
        template: The template.
        edges: Logical ids of the direct dependencies by logical id.
    """

    template: Mapping[str, Any]
    edges: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, template: Mapping[str, Any]) -> Graph:
        """Return the graph of a template, from ``Ref``, ``GetAtt``, ``Sub`` and ``DependsOn``."""
        resources = template.get("Resources", {})
        return cls(
            template,
            {
                id_: frozenset(named for named in _named_in(body) if named in resources)
                for id_, body in resources.items()
            },
        )

    def all_of(self, type_: str) -> list[str]:
        """Return the logical ids of the resources of a type."""
        resources = self.template.get("Resources", {})
        return [id_ for id_, each in resources.items() if each["Type"] == type_]

    def properties_of(self, type_: str) -> list[tuple[str, dict[str, Any]]]:
        """Return the resources of a type, each with its properties."""
        resources = self.template.get("Resources", {})
        return [(id_, resources[id_].get("Properties", {})) for id_ in self.all_of(type_)]

    def dependencies_of(self, id_: str) -> frozenset[str]:
        """Return the direct and indirect dependencies of a resource."""
        found: set[str] = set()
        ahead = [*self.edges[id_]]
        while ahead:
            if (each := ahead.pop()) not in found:
                found.add(each)
                ahead += self.edges[each]
        return frozenset(found)

    def depends_on(self, id_: str, other: str) -> bool:
        """Return whether a resource depends on the other, directly or not."""
        return other in self.dependencies_of(id_)

    def cycles(self) -> list[str]:
        """Return the logical ids of the resources that depend on themselves."""
        return sorted(id_ for id_ in self.edges if self.depends_on(id_, id_))


def _named_in(tree: object) -> Iterator[str]:
    """Yield the logical ids that a resource, or a part of one, refers to."""
    if isinstance(tree, list):
        for item in cast("list[object]", tree):
            yield from _named_in(item)
    if not isinstance(tree, dict):
        return
    for key, what in cast("dict[str, Any]", tree).items():
        if key == "Ref":
            yield str(what)
        elif key == "Fn::GetAtt":
            yield what.partition(".")[0] if isinstance(what, str) else what[0]
        elif key == "DependsOn":
            yield from [what] if isinstance(what, str) else what
        elif key == "Fn::Sub":
            yield from _named_in_sub(what)
        else:
            yield from _named_in(what)


def _named_in_sub(what: object) -> Iterator[str]:
    text, values = what if isinstance(what, list) else (what, {})
    yield from _named_in(values)
    for name in _SUB.findall(text):
        if name not in values:
            yield name.partition(".")[0]


def assert_acyclic(template: Mapping[str, Any]) -> None:
    """Assert that no resource of a template depends on itself."""
    assert Graph.of(template).cycles() == []


def assert_in_order(template: Mapping[str, Any]) -> None:
    """Assert that the parts of endpoints are created in the order that SageMaker needs.

    The policies of an execution role come before the model and the endpoint, the endpoint before
    its scalable targets and its components, a base component before its adapters. CloudFormation
    deletes in the reverse order.
    """
    assert list(order_violations(template)) == []


def order_violations(template: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each resource that may be created too early."""
    graph = Graph.of(template)
    for later, earlier, what in _orders(graph):
        if not graph.depends_on(later, earlier):
            yield f"{later} does not depend on {earlier}, {what}"


def _orders(graph: Graph) -> Iterator[tuple[str, str, str]]:
    """Yield two resources that must be created in reverse order, and the role of the second."""
    for type_ in (MODEL, ENDPOINT):
        for id_ in graph.all_of(type_):
            for policy in _policies_of(graph, id_):
                yield id_, policy, "a policy of its execution role"
    for id_, properties in graph.properties_of(TARGET):
        kind, _, name = _text(properties["ResourceId"]).partition("/")
        if kind == "endpoint":
            yield from ((id_, each, "its endpoint") for each in _endpoints(graph, name))
        if kind == "inference-component":
            yield from ((id_, each, "its component") for each in _components(graph, name))
    for id_, properties in graph.properties_of(COMPONENT):
        name = _text(properties["EndpointName"])
        yield from ((id_, each, "its endpoint") for each in _endpoints(graph, name))
        base = _text(properties.get("Specification", {}).get("BaseInferenceComponentName", ""))
        yield from ((id_, each, "its base") for each in _components(graph, base))


def _policies_of(graph: Graph, id_: str) -> Iterator[str]:
    """Yield the policies of the execution roles of a model or an endpoint.

    A model does not need a policy about alarms, which SageMaker reads during the update of an
    endpoint; the alarms may monitor the model. An endpoint does not need the policy of a component.
    A policy to call an endpoint is created after that endpoint, which may be the role's own.
    """
    behind = {id_, *graph.dependencies_of(id_)}
    roles = {
        named
        for type_ in (MODEL, CONFIG)
        for each, properties in graph.properties_of(type_)
        if each in behind
        for named in _named_in(properties.get("ExecutionRoleArn"))
    }
    is_model = id_ in graph.all_of(MODEL)
    for type_ in (POLICY, MANAGED):
        for policy, properties in graph.properties_of(type_):
            is_of_component = any(policy in graph.edges[each] for each in graph.all_of(COMPONENT))
            is_of_other = is_model or is_of_component
            if is_of_other and _actions(properties) == {"cloudwatch:DescribeAlarms"}:
                continue
            if all(each.startswith("sagemaker:Invoke") for each in _actions(properties)):
                continue
            if roles & set(_named_in(properties.get("Roles"))):
                yield policy


def _actions(policy: Mapping[str, Any]) -> set[str]:
    actions: set[str] = set()
    for statement in policy["PolicyDocument"]["Statement"]:
        given = statement["Action"]
        actions |= {given} if isinstance(given, str) else set(given)
    return actions


def _endpoints(graph: Graph, text: str) -> Iterator[str]:
    """Yield the endpoints whose name, or a reference to it, is at the start of a text."""
    return _named(graph, ENDPOINT, "EndpointName", text.partition("/")[0])


def _components(graph: Graph, text: str) -> Iterator[str]:
    return _named(graph, COMPONENT, "InferenceComponentName", text)


def _named(graph: Graph, type_: str, member: str, name: str) -> Iterator[str]:
    for id_, properties in graph.properties_of(type_):
        if name and (f"<{id_}>" in name or properties.get(member) == name):
            yield id_


def _text(tree: object) -> str:
    """Return a text with references as the logical id in angle brackets."""
    if isinstance(tree, dict):
        ((key, what),) = cast("dict[str, Any]", tree).items()
        if key == "Fn::Join":
            return str(what[0]).join(_text(item) for item in what[1])
        return "".join(f"<{named}>" for named in _named_in(cast("object", tree)))
    return str(tree)
