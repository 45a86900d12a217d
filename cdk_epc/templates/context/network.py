"""Routes and VPC endpoints of a model's subnets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from cdk_epc.spec import VpcConfig
from cdk_epc.spec.network import SubnetRoutes
from cdk_epc.spec.unresolved import Unresolved, is_list, is_mapping
from cdk_epc.templates.app import App, Resource
from cdk_epc.templates.conditions import is_deployed
from cdk_epc.templates.context.iam import known_text
from cdk_epc.templates.expressions import names_in
from cdk_epc.templates.references import (
    ResourceKey,
    ResourceRef,
    cached,
    properties_of,
    referenced_resource,
    referring_resources,
)
from cdk_epc.templates.scenarios import Evaluation
from cdk_epc.templates.template import Template

_SUBNET: Final = "AWS::EC2::Subnet"
_VPC: Final = "AWS::EC2::VPC"
_TABLE: Final = "AWS::EC2::RouteTable"
_ASSOCIATION: Final = "AWS::EC2::SubnetRouteTableAssociation"
_ROUTE: Final = "AWS::EC2::Route"
_ENDPOINT: Final = "AWS::EC2::VPCEndpoint"
_INTERNET_GATEWAY: Final = "AWS::EC2::InternetGateway"
_STACK: Final = "AWS::CloudFormation::Stack"
_READ_TYPES: Final = frozenset({_ASSOCIATION, _ROUTE, _ENDPOINT})
"""Types that refer to route tables and are read; a resource of another type may add routes."""
_SERVICES: Final = ("s3", "lambda")


def subnet_routes(evaluation: Evaluation, network: object) -> tuple[SubnetRoutes, ...] | None:
    """Return the subnets of a model with their routes; ``None`` if one of them is unknown.

    Args:
        evaluation: Evaluation of the template of the model.
        network: ``VpcConfig`` of the model.
    """
    subnets = network.subnets if isinstance(network, VpcConfig) else None
    if not is_list(subnets) or not subnets or not evaluation.scenario.app.is_complete:
        return None
    found: list[SubnetRoutes] = []
    for value in subnets:
        subnet = referenced_resource(evaluation, _SUBNET, value)
        routes = None if subnet is None else _routes_of(subnet)
        if routes is None:
            return None
        found.append(routes)
    return tuple(found)


def _routes_of(subnet: ResourceRef) -> SubnetRoutes | None:
    return cached(subnet.evaluation, (_routes_of, *subnet.key), lambda: _routes(subnet))


def _routes(subnet: ResourceRef) -> SubnetRoutes | None:
    vpc = _referenced(subnet, "VpcId", _VPC)
    table = _route_table(subnet)
    if vpc is None or table is None or table.key in _tables_of_others(subnet.evaluation):
        return None
    targets = list(_gateways(table))
    return SubnetRoutes(
        logical_id=subnet.logical_id,
        has_internet_gateway=any(targets),
        has_other_route=not all(targets),
        endpoints=frozenset(_endpoints(table, vpc)),
    )


def _referenced(resource: ResourceRef, property_: str, type_: str) -> ResourceRef | None:
    """Return the resource to which a property of a resource refers."""
    properties = properties_of(resource.evaluation, resource.logical_id)
    value = properties.get(property_) if is_mapping(properties) else None
    return referenced_resource(resource.evaluation, type_, value)


def _deployed(
    evaluation: Evaluation, type_: str, property_: str, key: ResourceKey
) -> Iterator[ResourceRef]:
    """Yield the deployed resources of a type that may refer to a resource."""
    for template, logical_id in referring_resources(evaluation, type_, property_).get(key, ()):
        owner = evaluation.within(template)
        if is_deployed(owner, logical_id):
            yield ResourceRef(owner, logical_id)


def _route_table(subnet: ResourceRef) -> ResourceRef | None:
    """Return the route table of a subnet; without an association it is that of the VPC."""
    found = list(_deployed(subnet.evaluation, _ASSOCIATION, "SubnetId", subnet.key))
    return _referenced(found[0], "RouteTableId", _TABLE) if len(found) == 1 else None


def _gateways(table: ResourceRef) -> Iterator[bool]:
    """Yield for each route of a table whether it leads to an internet gateway."""
    for route in _deployed(table.evaluation, _ROUTE, "RouteTableId", table.key):
        yield _referenced(route, "GatewayId", _INTERNET_GATEWAY) is not None


def _tables_of_others(evaluation: Evaluation) -> frozenset[ResourceKey]:
    """Return the route tables to which something unknown may add routes or endpoints."""
    app = evaluation.scenario.app
    if _tables_of_others not in app.cache:
        app.cache[_tables_of_others] = frozenset(
            (template.index, name) for template, name in _mentioned_tables(app)
        )
    known: frozenset[ResourceKey] = app.cache[_tables_of_others]
    return known


def _mentioned_tables(app: App) -> Iterator[Resource]:
    for template in app.templates:
        tables = set(template.of_type(_TABLE))
        nodes: list[Any] = [template.section("Outputs")] if tables else []
        nodes += [
            resource
            for logical_id, resource in (template.resources.items() if tables else ())
            if resource["Type"] not in _READ_TYPES
            and not (resource["Type"] == _STACK and _is_known_stack(app, template, logical_id))
        ]
        for node in nodes:
            for _, name in names_in(node):
                if name in tables:
                    yield template, name


def _is_known_stack(app: App, template: Template, logical_id: str) -> bool:
    name = template.input.nested.get(logical_id)
    return name is not None and app.template_named(name) is not None


def _endpoints(table: ResourceRef, vpc: ResourceRef) -> Iterator[str]:
    """Yield the services with a VPC endpoint that a subnet may reach."""
    evaluation = table.evaluation
    for template, logical_id in evaluation.scenario.app.of_type(_ENDPOINT):
        owner = evaluation.within(template)
        properties = properties_of(owner, logical_id) if is_deployed(owner, logical_id) else None
        if isinstance(properties, Unresolved):
            yield from _SERVICES
        elif is_mapping(properties) and _may_reach(owner, properties, table, vpc):
            name = known_text(owner, properties.get("ServiceName")) or "*"
            for service in _SERVICES:
                if name.endswith((f".{service}", "*")):
                    yield service


def _may_reach(
    owner: Evaluation,
    properties: Any,  # noqa: ANN401 - JSON
    table: ResourceRef,
    vpc: ResourceRef,
) -> bool:
    """Return whether an endpoint is in the route table, or has interfaces in the VPC."""
    if properties.get("VpcEndpointType", "Gateway") == "Gateway":
        tables = properties.get("RouteTableIds")
        return isinstance(tables, Unresolved) or any(
            isinstance(each, Unresolved)
            and (
                each.refers_to is None
                or (found := referenced_resource(owner, _TABLE, each)) is None
                or found.key == table.key
            )
            for each in (tables if is_list(tables) else ())
        )
    found = referenced_resource(owner, _VPC, properties.get("VpcId"))
    return found is None or found.key == vpc.key
