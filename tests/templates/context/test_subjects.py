"""What stands around a configuration or an endpoint, as the rules are given it."""

from __future__ import annotations

from typing import Any

import pytest
from kit.templates import CONFIG

from cdk_epc.rules import Rule
from cdk_epc.spec import Path
from cdk_epc.spec.context import (
    ConfigContext,
    EndpointContext,
    ReferencedTarget,
    RolePolicies,
)
from cdk_epc.templates import TemplateInput, review_app

MODEL, ENDPOINT = "AWS::SageMaker::Model", "AWS::SageMaker::Endpoint"
TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"
ROLE, POLICY = "AWS::IAM::Role", "AWS::IAM::Policy"
STACK = "AWS::CloudFormation::Stack"
VARIANT: Path = ("production_variants", 0)
NAME: Path = (*VARIANT, "model_name")


def resource(type_: str, /, **properties: Any) -> dict[str, Any]:
    return {"Type": type_, "Properties": properties}


def config(model: Any = None, **properties: Any) -> dict[str, Any]:
    variant = {"VariantName": "main", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    if model is not None:
        variant["ModelName"] = model
    return resource(CONFIG, ProductionVariants=[variant], **properties)


def get(logical_id: str, attribute: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [logical_id, attribute]}


def subjects(*templates: TemplateInput) -> list[Any]:
    """What is in place, in every scenario of every template."""
    seen: list[Any] = []

    def note(subject: Any) -> tuple[()]:
        seen.append(subject)
        return ()

    about = (ConfigContext, EndpointContext)
    review_app(templates, rules=[Rule(id="own-rule", title="", why="", about=about, check=note)])
    return seen


def subject_of(resources: dict[str, Any], **sections: Any) -> Any:
    """The one configuration in place, in the first scenario."""
    return subjects(TemplateInput(template={**sections, "Resources": resources}))[0]


def named_models(subject: ConfigContext) -> dict[Path, tuple[str, bool]]:
    return {path: (m.logical_id, m.is_dependency) for path, m in subject.models.items()}


ENV = {"Env": {"Type": "String", "Default": "dev"}}
CONDITIONS = {"IsProd": {"Fn::Equals": [{"Ref": "Env"}, "prod"]}}
SUB = {"Fn::Sub": "${AWS::StackName}-m"}
MODELS: list[tuple[str, dict[str, Any], dict[Path, tuple[str, bool]]]] = [
    ("attribute", {"M": resource(MODEL), "C": config(get("M", "ModelName"))}, {NAME: ("M", True)}),
    ("ref", {"M": resource(MODEL), "C": config({"Ref": "M"})}, {NAME: ("M", True)}),
    (
        "equal names",
        {"M": resource(MODEL, ModelName="m"), "C": config("m")},
        {NAME: ("M", False)},
    ),
    (
        "equal names, and waits",
        {"M": resource(MODEL, ModelName="m"), "C": {**config("m"), "DependsOn": "M"}},
        {NAME: ("M", True)},
    ),
    (
        "equal names, and waits for what waits",
        {
            "M": resource(MODEL, ModelName="m"),
            "N": {"Type": "AWS::SNS::Topic", "DependsOn": ["M"]},
            "C": {**config("m"), "DependsOn": ["N"]},
        },
        {NAME: ("M", True)},
    ),
    (
        "equal names, and mentioned elsewhere",
        {
            "M": resource(MODEL, ModelName="m"),
            "C": config("m", Tags=[{"Key": "a", "Value": {"Fn::Sub": "${M.ModelName}"}}]),
        },
        {NAME: ("M", True)},
    ),
    (
        "equal expressions",
        {"M": resource(MODEL, ModelName=SUB), "C": config(SUB)},
        {NAME: ("M", False)},
    ),
    (
        "equal expressions that are known",
        {"M": resource(MODEL, ModelName={"Ref": "Env"}), "C": config({"Ref": "Env"})},
        {NAME: ("M", False)},
    ),
    ("another name", {"M": resource(MODEL, ModelName="m"), "C": config("n")}, {}),
    ("another type", {"M": resource(ROLE), "C": config({"Ref": "M"})}, {}),
    (
        "two of a name",
        {
            "M": resource(MODEL, ModelName="m"),
            "N": resource(MODEL, ModelName="m"),
            "C": config("m"),
        },
        {},
    ),
    (
        "two of a name, one deployed",
        {
            "M": {**resource(MODEL, ModelName="m"), "Condition": "IsProd"},
            "N": resource(MODEL, ModelName="m"),
            "C": config("m"),
        },
        {NAME: ("N", False)},
    ),
    (
        "not deployed",
        {"M": {**resource(MODEL), "Condition": "IsProd"}, "C": config({"Ref": "M"})},
        {},
    ),
    (
        "unknown properties",
        {"M": {"Type": MODEL, "Properties": {"Ref": "x"}}, "C": config({"Ref": "M"})},
        {},
    ),
]


@pytest.mark.parametrize(
    ("resources", "models"), [row[1:] for row in MODELS], ids=[row[0] for row in MODELS]
)
def test_models(resources: dict[str, Any], models: dict[Path, tuple[str, bool]]) -> None:
    subject = subject_of(resources, Parameters=ENV, Conditions=CONDITIONS)
    assert named_models(subject) == models


def test_model_of_a_pool() -> None:
    pools = [{"InstanceType": "ml.m5.large", "Priority": 1, "ModelNameOverride": {"Ref": "M"}}]
    variant = {"VariantName": "main", "ModelName": "n", "InstancePools": pools}
    resources = {"M": resource(MODEL), "C": resource(CONFIG, ProductionVariants=[variant])}
    assert named_models(subject_of(resources)) == {
        (*VARIANT, "instance_pools", 0, "model_name_override"): ("M", True)
    }


def document(*actions: Any, **more: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*", **more}
    return {"PolicyDocument": {"Statement": [statement]}}


def role(*policies: Any, **more: Any) -> dict[str, Any]:
    return resource(ROLE, Policies=list(policies), **more)


ARN = {"ExecutionRoleArn": get("R", "Arn")}
READ = document("s3:GetObject")
ATTACHED = resource(POLICY, Roles=[{"Ref": "R"}], **document("sns:Publish"))
ROLES: list[tuple[str, dict[str, Any], frozenset[str] | None]] = [
    ("inline", {"R": role(READ)}, frozenset({"s3:getobject"})),
    ("nothing", {"R": role()}, frozenset()),
    ("no properties", {"R": {"Type": ROLE}}, frozenset()),
    (
        "attached",
        {"R": role(READ), "P": ATTACHED},
        frozenset({"s3:getobject", "sns:publish"}),
    ),
    (
        "attached by name",
        {
            "R": role(),
            "P": resource("AWS::IAM::RolePolicy", RoleName={"Ref": "R"}, **document("a:B")),
        },
        frozenset({"a:b"}),
    ),
    (
        "managed, in sight",
        {
            "R": role(ManagedPolicyArns=[{"Ref": "P"}]),
            "P": resource("AWS::IAM::ManagedPolicy", **document("a:*")),
        },
        frozenset({"a:*"}),
    ),
    (
        "one statement, one action",
        {"R": role({"PolicyDocument": {"Statement": {"Effect": "Allow", "Action": "a:B"}}})},
        frozenset({"a:b"}),
    ),
    ("denied", {"R": role(document("a:B", Effect="Deny"))}, frozenset()),
    (
        "not attached in this scenario",
        {"R": role(), "P": {**ATTACHED, "Condition": "IsProd"}},
        frozenset(),
    ),
    (
        "attached to another",
        {"R": role(), "S": role(), "P": resource(POLICY, Roles=[{"Ref": "S"}], **READ)},
        frozenset(),
    ),
    (
        "attached to one of two",
        {
            "R": role(),
            "S": role(),
            "P": resource(
                POLICY, Roles=[{"Fn::If": ["IsProd", {"Ref": "R"}, {"Ref": "S"}]}], **READ
            ),
        },
        frozenset(),
    ),
    ("managed by AWS", {"R": role(ManagedPolicyArns=["arn:aws:iam::aws:policy/A"])}, None),
    ("managed, unknown", {"R": role(ManagedPolicyArns=[{"Ref": "Env"}])}, None),
    ("managed, no list", {"R": role(ManagedPolicyArns={"Ref": "Nothing"})}, None),
    (
        "denied, then allowed",
        {
            "R": role(
                {
                    "PolicyDocument": {
                        "Statement": [
                            {"Effect": "Deny", "Action": "a:B"},
                            {"Effect": "Allow", "Action": "c:D"},
                        ]
                    }
                }
            )
        },
        frozenset({"c:d"}),
    ),
    (
        "attached to a text or to it",
        {
            "R": role(),
            "P": resource(
                POLICY,
                Roles=[{"Fn::If": ["IsProd", {"Ref": "R"}, "other"]}, {"Ref": "R"}],
                **READ,
            ),
        },
        frozenset({"s3:getobject"}),
    ),
    (
        "attached to another and to it",
        {
            "R": role(),
            "S": role(),
            "P": resource(POLICY, Roles=[{"Ref": "S"}, {"Ref": "R"}], **READ),
        },
        frozenset({"s3:getobject"}),
    ),
    ("a role that is not there", {"S": role()}, None),
    ("a statement as text", {"R": role({"PolicyDocument": {"Statement": ["a:B"]}})}, None),
    ("no statement", {"R": role({"PolicyDocument": {}})}, None),
    ("no action", {"R": role({"PolicyDocument": {"Statement": [{"Effect": "Allow"}]}})}, None),
    (
        "managed, unknown properties",
        {
            "R": role(ManagedPolicyArns=[{"Ref": "P"}]),
            "P": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"Fn::Transform": {}}},
        },
        None,
    ),
    (
        "attached, unknown properties",
        {
            "R": role(),
            "P": resource(POLICY, Roles=[{"Ref": "R"}], **READ, **{"Fn::Transform": {}}),
        },
        None,
    ),
    (
        "attached to another and to who knows what",
        {
            "R": role(),
            "S": role(),
            "P": resource(POLICY, Roles=[{"Ref": "S"}, {"Ref": "Nothing"}], **READ),
        },
        None,
    ),
    ("attached to a text", {"R": role(), "P": resource(POLICY, Roles=["r"], **READ)}, None),
    ("all but", {"R": role({"PolicyDocument": {"Statement": [{"NotAction": "a:B"}]}})}, None),
    ("unknown action", {"R": role(document({"Ref": "Nothing"}))}, None),
    ("unknown document", {"R": role({"PolicyDocument": {"Ref": "Nothing"}})}, None),
    ("unknown policy", {"R": role({"Ref": "Nothing"})}, None),
    ("unknown properties", {"R": {"Type": ROLE, "Properties": {"Ref": "Nothing"}}}, None),
    (
        "attached, unknown",
        {"R": role(), "P": resource(POLICY, Roles=[{"Ref": "R"}], PolicyDocument={"Ref": "x"})},
        None,
    ),
    (
        "attached to who knows what",
        {"R": role(), "P": resource(POLICY, Roles=[{"Ref": "Nothing"}], **READ)},
        None,
    ),
    (
        "attached perhaps",
        {
            "R": role(),
            "P": resource(
                POLICY,
                Roles=[{"Fn::If": ["Missing", {"Ref": "R"}, ""]}],
                **READ,
            ),
        },
        None,
    ),
    ("a loop of resources", {"R": role(), "Fn::ForEach::P": []}, None),
]


@pytest.mark.parametrize(
    ("resources", "allowed"), [row[1:] for row in ROLES], ids=[row[0] for row in ROLES]
)
def test_role_of_the_configuration(
    resources: dict[str, Any], allowed: frozenset[str] | None
) -> None:
    resources = {"C": config(**ARN), **resources}
    subject = subject_of(resources, Parameters=ENV, Conditions=CONDITIONS)
    roles = {} if allowed is None else {VARIANT: RolePolicies(logical_id="R", allowed=allowed)}
    assert subject.roles == roles


def test_role_of_the_model() -> None:
    resources = {
        "C": config({"Ref": "M"}, ExecutionRoleArn=get("S", "Arn")),
        "M": resource(MODEL, ExecutionRoleArn=get("R", "Arn")),
        "R": role(READ),
        "S": role(),
    }
    found = RolePolicies(logical_id="R", allowed=frozenset({"s3:getobject"}))
    assert subject_of(resources).roles == {VARIANT: found}


def test_roles_of_two_models() -> None:
    variants = [
        {"VariantName": name, "ModelName": {"Ref": name}, "InstanceType": "ml.m5.large"}
        for name in ("M", "N")
    ]
    resources = {
        "C": resource(CONFIG, ProductionVariants=variants),
        "M": resource(MODEL, ExecutionRoleArn=get("R", "Arn")),
        "N": resource(MODEL, ExecutionRoleArn=get("S", "Arn")),
        "R": role(READ),
        "S": role(),
    }
    assert subject_of(resources).roles == {
        VARIANT: RolePolicies(logical_id="R", allowed=frozenset({"s3:getobject"})),
        ("production_variants", 1): RolePolicies(logical_id="S", allowed=frozenset()),
    }


def test_role_of_a_model_that_is_not_in_sight() -> None:
    assert subject_of({"C": config("m")}).roles == {}


def test_pools_that_name_no_model() -> None:
    pools = ["text", {"InstanceType": "ml.m5.large", "Priority": 1}]
    variant = {"VariantName": "main", "InstancePools": pools}
    resources = {"C": resource(CONFIG, ProductionVariants=[variant])}
    assert subject_of(resources).models == {}


def test_role_that_is_no_reference() -> None:
    subject = subject_of({"C": config(ExecutionRoleArn="arn:aws:iam::111122223333:role/R")})
    assert subject.roles == {}


def target(resource_id: Any, **more: Any) -> dict[str, Any]:
    return resource(TARGET, ResourceId=resource_id, **more)


ENDED = {"E": resource(ENDPOINT, EndpointConfigName=get("C", "EndpointConfigName"))}
SCALED: list[tuple[str, dict[str, Any], bool]] = [
    ("sub", {"T": target({"Fn::Sub": "endpoint/${E.EndpointName}/variant/main"})}, True),
    (
        "join",
        {
            "T": target(
                {"Fn::Join": ["/", ["endpoint", get("E", "EndpointName"), "variant", "main"]]}
            )
        },
        True,
    ),
    (
        "name",
        {
            "T": target("endpoint/e/variant/main"),
            "E": resource(ENDPOINT, EndpointName="e", EndpointConfigName={"Ref": "C"}),
        },
        True,
    ),
    (
        "names",
        {
            "C": config(EndpointConfigName="c"),
            "T": target("endpoint/e/variant/main"),
            "E": resource(ENDPOINT, EndpointName="e", EndpointConfigName="c"),
        },
        True,
    ),
    (
        "name, beside a target by reference",
        {
            "T": target({"Fn::Sub": "endpoint/${E.EndpointName}/variant/main"}),
            "U": target("endpoint/e/variant/other"),
            "E": resource(ENDPOINT, EndpointName="e", EndpointConfigName={"Ref": "C"}),
        },
        True,
    ),
    (
        "equal expressions",
        {
            "C": config(EndpointConfigName=SUB),
            "T": target({"Fn::Sub": "endpoint/${E.EndpointName}/variant/main"}),
            "E": resource(ENDPOINT, EndpointConfigName=SUB),
        },
        True,
    ),
    (
        "a name of which both have the same expression",
        {
            "T": target({"Fn::Sub": "endpoint/${Env}-${AWS::StackName}/variant/main"}),
            "E": resource(
                ENDPOINT,
                EndpointName={"Fn::Sub": "${Env}-${AWS::StackName}"},
                EndpointConfigName={"Ref": "C"},
            ),
        },
        False,  # of one text a part is not compared with a whole
    ),
    (
        "a name that both have from one parameter",
        {
            "T": target({"Fn::Sub": "endpoint/${AWS::StackName}/variant/main"}),
            "E": resource(
                ENDPOINT, EndpointName={"Ref": "AWS::StackName"}, EndpointConfigName={"Ref": "C"}
            ),
        },
        True,
    ),
    (
        "unknown properties besides",
        {
            "T": target(
                {"Fn::Sub": "endpoint/${E.EndpointName}/variant/main"}, **{"Fn::Transform": {}}
            )
        },
        True,
    ),
    (
        "unknown dimension and least",
        {
            "T": target(
                {"Fn::Sub": "endpoint/${E.EndpointName}/variant/main"},
                ScalableDimension={"Ref": "Nothing"},
                MinCapacity={"Ref": "Nothing"},
            )
        },
        True,
    ),
    (
        "another kind of resource",
        {"T": target({"Fn::Sub": "service/${E.EndpointName}/main"})},
        False,
    ),
    (
        "a name that begins otherwise",
        {"T": target({"Fn::Sub": "endpoint/x${E.EndpointName}/variant/main"})},
        False,
    ),
    ("in a list", {"T": target([{"Ref": "E"}])}, False),
    (
        "reference to a configuration with a name",
        {
            "C": config(EndpointConfigName="c"),
            "T": target({"Fn::Sub": "endpoint/${E.EndpointName}/variant/main"}),
        },
        True,
    ),
    (
        "unknown endpoint",
        {
            "T": target(
                {
                    "Fn::Sub": [
                        "endpoint/${X}/variant/main",
                        {"X": {"Fn::If": ["Missing", {"Ref": "E"}, {"Ref": "E"}]}},
                    ]
                }
            ),
            "E": resource(ENDPOINT, EndpointName="e", EndpointConfigName={"Ref": "C"}),
        },
        False,
    ),
    ("of two functions", {"T": target({"Ref": "E", "Fn::Sub": "${E}"})}, False),
    (
        "another of two endpoints",
        {
            "T": target(
                {
                    "Fn::Sub": [
                        "endpoint/${X}/variant/main",
                        {"X": {"Fn::If": ["IsProd", get("E", "Name"), get("F", "Name")]}},
                    ]
                }
            ),
            "D": config(),
            "F": resource(ENDPOINT, EndpointConfigName={"Ref": "D"}),
        },
        False,
    ),
    ("another variant", {"T": target({"Fn::Sub": "endpoint/${E.EndpointName}/variant/b"})}, False),
    ("another endpoint", {"T": target("endpoint/other/variant/main")}, False),
    ("another resource", {"T": target("service/a/b")}, False),
    (
        "unknown variant",
        {"T": target({"Fn::Sub": "endpoint/${E.EndpointName}/variant/${x}"})},
        False,
    ),
    ("malformed", {"T": target({"Fn::Sub": ["a"]})}, False),
    (
        "not deployed",
        {
            "T": {
                **target({"Fn::Sub": "endpoint/${E.EndpointName}/variant/main"}),
                "Condition": "IsProd",
            }
        },
        False,
    ),
    (
        "endpoint not deployed",
        {
            "T": target({"Fn::Sub": "endpoint/${E.EndpointName}/variant/main"}),
            "E": {**ENDED["E"], "Condition": "IsProd"},
        },
        False,
    ),
    (
        "endpoint of another configuration",
        {
            "T": target({"Fn::Sub": "endpoint/${E.EndpointName}/variant/main"}),
            "D": config(),
            "E": resource(
                ENDPOINT,
                EndpointConfigName={
                    "Fn::If": [
                        "IsProd",
                        get("C", "EndpointConfigName"),
                        get("D", "EndpointConfigName"),
                    ]
                },
            ),
        },
        False,
    ),
]


@pytest.mark.parametrize(
    ("resources", "is_scaled"), [row[1:] for row in SCALED], ids=[row[0] for row in SCALED]
)
def test_scalable_targets(resources: dict[str, Any], *, is_scaled: bool) -> None:
    subject = subject_of(
        {"C": config(), **ENDED, **resources}, Parameters=ENV, Conditions=CONDITIONS
    )
    found = {VARIANT: ReferencedTarget(logical_id="T")} if is_scaled else {}
    assert subject.scalable_targets == found


def test_what_is_known_of_a_target() -> None:
    where = {"Fn::Sub": "endpoint/${E.EndpointName}/variant/main"}
    more = {"ScalableDimension": "sagemaker:variant:DesiredInstanceCount", "MinCapacity": "0"}
    subject = subject_of({"C": config(), **ENDED, "T": target(where, **more)})
    assert subject.scalable_targets == {
        VARIANT: ReferencedTarget(
            logical_id="T", dimension=more["ScalableDimension"], min_capacity=0
        )
    }


CHOSEN = [{"Fn::ImportValue": "shared"}, {"Ref": "P"}]


@pytest.mark.parametrize("chosen", CHOSEN, ids=str)
def test_targets_in_another_template(chosen: Any) -> None:
    """Of an endpoint whose configuration comes from a template that exports it, or around it."""
    stack = resource(STACK, Parameters={"P": {"Ref": "C"}})
    outputs = {"O": {"Value": {"Ref": "C"}, "Export": {"Name": "shared"}}}
    outer = {"Resources": {"C": config(), "Nested": stack}, "Outputs": outputs}
    inner = {
        "Parameters": {"P": {"Type": "String"}},
        "Resources": {
            "E": resource(ENDPOINT, EndpointConfigName=chosen),
            "T": target({"Fn::Sub": "endpoint/${E.EndpointName}/variant/main"}),
        },
    }
    in_config, endpoint = subjects(
        TemplateInput(template=outer, name="outer", nested={"Nested": "inner"}),
        TemplateInput(template=inner, name="inner"),
    )
    assert in_config.scalable_targets == {VARIANT: ReferencedTarget(logical_id="T")}
    assert endpoint.config == in_config


def test_targets_on_an_endpoint_that_names_the_configuration_of_another_template() -> None:
    inner = {
        "E": resource(ENDPOINT, EndpointConfigName="c"),
        "T": target({"Fn::Sub": "endpoint/${E.EndpointName}/variant/main"}),
    }
    subject = subjects(
        TemplateInput(template={"Resources": {"C": config(EndpointConfigName="c")}}, name="one"),
        TemplateInput(template={"Resources": inner}, name="two"),
    )[0]
    assert subject.scalable_targets == {VARIANT: ReferencedTarget(logical_id="T")}


def test_exports_in_a_circle_end() -> None:
    circle = {
        at: {"Value": {"Fn::ImportValue": other}, "Export": {"Name": at}}
        for at, other in (("a", "b"), ("b", "a"))
    }
    endpoint = resource(ENDPOINT, EndpointConfigName={"Fn::ImportValue": "a"})
    subject = subjects(
        TemplateInput(template={"Resources": {"C": config(), "E": endpoint}}, name="one"),
        TemplateInput(template={"Outputs": circle}, name="other"),
    )[0]
    assert subject.scalable_targets == {}


def test_a_model_of_another_template_is_there_first() -> None:
    subject = subjects(
        TemplateInput(template={"Resources": {"C": config("m")}}, name="one"),
        TemplateInput(template={"Resources": {"M": resource(MODEL, ModelName="m")}}, name="two"),
    )[0]
    assert named_models(subject) == {NAME: ("M", True)}


def test_a_configuration_by_an_equal_expression() -> None:
    resources = {
        "C": config(EndpointConfigName=SUB),
        "D": config(EndpointConfigName={"Fn::Sub": "${AWS::StackName}-n"}),
        "E": resource(ENDPOINT, EndpointConfigName=SUB),
    }
    in_config, other, endpoint = subjects(TemplateInput(template={"Resources": resources}))
    assert endpoint.config is not None
    assert endpoint.config.config.endpoint_config_name == in_config.config.endpoint_config_name
    assert other != in_config


def test_names_alike_of_what_may_not_meet() -> None:
    def named(name: Any, **more: Any) -> dict[str, Any]:
        return {**resource(ENDPOINT, EndpointName=name, EndpointConfigName="c"), **more}

    one = placed({"E": named("Name")}, "one", region="a", account="1")
    two = placed({"E": named("name")}, "two", region="b", account="1")
    three = placed(
        {"E": named("NAME", Condition="IsProd"), "F": named({"Ref": "Env"})},
        "three",
        region="a",
        account="1",
    )
    found = subjects(one, two, three)
    others: dict[Any, set[frozenset[str]]] = {}
    for each in found:
        others.setdefault(each.endpoint.endpoint_name, set()).add(each.other_endpoint_names)
    nothing = frozenset[str]()
    assert others == {
        "Name": {nothing, frozenset({"NAME"})},  # in one scenario it is there, in one it is not
        "name": {nothing},
        "NAME": {frozenset({"Name"})},
        "dev": {nothing},
        "prod": {nothing},
    } | {name: {nothing} for name in others if not isinstance(name, str)}


def test_endpoint() -> None:
    resources = {
        "E": resource(ENDPOINT, EndpointName="Name", EndpointConfigName={"Ref": "C"}),
        "F": resource(ENDPOINT, EndpointName="name", EndpointConfigName="unknown"),
        "G": resource(ENDPOINT, EndpointName="other", EndpointConfigName="unknown"),
        "C": config({"Ref": "M"}),
        "M": resource(MODEL),
    }
    in_config, first, second, third = subjects(TemplateInput(template={"Resources": resources}))
    assert first.config == in_config
    assert named_models(first.config) == {NAME: ("M", True)}
    assert second.config is None
    assert [each.other_endpoint_names for each in (first, second, third)] == [
        {"name"},
        {"Name"},
        set(),
    ]


def serverless(most: Any) -> dict[str, Any]:
    settings = {"MemorySizeInMB": 1024, "MaxConcurrency": most}
    variant = {"VariantName": "main", "ModelName": "m", "ServerlessConfig": settings}
    return resource(CONFIG, ProductionVariants=[variant])


def placed(resources: dict[str, Any], name: str = "a", **more: Any) -> TemplateInput:
    template = {"Parameters": ENV, "Conditions": CONDITIONS, "Resources": resources}
    return TemplateInput(template=template, name=name, **more)


def totals(*templates: TemplateInput) -> list[tuple[int, int]]:
    return [
        (each.earlier_serverless_variants, each.earlier_concurrency)
        for each in subjects(*templates)
    ]


def test_totals_in_order() -> None:
    resources = {
        "E": resource(ENDPOINT, EndpointConfigName={"Ref": "B"}),
        "A": serverless(3),
        "B": serverless({"Fn::If": ["IsProd", 4, 5]}),
        "C": {**serverless(100), "Condition": "IsProd"},
        "D": serverless({"Ref": "Nothing"}),
        "F": config("m"),
        "G": serverless(1),
    }
    found = totals(placed({key: each for key, each in resources.items() if key != "E"}))
    assert list(dict.fromkeys(found)) == [(0, 0), (1, 3), (2, 7), (3, 7)]
    (endpoint,) = {
        s.config.earlier_serverless_variants
        for s in subjects(placed(resources))
        if isinstance(s, EndpointContext)
    }
    assert endpoint == 1


@pytest.mark.parametrize(
    ("first", "second", "before"),
    [
        ({"region": "a", "account": "1"}, {"region": "a", "account": "1"}, (1, 3)),
        ({"region": "a", "account": "1"}, {"region": "b", "account": "1"}, (0, 0)),
        ({"region": "a", "account": "1"}, {"region": "a", "account": "2"}, (0, 0)),
        ({"region": "a"}, {"region": "a"}, (0, 0)),
        ({}, {}, (0, 0)),
    ],
)
def test_totals_by_place(
    first: dict[str, Any], second: dict[str, Any], before: tuple[int, int]
) -> None:
    found = totals(
        placed({"A": serverless(3)}, "a", **first), placed({"A": serverless(3)}, "b", **second)
    )
    assert found == [(0, 0), before]
