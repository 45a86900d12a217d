"""Routes and VPC endpoints of the subnets of a model."""

from __future__ import annotations

from typing import Any

from kit.templates import CONDITIONS, ENV, MODEL, NO_VALUE, Json, contexts, get, resource, subjects

from cdk_epc.spec.context import ModelContext
from cdk_epc.spec.network import SubnetRoutes
from cdk_epc.templates import TemplateInput

TABLE = "AWS::EC2::RouteTable"
ROUTE = "AWS::EC2::Route"
ENDPOINT = "AWS::EC2::VPCEndpoint"
VPC: Json = {
    "Vpc": resource("AWS::EC2::VPC", CidrBlock="10.0.0.0/16"),
    "Subnet": resource("AWS::EC2::Subnet", VpcId={"Ref": "Vpc"}),
    "Table": resource(TABLE, VpcId={"Ref": "Vpc"}),
    "Association": resource(
        "AWS::EC2::SubnetRouteTableAssociation",
        SubnetId={"Ref": "Subnet"},
        RouteTableId={"Ref": "Table"},
    ),
}
OF_TABLE = {"RouteTableId": {"Ref": "Table"}}
IN_VPC = {"VpcId": {"Ref": "Vpc"}}
S3 = "com.amazonaws.eu-west-1.s3"


def model_in(*subnets: Any) -> Json:
    network = {"Subnets": list(subnets), "SecurityGroupIds": ["sg-1"]}
    return {**MODEL, "Properties": {**MODEL["Properties"], "VpcConfig": network}}


def of_template(*subnets: Any, template: Json | None = None, **sections: Any) -> Any:
    """Return the subnets of a model in one of them, in each scenario."""
    given = subnets or ({"Ref": "Subnet"},)
    seen = subjects(ModelContext, {"Model": model_in(*given), **(template or VPC)}, **sections)
    return [each.subnets for each in seen]


def routes(resources: Json, **sections: Any) -> Any:
    """Return the subnet with these resources beside the VPC."""
    (subnets,) = of_template(template={**VPC, **resources}, **sections)
    return subnets and subnets[0]


CLOSED = SubnetRoutes(logical_id="Subnet")


def test_routes_of_a_subnet() -> None:
    assert routes({}) == CLOSED
    gateway = {"Gateway": resource("AWS::EC2::InternetGateway")}
    internet = SubnetRoutes(logical_id="Subnet", has_internet_gateway=True)
    other = SubnetRoutes(logical_id="Subnet", has_other_route=True)
    for target, expected in (
        ({"GatewayId": {"Ref": "Gateway"}}, internet),
        ({"GatewayId": {"Ref": "Nothing"}}, other),
        ({"NatGatewayId": "nat-1"}, other),
        ({"TransitGatewayId": "tgw-1", "DestinationCidrBlock": "10.1.0.0/16"}, other),
        ({}, other),
    ):
        route = resource(ROUTE, **OF_TABLE, **target)
        assert routes({**gateway, "Route": route}) == expected, target
    elsewhere = resource(ROUTE, RouteTableId={"Ref": "Other"}, NatGatewayId="nat-1")
    assert routes({"Other": VPC["Table"], "Route": elsewhere}) == CLOSED


def test_endpoints_that_a_subnet_reaches() -> None:
    other_vpc = {"OtherVpc": VPC["Vpc"], "OtherTable": VPC["Table"]}
    join = {"Fn::Join": ["", ["com.amazonaws.", {"Ref": "AWS::Region"}, ".s3"]]}
    in_table = {"RouteTableIds": [{"Ref": "Table"}]}
    interface = {"VpcEndpointType": "Interface", **IN_VPC}
    rows: tuple[tuple[Json, set[str]], ...] = (
        ({"ServiceName": S3, **IN_VPC, **in_table}, {"s3"}),
        ({"ServiceName": join, **IN_VPC, **in_table}, {"s3"}),
        ({"ServiceName": S3, "RouteTableIds": {"Ref": "Nothing"}}, {"s3"}),
        ({"ServiceName": S3, "RouteTableIds": [{"Ref": "Nothing"}]}, {"s3"}),
        ({"ServiceName": {"Ref": "Nothing"}, **in_table}, {"s3", "lambda"}),
        ({"ServiceName": S3, "RouteTableIds": [{"Ref": "OtherTable"}]}, set[str]()),
        ({"ServiceName": S3, **IN_VPC}, set[str]()),
        ({"ServiceName": "com.amazonaws.eu-west-1.dynamodb", **in_table}, set[str]()),
        ({"ServiceName": S3, **interface}, {"s3"}),
        ({"ServiceName": "com.amazonaws.eu-west-1.lambda", **interface}, {"lambda"}),
        ({"ServiceName": S3, **interface, "VpcId": {"Ref": "Nothing"}}, {"s3"}),
        ({"ServiceName": S3, **interface, "VpcId": {"Ref": "OtherVpc"}}, set[str]()),
        ({"Fn::Transform": {}}, {"s3", "lambda"}),
    )
    for properties, expected in rows:
        found = routes({**other_vpc, "Endpoint": resource(ENDPOINT, **properties)})
        assert found.endpoints == expected, properties


def test_subnets_that_are_not_known() -> None:
    assert of_template("subnet-1") == [None]
    assert of_template({"Ref": "Subnet"}, {"Ref": "Nothing"}) == [None]
    assert of_template({"Ref": "Table"}) == [None]
    assert of_template({"Ref": "Subnet"}, {"Ref": "Subnet"}) == [(CLOSED, CLOSED)]
    for name in ("Association", "Vpc"):
        resources = {id_: each for id_, each in VPC.items() if id_ != name}
        assert of_template(template=resources) == [None]
    assert routes({"Second": VPC["Association"]}) is None
    assert routes({"Fn::ForEach::Routes": []}) is None
    table = resource("AWS::EC2::SubnetRouteTableAssociation", SubnetId={"Ref": "Subnet"})
    assert routes({"Association": table}) is None


def test_tables_to_which_others_may_add_routes() -> None:
    assert routes({}, Outputs={"Vpc": {"Value": {"Ref": "Vpc"}}}) == CLOSED
    assert routes({}, Outputs={"Table": {"Value": {"Ref": "Table"}}}) is None
    for type_ in (
        "Custom::Route",
        "AWS::EC2::VPNGatewayRoutePropagation",
        "AWS::CloudFormation::Stack",
    ):
        assert routes({"Other": resource(type_, Tables=[{"Ref": "Table"}])}) is None
    assert routes({"Other": resource("Custom::Route", Vpc={"Ref": "Vpc"})}) == CLOSED


def test_routes_in_branches() -> None:
    nat = {"Condition": "IsProd", **resource(ROUTE, **OF_TABLE, NatGatewayId="nat-1")}
    found = of_template(template={**VPC, "Route": nat}, Parameters=ENV, Conditions=CONDITIONS)
    assert sorted(each[0].has_other_route for each in found) == [False, True]
    chosen = {"Fn::If": ["IsProd", {"Ref": "Subnet"}, NO_VALUE]}
    found = of_template(chosen, "subnet-1", Parameters=ENV, Conditions=CONDITIONS)
    assert found == [None, None]


def test_subnets_of_another_stack() -> None:
    parent = {
        "Resources": {
            **VPC,
            "Child": resource("AWS::CloudFormation::Stack", Parameters={"Id": {"Ref": "Subnet"}}),
        }
    }
    child = {
        "Parameters": {"Id": {"Type": "String"}},
        "Resources": {"Model": model_in({"Ref": "Id"})},
    }
    inputs = (
        TemplateInput(template=parent, name="parent", nested={"Child": "child"}),
        TemplateInput(template=child, name="child"),
    )
    assert [each.subnets for each in contexts((ModelContext,), *inputs)] == [(CLOSED,)]
    with_table = resource(
        "AWS::CloudFormation::Stack", Parameters={"Id": {"Ref": "Subnet"}, "T": get("Table", "Id")}
    )
    known = {"Resources": {**parent["Resources"], "Child": with_table}}
    inputs = (TemplateInput(template=known, name="parent", nested={"Child": "child"}), inputs[1])
    assert [each.subnets for each in contexts((ModelContext,), *inputs)] == [(CLOSED,)]


def test_an_exported_subnet() -> None:
    exporting = {
        "Resources": VPC,
        "Outputs": {"Id": {"Value": {"Ref": "Subnet"}, "Export": {"Name": "subnet"}}},
    }
    importing = {"Resources": {"Model": model_in({"Fn::ImportValue": "subnet"})}}
    inputs = (
        TemplateInput(template=exporting, name="network"),
        TemplateInput(template=importing, name="model"),
    )
    assert [each.subnets for each in contexts((ModelContext,), *inputs)] == [(CLOSED,)]
