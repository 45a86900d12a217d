"""Tests of the checks on policies and dependencies that other tests use."""

from __future__ import annotations

from typing import Any

import pytest
from kit.dependency_graph import Graph, order_violations
from kit.iam_policies import excess_permissions, statement_lines

ROLE = "AWS::IAM::Role"


def _template(**resources: dict[str, Any]) -> dict[str, Any]:
    return {"Resources": resources}


def _named(type_: str, depends_on: object = None, **properties: object) -> dict[str, Any]:
    resource: dict[str, Any] = {"Type": type_, "Properties": properties}
    return resource if depends_on is None else {**resource, "DependsOn": depends_on}


REFERENCES: dict[str, Any] = {
    "Ref": {"Ref": "B"},
    "GetAtt": {"Fn::GetAtt": ["B", "Arn"]},
    "GetAtt as text": {"Fn::GetAtt": "B.Arn"},
    "Sub": {"Fn::Sub": "${B}"},
    "Sub of an attribute": {"Fn::Sub": "arn/${B.Name}"},
    "Sub with values": {"Fn::Sub": ["${x}", {"x": {"Ref": "B"}}]},
    "deep": {"Fn::Join": ["", [{"Fn::Select": [0, [{"Fn::GetAtt": ["B", "Arn"]}]]}]]},
}
NO_REFERENCES: dict[str, Any] = {
    "text": "B",
    "a literal": {"Fn::Sub": "${!B}"},
    "a value with the same name": {"Fn::Sub": ["${B}", {"B": "x"}]},
    "a pseudo parameter": {"Fn::Sub": "${AWS::Region}"},
}


def _edges_of(value: object) -> dict[str, Any]:
    return dict(Graph.of(_template(A=_named("T", p=value), B=_named("T"))).edges)


def test_reference_is_an_edge() -> None:
    assert {name: _edges_of(value) for name, value in REFERENCES.items()} == {
        name: {"A": {"B"}, "B": frozenset()} for name in REFERENCES
    }


def test_other_values_are_no_edges() -> None:
    assert {name: _edges_of(value) for name, value in NO_REFERENCES.items()} == {
        name: {"A": frozenset(), "B": frozenset()} for name in NO_REFERENCES
    }


@pytest.mark.parametrize("depends_on", ["B", ["B"]])
def test_depends_on_is_an_edge(depends_on: object) -> None:
    resources = _template(A=_named("T", depends_on), B=_named("T", p={"Ref": "C"}), C=_named("T"))
    graph = Graph.of(resources)
    assert graph.depends_on("A", "C")
    assert not graph.depends_on("C", "A")
    assert graph.cycles() == []


def test_cycle_is_found() -> None:
    graph = Graph.of(
        _template(
            A=_named("T", p={"Ref": "B"}),
            B=_named("T", ["C"]),
            C=_named("T", p={"Fn::Sub": "${A}"}),
            D=_named("T", p={"Ref": "A"}),
        )
    )
    assert graph.cycles() == ["A", "B", "C"]


def test_template_without_resources() -> None:
    assert (Graph.of({}).cycles(), list(order_violations({})), excess_permissions({})) == (
        [],
        [],
        [],
    )


def _endpoint_template() -> dict[str, Any]:
    """Return a template in order with literal names, so that each dependency is explicit."""
    policy = {"Statement": [_allow("s3:GetObject", "arn:aws:s3:::b/k")]}
    alarms = {"Statement": [_allow("cloudwatch:DescribeAlarms", "*")]}
    role = {"Fn::GetAtt": ["Role", "Arn"]}
    component = "AWS::SageMaker::InferenceComponent"
    base = {"BaseInferenceComponentName": "base"}
    target = "AWS::ApplicationAutoScaling::ScalableTarget"
    return _template(
        Role=_named(ROLE, AssumeRolePolicyDocument={"Statement": []}),
        Policy=_named("AWS::IAM::Policy", PolicyDocument=policy, Roles=[{"Ref": "Role"}]),
        Alarms=_named("AWS::IAM::Policy", PolicyDocument=alarms, Roles=[{"Ref": "Role"}]),
        Model=_named("AWS::SageMaker::Model", "Policy", ExecutionRoleArn=role),
        Config=_named("AWS::SageMaker::EndpointConfig", Model={"Ref": "Model"}),
        Endpoint=_named(
            "AWS::SageMaker::Endpoint",
            ["Policy", "Alarms"],
            EndpointName="e",
            EndpointConfigName={"Fn::GetAtt": ["Config", "EndpointConfigName"]},
        ),
        Target=_named(target, "Endpoint", ResourceId="endpoint/e/variant/v"),
        Base=_named(component, "Endpoint", EndpointName="e", InferenceComponentName="base"),
        Adapter=_named(component, ["Endpoint", "Base"], EndpointName="e", Specification=base),
        Copies=_named(target, "Base", ResourceId="inference-component/base"),
    )


ORDERS = {
    ("Model", "Policy"): "a policy of its execution role",
    ("Endpoint", "Alarms"): "a policy of its execution role",
    ("Target", "Endpoint"): "its endpoint",
    ("Base", "Endpoint"): "its endpoint",
    ("Adapter", "Base"): "its base",
    ("Copies", "Base"): "its component",
}


def test_template_in_order() -> None:
    assert list(order_violations(_endpoint_template())) == []


def test_missing_dependency_is_found() -> None:
    for (later, earlier), role in ORDERS.items():
        template = _endpoint_template()
        resource = template["Resources"][later]
        given = resource.pop("DependsOn")
        is_list = isinstance(given, list)
        resource["DependsOn"] = [each for each in given if is_list and each != earlier]
        assert f"{later} does not depend on {earlier}, {role}" in list(order_violations(template))


def test_name_that_is_a_reference() -> None:
    template = _endpoint_template()
    resources = template["Resources"]
    name = {"Fn::GetAtt": ["Endpoint", "EndpointName"]}
    resources["Target"]["Properties"]["ResourceId"] = {
        "Fn::Join": ["", ["endpoint/", name, "/variant/v"]]
    }
    del resources["Target"]["DependsOn"]
    assert list(order_violations(template)) == []


def _allow(action: object, resource: object, **more: object) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


NAMESPACE = {"StringEquals": {"cloudwatch:namespace": "AWS/SageMaker"}}
S3 = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":s3:::"]]}
STATEMENTS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "exact": (_allow("s3:GetObject", "arn:aws:s3:::bucket/*"), []),
    "an action with a wildcard": (
        _allow(["s3:GetObject*", "s3:PutObject"], "arn:aws:s3:::bucket/*"),
        ["P: s3:GetObject*"],
    ),
    "an action with a question mark": (
        _allow("s3:?etObject", "arn:aws:s3:::b/*"),
        ["P: s3:?etObject"],
    ),
    "all resources": (_allow("s3:GetObject", "*"), ["P: s3:GetObject on *"]),
    "all resources of a service": (
        _allow("s3:GetObject", ["arn:aws:s3:::*"]),
        ["P: s3:GetObject on *"],
    ),
    "all resources of a service, joined": (
        _allow("s3:GetObject", {"Fn::Join": ["", [S3, "*"]]}),
        ["P: s3:GetObject on *"],
    ),
    "an action without resources": (_allow("ecr:GetAuthorizationToken", "*"), []),
    "an action without resources and another one": (
        _allow(["ecr:GetAuthorizationToken", "ecr:BatchGetImage"], "*"),
        ["P: ecr:BatchGetImage on *"],
    ),
    "metrics": (_allow("cloudwatch:PutMetricData", "*", Condition=NAMESPACE), []),
    "metrics of all namespaces": (
        _allow("cloudwatch:PutMetricData", "*"),
        ["P: cloudwatch:PutMetricData on *, without cloudwatch:namespace"],
    ),
    "NotAction": (
        {"Effect": "Allow", "NotAction": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"},
        ["P: all but what is named"],
    ),
    "a denial": ({"Effect": "Deny", "Action": "*", "Resource": "*"}, []),
}


@pytest.mark.parametrize("type_", ["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", ROLE])
def test_wildcards_are_found(type_: str) -> None:
    found = {}
    for name, (statement, _) in STATEMENTS.items():
        document = {"Statement": [statement]}
        properties: dict[str, Any] = {"PolicyDocument": document, "Roles": ["r"]}
        if type_ == ROLE:
            properties = {
                "AssumeRolePolicyDocument": {"Statement": []},
                "Policies": [{"PolicyName": "p", "PolicyDocument": document}],
            }
        found[name] = excess_permissions(_template(P=_named(type_, **properties)))
    assert found == {name: expected for name, (_, expected) in STATEMENTS.items()}


KEYS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "the account": (
        _allow("kms:*", "*", Principal={"AWS": "arn:aws:iam::111122223333:root"}),
        [],
    ),
    "a role, this key": (
        _allow("kms:Decrypt", "*", Principal={"AWS": "arn:aws:iam::111122223333:role/r"}),
        [],
    ),
    "a role, everything": (
        _allow("kms:*", "*", Principal={"AWS": "arn:aws:iam::111122223333:role/r"}),
        ["P: kms:*"],
    ),
}


def test_key_policies_can_have_all_resources() -> None:
    found = {
        name: excess_permissions(
            _template(P=_named("AWS::KMS::Key", KeyPolicy={"Statement": [statement]}))
        )
        for name, (statement, _) in KEYS.items()
    }
    assert found == {name: expected for name, (_, expected) in KEYS.items()}


def test_statements_in_words() -> None:
    document = {"Statement": [_allow("a:B", {"Fn::GetAtt": ["Bucket83908E77", "Arn"]})]}
    template = _template(P0123ABCD=_named("AWS::IAM::Policy", PolicyDocument=document, Roles=[]))
    assert statement_lines(template, "P") == ["a:B on <Bucket>"]
