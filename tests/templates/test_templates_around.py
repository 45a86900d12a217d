"""What templates show of alarms, of who runs a model, of scaling, of components, of waiting."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from cdk_epc import SECURITY_CONTROLS
from cdk_epc.rules import Finding, Rule, Severity
from cdk_epc.spec.in_place import (
    AlarmInPlace,
    EndpointInPlace,
    InferenceComponentInPlace,
    ModelInUse,
    PolicyInPlace,
    RoleInSight,
    ScalableTargetInPlace,
    ScalingInPlace,
    ScalingPolicyInPlace,
)
from cdk_epc.templates import PlacedTemplate, check_template, review_app

Json = dict[str, Any]
SPACE = "AWS::SageMaker"
ENV = {"Env": {"Type": "String", "AllowedValues": ["dev", "prod"]}}
CONDITIONS = {"IsProd": {"Fn::Equals": [{"Ref": "Env"}, "prod"]}}


def get(logical_id: str, attribute: str) -> Json:
    return {"Fn::GetAtt": [logical_id, attribute]}


def resource(type_: str, /, **properties: Any) -> Json:
    return {"Type": type_, "Properties": properties}


def config(**properties: Any) -> Json:
    variant = {
        "VariantName": "main",
        "ModelName": get("Model", "ModelName"),
        "InstanceType": "ml.m5.large",
        "InitialInstanceCount": 2,
    }
    return resource(f"{SPACE}::EndpointConfig", ProductionVariants=[variant], **properties)


ROLE = "arn:aws:iam::111122223333:role/fraud"
MODEL = resource(
    f"{SPACE}::Model",
    ExecutionRoleArn=ROLE,
    PrimaryContainer={"Image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/fraud:7"},
)
ENDPOINT = resource(f"{SPACE}::Endpoint", EndpointConfigName=get("Config", "EndpointConfigName"))
BASE: Json = {"Model": MODEL, "Config": config(), "Endpoint": ENDPOINT}


def dimension(name: str, value: Any) -> Json:
    return {"Name": name, "Value": value}


def alarm(endpoint: Any, **changes: Any) -> Json:
    return resource(
        "AWS::CloudWatch::Alarm",
        **{
            "Namespace": "AWS/SageMaker",
            "MetricName": "Invocation5XXErrors",
            "Dimensions": [dimension("EndpointName", endpoint), dimension("VariantName", "main")],
            "Statistic": "Average",
            "Threshold": 0.05,
            "ComparisonOperator": "GreaterThanThreshold",
            "EvaluationPeriods": 3,
            **changes,
        },
    )


def guarded(alarm_name: Any, **properties: Any) -> Json:
    deployment = {"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": alarm_name}]}}
    given = {**ENDPOINT["Properties"], "DeploymentConfig": deployment, **properties}
    return {**ENDPOINT, "Properties": given}


def subjects(kind: type, resources: Json, **sections: Any) -> list[Any]:
    """What is in place of one kind, in every scenario."""
    seen: list[Any] = []

    def note(subject: Any) -> tuple[()]:
        seen.append(subject)
        return ()

    rule = Rule(id="own-rule", title="", why="", about=(kind,), check=note)
    review_app([PlacedTemplate(template={**sections, "Resources": resources})], rules=[rule])
    return seen


def found(resources: Json, **sections: Any) -> list[tuple[str | None, str]]:
    findings = check_template({**sections, "Resources": resources})
    return [(each.resource, each.rule_id) for each in findings]


CYCLE = [("Endpoint", "rollback-alarm-cycle")]
NAME = get("Endpoint", "EndpointName")
SUB = {"Fn::Sub": "${Endpoint.EndpointName}"}
SPLIT = {"Fn::Select": [1, {"Fn::Split": ["/", {"Ref": "Endpoint"}]}]}
IF_PROD = {"Fn::If": ["IsProd", NAME, "fraud"]}


@pytest.mark.parametrize(
    ("alarms", "name", "expected"),
    [
        ({"A": alarm(NAME)}, {"Ref": "A"}, CYCLE),
        ({"A": alarm(SUB)}, {"Ref": "A"}, CYCLE),
        ({"A": alarm(SPLIT)}, {"Ref": "A"}, CYCLE),
        ({"A": {**alarm("fraud"), "DependsOn": "Endpoint"}}, {"Ref": "A"}, CYCLE),
        (
            {
                "A": alarm(NAME),
                "B": resource("AWS::CloudWatch::CompositeAlarm", AlarmRule={"Fn::Sub": "${A}"}),
            },
            {"Ref": "B"},
            CYCLE,
        ),
        (
            {
                "A": alarm({"Ref": "P"}),
                "P": resource("AWS::SSM::Parameter", Type="String", Value=NAME),
            },
            {"Ref": "A"},
            CYCLE,
        ),
        ({"A": alarm("fraud")}, {"Ref": "A"}, []),
        ({"A": alarm({"Ref": "AWS::StackName"})}, {"Ref": "A"}, []),
        ({"A": alarm(NAME)}, "errors", []),
        # The alarm may refer to the configuration, which stands before both.
        (
            {
                "A": alarm(
                    "fraud",
                    Dimensions=[
                        dimension("EndpointName", "fraud"),
                        dimension("VariantName", "main"),
                        dimension("EndpointConfigName", get("Config", "EndpointConfigName")),
                    ],
                )
            },
            {"Ref": "A"},
            [],
        ),
    ],
)
def test_an_alarm_that_refers_back(
    alarms: Json, name: Any, expected: list[tuple[str, str]]
) -> None:
    endpoint = guarded(name, EndpointName="fraud")
    errors = [each for each in found({**BASE, "Endpoint": endpoint, **alarms}) if each in CYCLE]
    assert errors == expected


def test_an_alarm_that_refers_back_in_one_branch() -> None:
    template = {
        "Parameters": ENV,
        "Conditions": CONDITIONS,
        "Resources": {**BASE, "Endpoint": guarded({"Ref": "A"}), "A": alarm(IF_PROD)},
    }
    (finding,) = [
        each for each in check_template(template) if each.rule_id == "rollback-alarm-cycle"
    ]
    assert finding.message.endswith("(where IsProd is true)")
    alone = {**alarm(NAME), "Condition": "IsProd"}
    template["Resources"] = {**BASE, "Endpoint": guarded({"Ref": "A"}), "A": alone}
    assert "rollback-alarm-cycle" in {each.rule_id for each in check_template(template)}


def test_a_finding_about_an_alarm_has_its_place() -> None:
    template = {"Resources": {**BASE, "A": alarm(NAME, Threshold="1")}}
    assert check_template(template) == [
        Finding(
            rule_id="alarm-never-fires",
            severity=Severity.WARNING,
            path="Threshold",
            got=1,
            allowed="a value that is passed now and then, for Invocation5XXErrors is at most 1",
            message="Threshold is 1; allowed: a value that is passed now and then, for "
            "Invocation5XXErrors is at most 1",
            fix="Give a share between 0 and 1, such as 0.05; or take the statistic Sum.",
            source_url="https://docs.aws.amazon.com/sagemaker/latest/dg/"
            "deployment-guardrails-configuration.html",
            resource="A",
        )
    ]
    (finding,) = check_template(template)
    assert finding.place == ("Resources", "A", "Properties", "Threshold")


@pytest.mark.parametrize(
    "other",
    [
        resource("AWS::CloudWatch::Alarm", Namespace="AWS/EC2", MetricName="X", Threshold=-1),
        resource("AWS::CloudWatch::Alarm", Namespace="AWS/EC2", NoSuchMember=1),
        {"Type": "AWS::CloudWatch::Alarm"},
        {"Type": "AWS::CloudWatch::Alarm", "Properties": []},
        {"Type": "AWS::CloudWatch::Alarm", "Properties": {"Ref": "Env"}},
        resource("AWS::CloudWatch::Alarm", Metrics=[{"MetricStat": {"Metric": []}}, 1, None]),
        resource("AWS::CloudWatch::Alarm", Metrics={"Ref": "Env"}),
        resource("AWS::CloudWatch::Alarm", Namespace="AWS/SageMaker", NoSuchMember=1),
        resource("AWS::ApplicationAutoScaling::ScalableTarget", ServiceNamespace="ecs"),
        resource("AWS::ApplicationAutoScaling::ScalingPolicy", ServiceNamespace="ecs", No=1),
        {"Type": "AWS::ApplicationAutoScaling::ScalingPolicy"},
        resource("AWS::ApplicationAutoScaling::ScalingPolicy", ScalingTargetId={"Ref": "Other"}),
        resource("AWS::ApplicationAutoScaling::ScalingPolicy", ScalingTargetId={"Ref": ["Other"]}),
        resource("AWS::ApplicationAutoScaling::ScalableTarget", ScalingTargetId={"Ref": "Other"}),
    ],
)
def test_what_is_another_services_is_nobodys_business(other: Json) -> None:
    assert found({**BASE, "Other": other}, Parameters=ENV) == []


def test_a_macro_is_no_matter_where_there_is_only_an_alarm() -> None:
    template = {"Transform": "Macro", "Resources": {"A": alarm("fraud", Threshold=2)}}
    assert check_template(template) == []


def test_an_alarm_can_be_acknowledged() -> None:
    metadata = {"cdk-epc": {"acknowledge": {"alarm-never-fires": "It is a canary."}}}
    bad = {**alarm(NAME, Threshold=1), "Metadata": metadata}
    assert found({**BASE, "A": bad}) == []


def test_the_endpoints_of_an_alarm() -> None:
    path = ("dimensions", 0, "value")
    for value in (NAME, {"Ref": "Endpoint"}, SUB):
        (subject,) = subjects(AlarmInPlace, {**BASE, "A": alarm(value)})
        assert subject.endpoints[path].config.config.production_variants[0].variant_name == "main"
        assert subject.spelt == {}
    named = {**ENDPOINT, "Properties": {**ENDPOINT["Properties"], "EndpointName": "Fraud"}}
    (subject,) = subjects(AlarmInPlace, {**BASE, "Endpoint": named, "A": alarm("fraud")})
    assert (subject.endpoints, subject.spelt) == ({}, {path: "Fraud"})
    (subject,) = subjects(AlarmInPlace, {**BASE, "Endpoint": named, "A": alarm("Fraud")})
    assert list(subject.endpoints) == [path]
    (subject,) = subjects(AlarmInPlace, {**BASE, "A": alarm("elsewhere")})
    assert (subject.endpoints, subject.spelt) == ({}, {})


TRUST: Json = {"Version": "2012-10-17", "Statement": []}
IAM_ROLE = resource("AWS::IAM::Role", AssumeRolePolicyDocument=TRUST)
POLICY = resource(
    "AWS::IAM::Policy",
    PolicyName="p",
    Roles=[{"Ref": "Role"}],
    PolicyDocument={"Statement": [{"Effect": "Allow", "Action": "s3:GetObject"}]},
)
WITH_ROLE = {
    **BASE,
    "Role": IAM_ROLE,
    "Model": {
        **MODEL,
        "Properties": {**MODEL["Properties"], "ExecutionRoleArn": get("Role", "Arn")},
    },
}


def depending(resources: Json, logical_id: str, on: Any) -> Json:
    return {**resources, logical_id: {**resources[logical_id], "DependsOn": on}}


def awaited(resources: Json) -> tuple[PolicyInPlace, ...]:
    (subject,) = subjects(EndpointInPlace, resources)
    policies: tuple[PolicyInPlace, ...] = subject.policies
    return policies


def test_policies_that_an_endpoint_waits_for() -> None:
    resources = {**WITH_ROLE, "P": POLICY}
    missed = PolicyInPlace(logical_id="P", role="Role", is_awaited=False)
    waited = PolicyInPlace(logical_id="P", role="Role")
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


def in_use(resources: Json) -> ModelInUse:
    (subject,) = subjects(ModelInUse, resources)
    assert isinstance(subject, ModelInUse)
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
    assert in_use(WITH_ROLE).execution_role == RoleInSight(logical_id="Role")
    role = resource("AWS::IAM::Role", AssumeRolePolicyDocument=TRUST, ManagedPolicyArns=MANAGED)
    assert in_use({**WITH_ROLE, "Role": role}).execution_role == RoleInSight(
        logical_id="Role",
        managed_policies=frozenset(
            {"AmazonSageMakerFullAccess", "Other", "AmazonS3ReadOnlyAccess"}
        ),
    )


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
        ("Model", "security-network-isolation"),
        ("Model", "security-vpc"),
        ("Model", "security-private-registry"),
        ("Config", "security-kms-key"),
    ]
    assert check_template({"Resources": BASE}) == []


DESIRED = "sagemaker:variant:DesiredInstanceCount"
COPIES = "sagemaker:inference-component:DesiredCopyCount"
BY_NAME = {"Fn::Sub": "endpoint/${Endpoint.EndpointName}/variant/main"}


def target(resource_id: Any, scaled: str = DESIRED, **others: Any) -> Json:
    return resource(
        "AWS::ApplicationAutoScaling::ScalableTarget",
        ServiceNamespace="sagemaker",
        ScalableDimension=scaled,
        ResourceId=resource_id,
        MinCapacity=1,
        MaxCapacity=4,
        **others,
    )


def tracking(**properties: Any) -> Json:
    metric = {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"}
    return resource(
        "AWS::ApplicationAutoScaling::ScalingPolicy",
        **{
            "PolicyName": "load",
            "PolicyType": "TargetTrackingScaling",
            "TargetTrackingScalingPolicyConfiguration": {
                "TargetValue": 70,
                "PredefinedMetricSpecification": metric,
            },
            **properties,
        },
    )


NAMED = {**BASE, "Endpoint": guarded("errors", EndpointName="fraud")}
LITERAL = "endpoint/fraud/variant/main"


def scaling(resources: Json) -> ScalingInPlace:
    (subject,) = subjects(ScalingInPlace, resources)
    assert isinstance(subject, ScalingInPlace)
    return subject


def test_what_a_target_scales() -> None:
    for base, id_, waits in ((BASE, BY_NAME, True), (NAMED, LITERAL, False)):
        subject = scaling({**base, "T": target(id_)})
        assert subject.config is not None
        assert subject.config.config.production_variants is not None
        assert (subject.variant, subject.is_created_after) == (("production_variants", 0), waits)
    waiting = {**target(LITERAL), "DependsOn": "Endpoint"}
    assert scaling({**NAMED, "T": waiting}).is_created_after
    other = scaling({**NAMED, "T": target("endpoint/fraud/variant/next")})
    assert (other.variant, other.config is None) == (None, False)
    elsewhere = scaling({**NAMED, "T": target("endpoint/other/variant/main")})
    assert (elsewhere.config, elsewhere.is_created_after) == (None, True)
    assert scaling({**NAMED, "T": target({"Ref": "Env"})}).config is None


def test_the_policies_of_a_target() -> None:
    resources = {**BASE, "T": target(BY_NAME)}
    by_reference = tracking(ScalingTargetId={"Ref": "T"})
    same = tracking(ResourceId=BY_NAME, ScalableDimension=DESIRED, ServiceNamespace="sagemaker")
    assert scaling(resources).policies == ()
    for policy in (by_reference, same):
        (found_,) = scaling({**resources, "P": policy}).policies or ()
        assert found_.policy_name == "load"
    elsewhere = tracking(
        ResourceId=LITERAL, ScalableDimension=DESIRED, ServiceNamespace="sagemaker"
    )
    assert scaling({**resources, "P": elsewhere}).policies is None
    other = tracking(ServiceNamespace="ecs", ResourceId="service/a/b")
    assert scaling({**resources, "P": other}).policies == ()


def test_a_policy_that_does_not_wait_for_its_target() -> None:
    def waits(policy: Json) -> bool:
        resources = {**BASE, "T": target(BY_NAME), "P": policy}
        (subject,) = subjects(ScalingPolicyInPlace, resources)
        assert subject.scaling.logical_id == "T"
        return bool(subject.is_created_after)

    same = tracking(ResourceId=BY_NAME, ScalableDimension=DESIRED, ServiceNamespace="sagemaker")
    assert not waits(same)
    assert waits({**same, "DependsOn": "T"})
    assert waits(tracking(ScalingTargetId={"Ref": "T"}))


def test_a_name_that_is_spelt_otherwise() -> None:
    for name, spelt in (("Fraud", "fraud"), ("fraud", None), ("other", None)):
        placed_on = {**NAMED, "T": target(f"endpoint/{name}/variant/main")}
        assert scaling(placed_on).spelt == spelt
        assert as_placed({**HOST, "C": component(name)}).spelt == spelt
    assert scaling({**BASE, "T": target(BY_NAME)}).spelt is None


def test_the_metrics_of_what_a_policy_scales() -> None:
    def policy(*dimensions: Json) -> ScalingPolicyInPlace:
        custom = {
            "Namespace": "AWS/SageMaker",
            "MetricName": "ApproximateBacklogSizePerInstance",
            "Statistic": "Average",
            "Dimensions": list(dimensions),
        }
        given = {"TargetValue": 5, "CustomizedMetricSpecification": custom}
        placed = tracking(
            ScalingTargetId={"Ref": "T"}, TargetTrackingScalingPolicyConfiguration=given
        )
        found_ = subjects(ScalingPolicyInPlace, {**BASE, "T": target(BY_NAME), "P": placed})
        (subject,) = found_
        assert isinstance(subject, ScalingPolicyInPlace)
        return subject

    of_endpoint, main = dimension("EndpointName", NAME), dimension("VariantName", "main")
    own = frozenset(
        {("target_tracking_scaling_policy_configuration", "customized_metric_specification")}
    )
    assert policy(of_endpoint).own == policy(of_endpoint, main).own == own
    assert policy(of_endpoint, dimension("VariantName", "next")).own == frozenset()
    assert policy(dimension("EndpointName", "other")).own == frozenset()
    scaled = policy(of_endpoint).scaling
    assert scaled is not None
    assert scaled.logical_id == "T"


VARIANT = {"VariantName": "main", "InstanceType": "ml.g5.xlarge", "InitialInstanceCount": 2}
HOST: Json = {
    "Config": resource(
        f"{SPACE}::EndpointConfig", ExecutionRoleArn=ROLE, ProductionVariants=[VARIANT]
    ),
    "Endpoint": {
        **ENDPOINT,
        "Properties": {**ENDPOINT["Properties"], "EndpointName": "fraud"},
    },
    "Model": MODEL,
}


def component(endpoint: Any, **properties: Any) -> Json:
    specification = {
        "ModelName": get("Model", "ModelName"),
        "ComputeResourceRequirements": {
            "MinMemoryRequiredInMb": 1024,
            "NumberOfAcceleratorDevicesRequired": 1,
        },
    }
    return resource(
        f"{SPACE}::InferenceComponent",
        **{
            "EndpointName": endpoint,
            "VariantName": "main",
            "Specification": specification,
            "RuntimeConfig": {"CopyCount": 1},
            **properties,
        },
    )


def as_placed(resources: Json) -> InferenceComponentInPlace:
    subject = subjects(InferenceComponentInPlace, resources)[0]
    assert isinstance(subject, InferenceComponentInPlace)
    return subject


def test_what_a_component_is_placed_on() -> None:
    for endpoint, waits in ((NAME, True), ("fraud", False)):
        subject = as_placed({**HOST, "C": component(endpoint)})
        assert subject.endpoint is not None
        assert subject.config is not None
        assert subject.is_created_after_endpoint is waits
        assert list(subject.models) == [("specification", "model_name")]
    waiting = {**component("fraud"), "DependsOn": "Endpoint"}
    assert as_placed({**HOST, "C": waiting}).is_created_after_endpoint
    apart = as_placed({**HOST, "C": component("other")})
    assert (apart.endpoint, apart.config, apart.is_created_after_endpoint) == (None, None, True)


CUT = {
    "Fn::Select": [1, {"Fn::Split": ["/", {"Fn::Select": [5, {"Fn::Split": [":", {"Ref": "C"}]}]}]}]
}


@pytest.mark.parametrize("name", ["scorer", CUT])
def test_what_scales_a_component(name: Any) -> None:
    id_ = (
        f"inference-component/{name}"
        if isinstance(name, str)
        else {"Fn::Join": ["", ["inference-component/", name]]}
    )
    resources = {
        **HOST,
        "C": component(NAME, InferenceComponentName="scorer"),
        "T": target(id_, COPIES),
    }
    scaled = ScalableTargetInPlace(logical_id="T", dimension=COPIES, min_capacity=1)
    assert as_placed(resources).scaled == scaled
    assert scaling(resources).component is not None
    assert scaling(resources).is_created_after is not isinstance(name, str)


def test_the_base_of_an_adapter() -> None:
    def adapter(base: Any) -> Json:
        adapted = {"BaseInferenceComponentName": base, "Container": {"ArtifactUrl": "s3://b/a"}}
        given = component(NAME, Specification=adapted)
        del given["Properties"]["RuntimeConfig"]
        return given

    named = component(NAME, InferenceComponentName="base")
    for base, waits in (("base", False), (CUT, True)):
        resources = {"A": adapter(base), **HOST, "C": named}
        subject = as_placed(resources)
        assert subject.base is not None
        assert (subject.base.inference_component_name, subject.is_created_after_base) == (
            "base",
            waits,
        )
    assert as_placed({"A": adapter("other"), **HOST, "C": named}).base is None


def test_the_alarms_of_a_component() -> None:
    rolling = {
        "RollingUpdatePolicy": {
            "MaximumBatchSize": {"Type": "COPY_COUNT", "Value": 1},
            "WaitIntervalInSeconds": 60,
        },
        "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": {"Ref": "A"}}]},
    }
    watching = [dimension("InferenceComponentName", CUT)]
    resources = {
        **HOST,
        "C": component(NAME, DeploymentConfig=rolling),
        "A": alarm("x", Dimensions=watching),
    }
    assert ("C", "rollback-alarm-cycle") in found(resources)
    literal = [dimension("InferenceComponentName", "scorer")]
    resources["A"] = alarm("x", Dimensions=literal)
    assert ("C", "rollback-alarm-cycle") not in found(resources)
