"""The checks that every template of the tests goes through find what they are there for."""

from __future__ import annotations

from typing import Any

import pytest
from kit.graphs import Graph, out_of_order
from kit.policies import in_words, too_much

ROLE = "AWS::IAM::Role"


def _template(**resources: dict[str, Any]) -> dict[str, Any]:
    return {"Resources": resources}


def _named(type_: str, depends_on: object = None, **properties: object) -> dict[str, Any]:
    resource: dict[str, Any] = {"Type": type_, "Properties": properties}
    return resource if depends_on is None else {**resource, "DependsOn": depends_on}


REFERENCES: dict[str, Any] = {
    "Ref": {"Ref": "B"},
    "GetAtt": {"Fn::GetAtt": ["B", "Arn"]},
    "GetAtt as a text": {"Fn::GetAtt": "B.Arn"},
    "Sub": {"Fn::Sub": "${B}"},
    "Sub of an attribute": {"Fn::Sub": "arn/${B.Name}"},
    "Sub with values": {"Fn::Sub": ["${x}", {"x": {"Ref": "B"}}]},
    "deep": {"Fn::Join": ["", [{"Fn::Select": [0, [{"Fn::GetAtt": ["B", "Arn"]}]]}]]},
}
NO_REFERENCES: dict[str, Any] = {
    "a text": "B",
    "a literal": {"Fn::Sub": "${!B}"},
    "a value of that name": {"Fn::Sub": ["${B}", {"B": "x"}]},
    "a pseudo parameter": {"Fn::Sub": "${AWS::Region}"},
}


@pytest.mark.parametrize("how", REFERENCES)
def test_a_reference_is_an_edge(how: str) -> None:
    graph = Graph.of(_template(A=_named("T", p=REFERENCES[how]), B=_named("T")))
    assert graph.edges == {"A": {"B"}, "B": frozenset()}


@pytest.mark.parametrize("how", NO_REFERENCES)
def test_anything_else_is_none(how: str) -> None:
    graph = Graph.of(_template(A=_named("T", p=NO_REFERENCES[how]), B=_named("T")))
    assert graph.edges == {"A": frozenset(), "B": frozenset()}


@pytest.mark.parametrize("depends_on", ["B", ["B"]])
def test_what_depends_waits(depends_on: object) -> None:
    resources = _template(A=_named("T", depends_on), B=_named("T", p={"Ref": "C"}), C=_named("T"))
    graph = Graph.of(resources)
    assert graph.waits_for("A", "C")
    assert not graph.waits_for("C", "A")
    assert graph.cycles() == []


def test_a_cycle_is_found() -> None:
    graph = Graph.of(
        _template(
            A=_named("T", p={"Ref": "B"}),
            B=_named("T", ["C"]),
            C=_named("T", p={"Fn::Sub": "${A}"}),
            D=_named("T", p={"Ref": "A"}),
        )
    )
    assert graph.cycles() == ["A", "B", "C"]


def test_a_template_without_resources_is_no_trouble() -> None:
    assert (Graph.of({}).cycles(), list(out_of_order({})), too_much({})) == ([], [], [])


def _endpoint_template() -> dict[str, Any]:
    """Everything in order, by literal names, so that each wait has to be said."""
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


def test_what_is_in_order_is_not_out_of_it() -> None:
    assert list(out_of_order(_endpoint_template())) == []


@pytest.mark.parametrize(("later", "earlier"), ORDERS)
def test_what_is_made_too_early_is_found(later: str, earlier: str) -> None:
    template = _endpoint_template()
    resource = template["Resources"][later]
    given = resource.pop("DependsOn")
    resource["DependsOn"] = [each for each in given if isinstance(given, list) and each != earlier]
    what = ORDERS[later, earlier]
    assert f"{later} does not wait for {earlier}, {what}" in list(out_of_order(template))


def test_a_name_can_be_a_reference() -> None:
    template = _endpoint_template()
    resources = template["Resources"]
    name = {"Fn::GetAtt": ["Endpoint", "EndpointName"]}
    resources["Target"]["Properties"]["ResourceId"] = {
        "Fn::Join": ["", ["endpoint/", name, "/variant/v"]]
    }
    del resources["Target"]["DependsOn"]
    assert list(out_of_order(template)) == []


def _allow(action: object, resource: object, **more: object) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


NAMESPACE = {"StringEquals": {"cloudwatch:namespace": "AWS/SageMaker"}}
S3 = {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":s3:::"]]}
STATEMENTS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "exact": (_allow("s3:GetObject", "arn:aws:s3:::bucket/*"), []),
    "a pattern of actions": (
        _allow(["s3:GetObject*", "s3:PutObject"], "arn:aws:s3:::bucket/*"),
        ["P: s3:GetObject*"],
    ),
    "a mark of one character": (_allow("s3:?etObject", "arn:aws:s3:::b/*"), ["P: s3:?etObject"]),
    "everything": (_allow("s3:GetObject", "*"), ["P: s3:GetObject on *"]),
    "everything of a service": (
        _allow("s3:GetObject", ["arn:aws:s3:::*"]),
        ["P: s3:GetObject on *"],
    ),
    "everything of a service, joined": (
        _allow("s3:GetObject", {"Fn::Join": ["", [S3, "*"]]}),
        ["P: s3:GetObject on *"],
    ),
    "nothing narrower": (_allow("ecr:GetAuthorizationToken", "*"), []),
    "nothing narrower beside something": (
        _allow(["ecr:GetAuthorizationToken", "ecr:BatchGetImage"], "*"),
        ["P: ecr:BatchGetImage on *"],
    ),
    "metrics": (_allow("cloudwatch:PutMetricData", "*", Condition=NAMESPACE), []),
    "metrics of anybody": (
        _allow("cloudwatch:PutMetricData", "*"),
        ["P: cloudwatch:PutMetricData on *, without cloudwatch:namespace"],
    ),
    "all but": (
        {"Effect": "Allow", "NotAction": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"},
        ["P: all but what is named"],
    ),
    "a denial": ({"Effect": "Deny", "Action": "*", "Resource": "*"}, []),
}


@pytest.mark.parametrize("what", STATEMENTS)
@pytest.mark.parametrize("kind", ["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", ROLE])
def test_what_is_allowed_without_need_is_found(kind: str, what: str) -> None:
    statement, found = STATEMENTS[what]
    document = {"Statement": [statement]}
    properties: dict[str, Any] = {"PolicyDocument": document, "Roles": ["r"]}
    if kind == ROLE:
        properties = {
            "AssumeRolePolicyDocument": {"Statement": []},
            "Policies": [{"PolicyName": "p", "PolicyDocument": document}],
        }
    assert too_much(_template(P=_named(kind, **properties))) == found


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


@pytest.mark.parametrize("what", KEYS)
def test_a_key_calls_itself_everything(what: str) -> None:
    statement, found = KEYS[what]
    template = _template(P=_named("AWS::KMS::Key", KeyPolicy={"Statement": [statement]}))
    assert too_much(template) == found


def test_a_policy_in_words() -> None:
    document = {"Statement": [_allow("a:B", {"Fn::GetAtt": ["Bucket83908E77", "Arn"]})]}
    template = _template(P0123ABCD=_named("AWS::IAM::Policy", PolicyDocument=document, Roles=[]))
    assert in_words(template, "P") == ["a:B on <Bucket>"]
