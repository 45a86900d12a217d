"""What templates show of who runs a model, as whom, and which policies are waited for."""

from __future__ import annotations

import copy
from typing import Any

from kit.template_resources import (
    BASE,
    CONDITIONS,
    ENV,
    IAM_ROLE,
    MODEL,
    NAME,
    SPACE,
    TRUST,
    WITH_ROLE,
    Json,
    component,
    config,
    get,
    resource,
    subjects,
)

from cdk_epc import SECURITY_CONTROLS
from cdk_epc.spec.context import (
    EndpointContext,
    KnownRole,
    ModelContext,
    ReferencedPolicy,
)
from cdk_epc.templates import check_template

POLICY = resource(
    "AWS::IAM::Policy",
    PolicyName="p",
    Roles=[{"Ref": "Role"}],
    PolicyDocument={"Statement": [{"Effect": "Allow", "Action": "s3:GetObject"}]},
)


def depending(resources: Json, logical_id: str, on: Any) -> Json:
    return {**resources, logical_id: {**resources[logical_id], "DependsOn": on}}


def awaited(resources: Json) -> tuple[ReferencedPolicy, ...]:
    (subject,) = subjects(EndpointContext, resources)
    policies: tuple[ReferencedPolicy, ...] = subject.policies
    return policies


def test_policies_that_an_endpoint_waits_for() -> None:
    resources = {**WITH_ROLE, "P": POLICY}
    missed = ReferencedPolicy(logical_id="P", role="Role", is_dependency=False)
    waited = ReferencedPolicy(logical_id="P", role="Role")
    assert awaited(resources) == (missed,)
    for logical_id, on in (("Endpoint", "P"), ("Model", ["Role", "P"]), ("Config", ["P"])):
        assert awaited(depending(resources, logical_id, on)) == (waited,)
    assert awaited(WITH_ROLE) == ()
    assert awaited({**BASE, "Role": IAM_ROLE, "P": POLICY}) == ()
    other = {**POLICY, "Properties": {**POLICY["Properties"], "Roles": ["named"]}}
    assert awaited({**WITH_ROLE, "P": other}) == ()
    # What waits for the endpoint cannot be waited for.
    assert awaited({**WITH_ROLE, "P": {**POLICY, "DependsOn": "Endpoint"}}) == ()
    assert awaited({**WITH_ROLE, "P": {**POLICY, "DependsOn": ["Nothing", 1]}}) == (missed,)


def test_a_policy_that_is_not_deployed_is_not_waited_for() -> None:
    resources = {**WITH_ROLE, "P": {**POLICY, "Condition": "IsProd"}}
    seen = subjects(EndpointContext, resources, Parameters=ENV, Conditions=CONDITIONS)
    assert sorted(len(each.policies) for each in seen) == [0, 1]


def test_a_policy_about_calling_endpoints_is_not_waited_for() -> None:
    missed = ReferencedPolicy(logical_id="P", role="Role", is_dependency=False)
    stream = "sagemaker:InvokeEndpointWithResponseStream"
    for actions, found in (
        (["sagemaker:InvokeEndpoint", stream], ()),
        ("sagemaker:InvokeEndpointAsync", ()),
        ([stream, "s3:GetObject"], (missed,)),
        ([], (missed,)),
        ({"Ref": "Actions"}, (missed,)),
    ):
        policy = copy.deepcopy(POLICY)
        policy["Properties"]["PolicyDocument"]["Statement"][0]["Action"] = actions
        assert awaited({**WITH_ROLE, "P": policy}) == found


def test_a_policy_about_alarms_that_a_component_waits_for() -> None:
    def of(*actions: str) -> Json:
        document = {"Statement": [{"Effect": "Allow", "Action": [*actions], "Resource": "*"}]}
        return {**POLICY, "Properties": {**POLICY["Properties"], "PolicyDocument": document}}

    missed = (ReferencedPolicy(logical_id="P", role="Role", is_dependency=False),)
    alarms, more = "cloudwatch:DescribeAlarms", "s3:GetObject"
    waiting = {**component(NAME), "DependsOn": "P"}
    for policy, placed, expected in (
        (of(alarms), waiting, ()),
        (of(alarms), component(NAME), missed),
        (of(alarms, more), waiting, missed),
        (of(more), waiting, missed),
    ):
        assert awaited({**WITH_ROLE, "P": policy, "C": placed}) == expected


def in_use(resources: Json) -> ModelContext:
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


def test_who_runs_a_model() -> None:
    assert [each.variant_name for each in in_use(BASE).variants] == ["main"]
    assert in_use({"Model": MODEL}).variants == ()
    named = {**MODEL, "Properties": {**MODEL["Properties"], "ModelName": "fraud"}}
    by_name = copy.deepcopy(config())
    by_name["Properties"]["ProductionVariants"][0]["ModelName"] = "fraud"
    assert len(in_use({"Model": named, "Config": by_name}).variants) == 1
    shadow = config(ShadowProductionVariants=config()["Properties"]["ProductionVariants"])
    assert len(in_use({"Model": MODEL, "Config": shadow}).variants) == 2


def test_as_whom_a_model_is_run() -> None:
    assert in_use(BASE).execution_role is None
    assert in_use(WITH_ROLE).execution_role == KnownRole(logical_id="Role")
    role = resource("AWS::IAM::Role", AssumeRolePolicyDocument=TRUST, ManagedPolicyArns=MANAGED)
    assert in_use({**WITH_ROLE, "Role": role}).execution_role == KnownRole(
        logical_id="Role",
        managed_policies=frozenset(
            {"AmazonSageMakerFullAccess", "Other", "AmazonS3ReadOnlyAccess"}
        ),
    )


def test_policies_that_a_condition_chooses() -> None:
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


def test_the_pack_in_a_template() -> None:
    serverless = {
        "VariantName": "main",
        "ModelName": get("Model", "ModelName"),
        "ServerlessConfig": {"MemorySizeInMB": 1024, "MaxConcurrency": 5},
    }
    resources = {
        "Model": MODEL,
        "Config": resource(
            f"{SPACE}::EndpointConfig", ProductionVariants=[serverless], KmsKeyId="alias/fraud"
        ),
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
