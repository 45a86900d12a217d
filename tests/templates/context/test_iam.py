"""Execution roles: their permissions and policies."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from kit.templates import (
    BASE,
    CONDITIONS,
    CONFIG,
    ENDPOINT_NAME,
    ENV,
    IAM_ROLE,
    MODEL,
    TRUST,
    WITH_ROLE,
    Json,
    component,
    config_context,
    config_of,
    contexts,
    get,
    resource,
    rules_by_resource,
    subjects,
)

from cdk_epc import SECURITY_CONTROLS
from cdk_epc.spec import Path
from cdk_epc.spec.context import (
    EndpointContext,
    ModelContext,
    ReferencedPolicy,
)
from cdk_epc.spec.role import Role, RoleStatement
from cdk_epc.templates import TemplateInput, check_template

MODEL_TYPE = "AWS::SageMaker::Model"
ROLE_TYPE, POLICY_TYPE = "AWS::IAM::Role", "AWS::IAM::Policy"
VARIANT: Path = ("production_variants", 0)


def document(*actions: Any, **more: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": "*", **more}
    return {"PolicyDocument": {"Statement": [statement]}}


def role(*policies: Any, **more: Any) -> dict[str, Any]:
    return resource(ROLE_TYPE, Policies=list(policies), **more)


ARN = {"ExecutionRoleArn": get("R", "Arn")}
READ = document("s3:GetObject")
ATTACHED = resource(POLICY_TYPE, Roles=[{"Ref": "R"}], **document("sns:Publish"))
ROLES: list[tuple[str, dict[str, Any], frozenset[str] | None]] = [
    ("inline", {"R": role(READ)}, frozenset({"s3:getobject"})),
    ("nothing", {"R": role()}, frozenset()),
    ("no properties", {"R": {"Type": ROLE_TYPE}}, frozenset()),
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
        "managed policy of the app",
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
        "attached to another role",
        {"R": role(), "S": role(), "P": resource(POLICY_TYPE, Roles=[{"Ref": "S"}], **READ)},
        frozenset(),
    ),
    (
        "attached to one of two roles",
        {
            "R": role(),
            "S": role(),
            "P": resource(
                POLICY_TYPE, Roles=[{"Fn::If": ["IsProd", {"Ref": "R"}, {"Ref": "S"}]}], **READ
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
        "attached to another name or to the role",
        {
            "R": role(),
            "P": resource(
                POLICY_TYPE,
                Roles=[{"Fn::If": ["IsProd", {"Ref": "R"}, "other"]}, {"Ref": "R"}],
                **READ,
            ),
        },
        frozenset({"s3:getobject"}),
    ),
    (
        "attached to two roles",
        {
            "R": role(),
            "S": role(),
            "P": resource(POLICY_TYPE, Roles=[{"Ref": "S"}, {"Ref": "R"}], **READ),
        },
        frozenset({"s3:getobject"}),
    ),
    ("missing role", {"S": role()}, None),
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
            "P": resource(POLICY_TYPE, Roles=[{"Ref": "R"}], **READ, **{"Fn::Transform": {}}),
        },
        None,
    ),
    (
        "attached to another role and to an unknown one",
        {
            "R": role(),
            "S": role(),
            "P": resource(POLICY_TYPE, Roles=[{"Ref": "S"}, {"Ref": "Nothing"}], **READ),
        },
        None,
    ),
    ("attached to a name", {"R": role(), "P": resource(POLICY_TYPE, Roles=["r"], **READ)}, None),
    ("NotAction", {"R": role({"PolicyDocument": {"Statement": [{"NotAction": "a:B"}]}})}, None),
    ("unknown action", {"R": role(document({"Ref": "Nothing"}))}, None),
    ("unknown document", {"R": role({"PolicyDocument": {"Ref": "Nothing"}})}, None),
    ("unknown policy", {"R": role({"Ref": "Nothing"})}, None),
    ("unknown properties", {"R": {"Type": ROLE_TYPE, "Properties": {"Ref": "Nothing"}}}, None),
    (
        "attached, unknown",
        {
            "R": role(),
            "P": resource(POLICY_TYPE, Roles=[{"Ref": "R"}], PolicyDocument={"Ref": "x"}),
        },
        None,
    ),
    (
        "attached to an unknown role",
        {"R": role(), "P": resource(POLICY_TYPE, Roles=[{"Ref": "Nothing"}], **READ)},
        None,
    ),
    (
        "attached in an unknown branch",
        {
            "R": role(),
            "P": resource(
                POLICY_TYPE,
                Roles=[{"Fn::If": ["Missing", {"Ref": "R"}, ""]}],
                **READ,
            ),
        },
        None,
    ),
    ("a loop of resources", {"R": role(), "Fn::ForEach::P": []}, None),
]


def allowed_actions(role: Role | None) -> frozenset[str] | None:
    """Return the actions that a role allows; ``None`` if some are unknown."""
    if role is None or not role.is_complete:
        return None
    return frozenset(action for each in role.statements for action in each.actions)


@pytest.mark.parametrize(
    ("resources", "allowed"), [row[1:] for row in ROLES], ids=[row[0] for row in ROLES]
)
def test_role_of_the_configuration(
    resources: dict[str, Any], allowed: frozenset[str] | None
) -> None:
    resources = {"C": config_of(**ARN), **resources}
    subject = config_context(resources, Parameters=ENV, Conditions=CONDITIONS)
    assert allowed_actions(subject.roles.get(VARIANT)) == allowed


def test_role_of_the_model() -> None:
    resources = {
        "C": config_of({"Ref": "M"}, ExecutionRoleArn=get("S", "Arn")),
        "M": resource(MODEL_TYPE, ExecutionRoleArn=get("R", "Arn")),
        "R": role(READ),
        "S": role(),
    }
    statement = RoleStatement(actions=frozenset({"s3:getobject"}), resources=frozenset({"*"}))
    found = Role(logical_id="R", statements=(statement,), is_complete=True)
    assert config_context(resources).roles == {VARIANT: found}


def test_roles_of_two_models() -> None:
    variants = [
        {"VariantName": name, "ModelName": {"Ref": name}, "InstanceType": "ml.m5.large"}
        for name in ("M", "N")
    ]
    resources = {
        "C": resource(CONFIG, ProductionVariants=variants),
        "M": resource(MODEL_TYPE, ExecutionRoleArn=get("R", "Arn")),
        "N": resource(MODEL_TYPE, ExecutionRoleArn=get("S", "Arn")),
        "R": role(READ),
        "S": role(),
    }
    roles = config_context(resources).roles
    assert {path: (each.logical_id, allowed_actions(each)) for path, each in roles.items()} == {
        VARIANT: ("R", frozenset({"s3:getobject"})),
        ("production_variants", 1): ("S", frozenset()),
    }


def test_role_of_an_unknown_model() -> None:
    assert config_context({"C": config_of("m")}).roles == {}


def test_role_without_a_reference() -> None:
    subject = config_context({"C": config_of(ExecutionRoleArn="arn:aws:iam::111122223333:role/R")})
    assert subject.roles == {}


POLICY = resource(
    "AWS::IAM::Policy",
    PolicyName="p",
    Roles=[{"Ref": "Role"}],
    PolicyDocument={"Statement": [{"Effect": "Allow", "Action": "s3:GetObject"}]},
)


def depending(resources: Json, logical_id: str, on: Any) -> Json:
    return {**resources, logical_id: {**resources[logical_id], "DependsOn": on}}


def policies_of(resources: Json) -> tuple[ReferencedPolicy, ...]:
    (subject,) = subjects(EndpointContext, resources)
    policies: tuple[ReferencedPolicy, ...] = subject.policies
    return policies


def test_policies_on_which_an_endpoint_depends() -> None:
    resources = {**WITH_ROLE, "P": POLICY}
    missing = ReferencedPolicy(logical_id="P", role="Role", is_dependency=False)
    present = ReferencedPolicy(logical_id="P", role="Role")
    assert policies_of(resources) == (missing,)
    for logical_id, on in (("Endpoint", "P"), ("Model", ["Role", "P"]), ("Config", ["P"])):
        assert policies_of(depending(resources, logical_id, on)) == (present,)
    assert policies_of(WITH_ROLE) == ()
    assert policies_of({**BASE, "Role": IAM_ROLE, "P": POLICY}) == ()
    other = {**POLICY, "Properties": {**POLICY["Properties"], "Roles": ["named"]}}
    assert policies_of({**WITH_ROLE, "P": other}) == ()
    # The endpoint cannot depend on a policy that depends on the endpoint.
    assert policies_of({**WITH_ROLE, "P": {**POLICY, "DependsOn": "Endpoint"}}) == ()
    assert policies_of({**WITH_ROLE, "P": {**POLICY, "DependsOn": ["Nothing", 1]}}) == (missing,)


def test_policies_that_are_not_deployed() -> None:
    resources = {**WITH_ROLE, "P": {**POLICY, "Condition": "IsProd"}}
    seen = subjects(EndpointContext, resources, Parameters=ENV, Conditions=CONDITIONS)
    assert sorted(len(each.policies) for each in seen) == [0, 1]


def test_policies_for_the_invocation_of_endpoints() -> None:
    missing = ReferencedPolicy(logical_id="P", role="Role", is_dependency=False)
    stream = "sagemaker:InvokeEndpointWithResponseStream"
    for actions, expected in (
        (["sagemaker:InvokeEndpoint", stream], ()),
        ("sagemaker:InvokeEndpointAsync", ()),
        ([stream, "s3:GetObject"], (missing,)),
        ([], (missing,)),
        ({"Ref": "Actions"}, (missing,)),
    ):
        policy = copy.deepcopy(POLICY)
        policy["Properties"]["PolicyDocument"]["Statement"][0]["Action"] = actions
        assert policies_of({**WITH_ROLE, "P": policy}) == expected


def test_policies_for_the_alarms_of_a_component() -> None:
    def of(*actions: str) -> Json:
        document = {"Statement": [{"Effect": "Allow", "Action": [*actions], "Resource": "*"}]}
        return {**POLICY, "Properties": {**POLICY["Properties"], "PolicyDocument": document}}

    missing = (ReferencedPolicy(logical_id="P", role="Role", is_dependency=False),)
    alarms, more = "cloudwatch:DescribeAlarms", "s3:GetObject"
    dependent = {**component(ENDPOINT_NAME), "DependsOn": "P"}
    for policy, component_, expected in (
        (of(alarms), dependent, ()),
        (of(alarms), component(ENDPOINT_NAME), missing),
        (of(alarms, more), dependent, missing),
        (of(more), dependent, missing),
    ):
        assert policies_of({**WITH_ROLE, "P": policy, "C": component_}) == expected


def model_context(resources: Json) -> ModelContext:
    (subject,) = subjects(ModelContext, resources)
    assert isinstance(subject, ModelContext)
    return subject


MANAGED = [
    "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess",
    {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/service-role/Other"},
    {
        "Fn::Join": [
            "",
            ["arn:", {"Ref": "AWS::Partition"}, ":iam::aws:policy/AmazonS3ReadOnlyAccess"],
        ]
    },
    "arn:aws:iam::111122223333:policy/AmazonSageMakerFullAccess-ours",
    {"Ref": "Env"},
    {"NoFunction": 1},
]


def test_execution_role_of_a_model() -> None:
    assert model_context(BASE).execution_role is None
    services = frozenset({"sagemaker.amazonaws.com"})
    assert model_context(WITH_ROLE).execution_role == Role(
        logical_id="Role", trusted_services=services, is_complete=True
    )
    role = resource("AWS::IAM::Role", AssumeRolePolicyDocument=TRUST, ManagedPolicyArns=MANAGED)
    found = model_context({**WITH_ROLE, "Role": role}).execution_role
    assert found is not None
    assert found.managed_policies == {
        "AmazonSageMakerFullAccess",
        "Other",
        "AmazonS3ReadOnlyAccess",
    }
    assert not found.is_complete


def test_managed_policies_in_branches() -> None:
    full = {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/AmazonSageMakerFullAccess"}
    other = "arn:aws:iam::aws:policy/Other"
    chosen = {"Fn::If": ["IsProd", [other], [full, other]]}
    role = resource("AWS::IAM::Role", AssumeRolePolicyDocument=TRUST, ManagedPolicyArns=chosen)
    resources = {**WITH_ROLE, "Role": role}
    seen = subjects(ModelContext, resources, Parameters=ENV, Conditions=CONDITIONS)
    assert [each.execution_role.managed_policies for each in seen] == [
        frozenset({"AmazonSageMakerFullAccess", "Other"}),
        frozenset({"Other"}),
    ]


def test_security_pack() -> None:
    serverless = {
        "VariantName": "main",
        "ModelName": get("Model", "ModelName"),
        "ServerlessConfig": {"MemorySizeInMB": 1024, "MaxConcurrency": 5},
    }
    resources = {
        "Model": MODEL,
        "Config": resource(CONFIG, ProductionVariants=[serverless], KmsKeyId="alias/fraud"),
    }
    assert check_template({"Resources": resources}, rules=SECURITY_CONTROLS) == []
    findings = check_template({"Resources": BASE}, rules=SECURITY_CONTROLS)
    assert [(each.resource, each.rule_id) for each in findings] == [
        ("Model", "security-network-isolation-missing"),
        ("Model", "security-vpc-missing"),
        ("Model", "security-public-registry"),
        ("Config", "security-kms-key-missing"),
    ]
    assert check_template({"Resources": BASE}) == []


def trusting(*statements: Any) -> Json:
    return {"AssumeRolePolicyDocument": {"Statement": list(statements)}}


def trust(service: Any, action: Any = "sts:AssumeRole", **more: Any) -> Json:
    return {"Effect": "Allow", "Principal": {"Service": service}, "Action": action, **more}


def test_services_of_a_trust_policy() -> None:
    sagemaker, both = "sagemaker.amazonaws.com", ["lambda.amazonaws.com", "SageMaker.amazonaws.com"]
    user = {"Effect": "Allow", "Principal": {"AWS": "arn"}, "Action": "sts:AssumeRole"}
    for properties, expected in (
        (trusting(trust(sagemaker)), {sagemaker}),
        (trusting(trust(both)), {"lambda.amazonaws.com", sagemaker}),
        (trusting(trust(sagemaker), user), {sagemaker}),
        (trusting(trust(sagemaker, ["sts:TagSession", "STS:Assume*"])), {sagemaker}),
        (trusting(trust(sagemaker, Condition={"Bool": {"a": "true"}})), {sagemaker}),
        ({"AssumeRolePolicyDocument": {"Statement": trust(sagemaker)}}, {sagemaker}),
        (trusting(user), set[str]()),
        (trusting(), set[str]()),
        (trusting(trust(sagemaker, "sts:TagSession")), set[str]()),
        (trusting(trust(sagemaker, Effect="Deny")), set[str]()),
        (trusting(trust({"Fn::Sub": "sagemaker.${AWS::URLSuffix}"})), None),
        (trusting(trust({"Ref": "Nothing"})), None),
        (trusting(trust(sagemaker, {"Ref": "Nothing"})), None),
        (trusting({"Effect": "Allow", "NotPrincipal": {}, "Action": "sts:AssumeRole"}), None),
        (trusting({**user, "Principal": "*"}), None),
        (trusting({**user, "Principal": {"AWS": ["arn", "*"]}}), None),
        (
            trusting({"Effect": "Allow", "Principal": {"Service": sagemaker}, "NotAction": "a"}),
            None,
        ),
        (trusting("statement"), None),
        ({"AssumeRolePolicyDocument": {"Ref": "Nothing"}}, None),
        ({}, None),
    ):
        role = model_context({**WITH_ROLE, "Role": resource(ROLE_TYPE, **properties)})
        assert role.execution_role is not None
        assert role.execution_role.trusted_services == expected, properties


def test_roles_that_are_found_by_their_name() -> None:
    named = resource(ROLE_TYPE, RoleName="fraud")
    in_path = resource(ROLE_TYPE, RoleName="fraud", Path="/models/")
    arn = "arn:aws:iam::111122223333:role/"
    for value, role, is_found in (
        ({"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/${Role}"}, resource(ROLE_TYPE), True),
        ({"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/${Role.Arn}"}, named, False),
        ({"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:user/${Role}"}, named, False),
        ({"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/fraud"}, named, True),
        (f"{arn}fraud", named, True),
        (f"{arn}models/fraud", in_path, True),
        (f"{arn}fraud", in_path, False),
        (f"{arn}other", named, False),
        ("fraud", named, False),
        (f"{arn}fraud", {**named, "Condition": "IsProd"}, False),
    ):
        model = {**MODEL, "Properties": {**MODEL["Properties"], "ExecutionRoleArn": value}}
        sections = {"Parameters": ENV, "Conditions": CONDITIONS}
        found = subjects(ModelContext, {"Model": model, "Role": role}, **sections)
        assert (found[0].execution_role is not None) is is_found, value
    model = {**MODEL, "Properties": {**MODEL["Properties"], "ExecutionRoleArn": f"{arn}fraud"}}
    for account, is_found in (("111122223333", True), ("444455556666", False)):
        template = {"Resources": {"Model": model, "Role": named}}
        given = TemplateInput(template=template, account=account, region="eu-west-1")
        (subject,) = contexts((ModelContext,), given)
        assert (subject.execution_role is not None) is is_found
        assert (subject.account, subject.region) == (account, "eu-west-1")
    twice = {"Model": model, "Role": named, "Second": named}
    assert subjects(ModelContext, twice)[0].execution_role is None


def test_managed_policies_whose_statements_are_known() -> None:
    full = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
    logs = {"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/CloudWatchLogsFullAccess"}
    for arns, is_complete, action in (
        ([full], True, "s3:GetObject"),
        ([logs], True, "logs:PutLogEvents"),
        ([full, "arn:aws:iam::aws:policy/Other"], False, "s3:GetObject"),
        ([{"Fn::Sub": "arn:aws:iam::aws:policy/${Env}"}], False, None),
        (["arn:aws:iam::111122223333:policy/AmazonSageMakerFullAccess"], False, None),
    ):
        role = resource(ROLE_TYPE, ManagedPolicyArns=arns)
        (subject, *_) = subjects(ModelContext, {**WITH_ROLE, "Role": role}, Parameters=ENV)
        found = subject.execution_role
        assert (found.is_complete, action is None or found.allows(action)) == (is_complete, True)


def test_resources_of_statements() -> None:
    own = {"Fn::Sub": "arn:aws:ecr:${AWS::Region}:${AWS::AccountId}:repository/a"}
    for given, expected in (
        ("*", {"*"}),
        (["a", "b"], {"a", "b"}),
        (own, {"arn:aws:ecr:*:own-account:repository/a"}),
        ([get("Repository", "Arn"), "a"], {"*", "a"}),
        ({"Ref": "Nothing"}, {"*"}),
        (None, None),
    ):
        policy = document("ecr:*", Resource=given)
        if given is None:
            del policy["PolicyDocument"]["Statement"][0]["Resource"]
        found = model_context({**WITH_ROLE, "Role": role(policy)}).execution_role
        assert found is not None
        assert [each.resources for each in found.statements] == [expected]


def test_rules_in_templates() -> None:
    """A role for another service, one for all models, and one with an inline policy."""
    other = resource(ROLE_TYPE, **trusting(trust("lambda.amazonaws.com")))
    model = WITH_ROLE["Model"]
    resources = {"Role": other, "Model": model, "Second": model}
    assert rules_by_resource(resources) == [("Model", "role-not-assumable")]
    allowing = role(document("ecr:*", "logs:*"), AssumeRolePolicyDocument=TRUST)
    assert rules_by_resource({**resources, "Role": allowing}) == []
    empty = resource(ROLE_TYPE, AssumeRolePolicyDocument=TRUST)
    assert rules_by_resource({**resources, "Role": empty}) == [
        ("Model", "image-role-permissions-missing"),
        ("Model", "log-role-permissions-missing"),
    ]
