"""`InferenceComponent`: dependencies, roles, grants, scaling, metrics and other stacks."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sagemaker as sagemaker
from aws_cdk import aws_ssm as ssm
from aws_cdk.assertions import Template
from kit.cdk import new_stack, template_of
from kit.components import (
    ADAPTER,
    ARTIFACT,
    COMPONENTS,
    IMAGE,
    component_in,
    compute,
    container,
    endpoint_in,
    role_in,
    rolling,
)
from kit.dependency_graph import Graph, assert_acyclic

from cdk_epc import (
    ComponentContainer,
    Container,
    ContainerImage,
    Endpoint,
    EndpointConfigError,
    InferenceComponent,
    InferenceComponentBase,
    Model,
    ModelData,
    S3Location,
)

COMPONENT = "AWS::SageMaker::InferenceComponent"


def statements(template: dict[str, Any], action: str) -> list[dict[str, Any]]:
    """Return the statements of a template that allow an action."""
    return [
        statement
        for policy in template["Resources"].values()
        if policy["Type"] == "AWS::IAM::Policy"
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if action in [*cdk_list(statement["Action"])]
    ]


def cdk_list(given: Any) -> list[Any]:
    return given if isinstance(given, list) else [given]


def component_of(template: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the only component of a template."""
    ((id_, found),) = (
        (id_, each) for id_, each in template["Resources"].items() if each["Type"] == COMPONENT
    )
    return id_, found


def test_component_depends_on_an_endpoint_with_a_literal_name() -> None:
    stack = new_stack()
    endpoint = endpoint_in(stack, endpoint_name="assistants")
    component_in(stack, "assistants", variant="shared").node.add_dependency(endpoint)
    by_name = component_of(template_of(stack))[1]
    assert "EndpointEEF1FD8F" in by_name["DependsOn"]


def test_component_depends_on_the_l1_endpoint_only() -> None:
    """Other resources in the endpoint construct, such as alarms, can refer to the component."""
    stack = new_stack()
    endpoint = endpoint_in(stack)
    made = component_in(stack, endpoint)
    made.metric_invocation_5xx_errors().create_alarm(
        endpoint, "Errors", threshold=1, evaluation_periods=1
    )
    name = made.inference_component_name
    reported = ssm.CfnParameter(endpoint, "ReportedFindings", type="String", value=name)
    template = template_of(stack)
    assert_acyclic(template)
    graph = Graph.of(template)
    id_, _ = component_of(template)
    assert graph.depends_on(stack.resolve(reported.logical_id), id_)


@pytest.mark.pin_only  # older validators of CDK do not know ContainerMetricsConfig
def test_execution_role_may_read_image_and_artifact() -> None:
    stack = new_stack()
    COMPONENTS["whole"](stack)
    template = template_of(stack)
    (reads,) = statements(template, "s3:GetObject")
    (pulls,) = statements(template, "ecr:BatchGetImage")
    assert reads["Resource"]["Fn::Join"][1][1] == "/assistant/7.tar.gz"
    assert set(pulls["Action"]) == {
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:GetDownloadUrlForLayer",
    }
    assert "RoleDefaultPolicy5FFB7DAB" in component_of(template)[1]["DependsOn"]


def test_execution_role_has_the_permissions_of_the_model() -> None:
    stack = new_stack()
    model = Model(
        stack,
        "Model",
        container=Container(
            image=ContainerImage.from_uri(IMAGE), model_data=ModelData.from_s3(ARTIFACT)
        ),
    )
    component_in(stack, endpoint_in(stack), model=model, container=None)
    template = template_of(stack)
    policies = {
        stack.resolve(policy)
        for policy, each in template["Resources"].items()
        if each["Type"] == "AWS::IAM::Policy"
        and any(
            "s3:GetObject" in cdk_list(statement["Action"])
            for statement in each["Properties"]["PolicyDocument"]["Statement"]
        )
    }
    assert policies == {"RoleDefaultPolicy5FFB7DAB", "ModelExecutionRoleDefaultPolicy0D703335"}


def test_permission_to_describe_alarms_is_in_a_separate_policy() -> None:
    stack = new_stack()
    COMPONENTS["rolled_back"](stack)
    template = template_of(stack)
    (looks,) = statements(template, "cloudwatch:DescribeAlarms")
    own, other = looks["Resource"]
    assert own == {"Fn::GetAtt": ["Errors" + stack.get_logical_id(_alarm(stack))[6:], "Arn"]}
    assert other["Fn::Join"][1][-1] == ":alarm:assistant-latency"
    graph = Graph.of(template)
    (policy,) = (
        id_
        for id_, each in template["Resources"].items()
        if each["Type"] == "AWS::IAM::Policy" and "RollbackAlarms" in id_
    )
    id_, _ = component_of(template)
    assert [each for each in graph.edges if policy in graph.edges[each]] == [id_]
    assert not graph.depends_on(policy, id_)


def _alarm(stack: cdk.Stack) -> cdk.CfnElement:
    child = stack.node.find_child("Errors").node.default_child
    assert isinstance(child, cdk.CfnElement)
    return child


def test_recommended_alarms_of_the_component_are_rollback_alarms() -> None:
    stack = new_stack()
    made = component_in(stack, deployment=rolling(), copies=4)
    alarms = made.add_recommended_alarms()
    made.roll_back_on(*alarms)
    template = template_of(stack)
    assert_acyclic(template)
    _, component = component_of(template)
    named = component["Properties"]["DeploymentConfig"]["AutoRollbackConfiguration"]["Alarms"]
    assert len(named) == len([*alarms]) > 1
    dimensions = {
        dimension["Value"]
        for each in template["Resources"].values()
        if each["Type"] == "AWS::CloudWatch::Alarm"
        for dimension in each["Properties"].get("Dimensions", [])
    }
    assert dimensions == {component["Properties"]["InferenceComponentName"]}


def test_scalable_target_refers_to_the_component() -> None:
    stack = new_stack()
    COMPONENTS["scaled_to_zero"](stack)
    template = template_of(stack)
    id_, component = component_of(template)
    assert component["Properties"]["RuntimeConfig"] == {"CopyCount": 1}
    (target,) = (
        each
        for each in template["Resources"].values()
        if each["Type"] == "AWS::ApplicationAutoScaling::ScalableTarget"
    )
    assert {"Ref": id_} in _refs(target)
    assert target["Properties"]["MinCapacity"] == 0


def _refs(tree: Any) -> list[Any]:
    if isinstance(tree, dict):
        return (
            [tree] if set(tree) == {"Ref"} else [r for each in tree.values() for r in _refs(each)]
        )
    return [r for each in tree for r in _refs(each)] if isinstance(tree, list) else []


def grants_of(stack: cdk.Stack) -> list[Any]:
    """Return the actions and resources of the callers' statements."""
    return [
        (statement["Action"], statement["Resource"])
        for statement in statements(template_of(stack), "sagemaker:InvokeEndpoint")
    ]


INVOKE = ["sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointWithResponseStream"]


def caller_in(stack: cdk.Stack) -> iam.Role:
    return iam.Role(stack, "Caller", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))


def test_grant_is_on_the_component_and_its_endpoint() -> None:
    stack = new_stack()
    endpoint = endpoint_in(stack)
    made = component_in(stack, endpoint)
    InferenceComponent(stack, "Other", endpoint=endpoint, container=container(), compute=compute())
    made.grant_invoke(caller_in(stack))
    (id_,) = (id_ for id_ in template_of(stack)["Resources"] if id_.startswith("Assistant1D40D776"))
    arn = {"Fn::GetAtt": ["EndpointEEF1FD8F", "EndpointArn"]}
    assert grants_of(stack) == [(INVOKE, [arn, {"Ref": id_}])]


def test_grant_on_the_endpoint_includes_later_components() -> None:
    stack = new_stack()
    endpoint = endpoint_in(stack)
    endpoint.grant_invoke(caller_in(stack))
    component_in(stack, endpoint)
    id_, _ = component_of(template_of(stack))
    arns = [arn for _, resource in grants_of(stack) for arn in cdk_list(resource)]
    assert {"Ref": id_} in arns


@pytest.mark.parametrize("kind", ["name", "L1"])
def test_grant_with_an_endpoint_of_another_library(kind: str) -> None:
    stack = new_stack()
    l1 = sagemaker.CfnEndpoint(stack, "L1", endpoint_config_name="config")
    made = component_in(stack, "assistants" if kind == "name" else l1, variant="shared")
    made.grant_invoke(caller_in(stack))
    ((actions, (endpoint, _)),) = grants_of(stack)
    assert actions == INVOKE
    if kind == "name":
        assert endpoint["Fn::Join"][1][-1] == ":endpoint/assistants"
    else:
        assert endpoint == {"Ref": "L1"}
        assert "L1" in component_of(template_of(stack))[1]["DependsOn"]


def test_imported_component() -> None:
    stack = new_stack()
    endpoint = Endpoint.from_endpoint_name(stack, "Endpoint", "assistants")
    by_name = InferenceComponent.from_inference_component_name(
        stack, "ByName", "assistant", endpoint=endpoint
    )
    arn = "arn:aws:sagemaker:eu-west-1:111122223333:inference-component/assistant"
    by_arn = InferenceComponent.from_inference_component_arn(stack, "ByArn", arn)
    for each in (by_name, by_arn):
        assert isinstance(each, InferenceComponentBase)
        assert (each.inference_component_name, each.name_in_metrics) == ("assistant", "assistant")
        metric = each.metric_invocations()
        assert dict(metric.dimensions or {}) == {"InferenceComponentName": "assistant"}
    assert by_arn.inference_component_arn == arn
    assert by_arn.env.region == "eu-west-1"
    by_name.grant_invoke(caller_in(stack))
    ((_, arns),) = grants_of(stack)
    assert [each["Fn::Join"][1][-1] for each in arns] == [
        ":endpoint/assistants",
        ":inference-component/assistant",
    ]
    with pytest.raises(EndpointConfigError) as refused:
        by_arn.grant_invoke(caller_in(new_stack()))
    (finding,) = refused.value.findings
    assert (finding.rule_id, finding.resource) == ("grant-not-supported", "Stack/ByArn")
    assert finding.message == (
        "grant_invoke() needs the endpoint of the component, which was imported without it"
    )
    assert finding.fix == "Pass endpoint=Endpoint.from_endpoint_name(...) to the import."


BASES = {
    "a name": lambda _: "assistant",
    "an L1": lambda stack: sagemaker.CfnInferenceComponent(
        stack, "Base", endpoint_name="assistants", specification={"modelName": "assistant-7"}
    ),
    "an import": lambda stack: InferenceComponent.from_inference_component_name(
        stack, "Base", "assistant"
    ),
}


@pytest.mark.parametrize("kind", BASES)
def test_every_type_of_base(kind: str) -> None:
    stack = new_stack()
    InferenceComponent(
        stack,
        "Dutch",
        endpoint="assistants",
        base_component=BASES[kind](stack),
        container=ComponentContainer(artifact=ADAPTER),
    )
    (dutch,) = (
        each
        for id_, each in Template.from_stack(stack).to_json()["Resources"].items()
        if id_.startswith("Dutch")
    )
    name = dutch["Properties"]["Specification"]["BaseInferenceComponentName"]
    if kind == "an L1":
        assert name == {
            "Fn::Select": [1, {"Fn::Split": [":inference-component/", {"Ref": "Base"}]}]
        }
        assert dutch["DependsOn"] == ["Base"]
    else:
        assert name == "assistant"
    assert {"VariantName", "RuntimeConfig"} & dutch["Properties"].keys() == set()


def test_component_in_another_stack_than_the_endpoint() -> None:
    app = cdk.App()
    stateful, serving = new_stack("Stateful", app), new_stack("Serving", app)
    endpoint = endpoint_in(stateful, role=role_in(stateful))
    bucket = s3.Bucket(serving, "Bucket")
    made = component_in(
        serving,
        endpoint,
        container=ComponentContainer(
            image=IMAGE, artifact=ModelData.from_s3(S3Location(bucket, "assistant.tar.gz"))
        ),
        deployment=rolling(),
        copies=4,
    )
    made.roll_back_on(
        made.metric_invocation_5xx_errors().create_alarm(
            serving, "Errors", threshold=0.1, evaluation_periods=1
        )
    )
    assert [each.node.id for each in serving.dependencies] == ["Stateful"]
    assert [*stateful.dependencies] == []
    template = template_of(serving)
    _, component = component_of(template)
    assert len(component["DependsOn"]) == 2  # the policies about the artifact and the alarms
    assert len(statements(template, "s3:GetObject")) == 1


def test_model_of_another_stack_is_a_warning() -> None:
    app = cdk.App()
    models, serving = new_stack("Models", app), new_stack("Serving", app)
    model = Model(models, "Model", container=Container(image=ContainerImage.from_uri(IMAGE)))
    made = component_in(serving, model=model, container=None)
    assert [(each.rule_id, each.path) for each in made.findings_at_synth()] == [
        ("model-imported", "model")
    ]


def test_adapter_in_another_stack_than_its_base() -> None:
    app = cdk.App()
    serving, callers = new_stack("Serving", app), new_stack("Callers", app)
    made = component_in(serving)
    for output, name in (("Name", made.inference_component_name), ("Known", made.name_in_metrics)):
        cdk.CfnOutput(callers, output, value=name)
    outputs = template_of(callers)["Outputs"]
    assert "Fn::ImportValue" in str(outputs["Name"])
    _, component = component_of(template_of(serving))
    assert outputs["Known"]["Value"] == component["Properties"]["InferenceComponentName"]


def test_default_variant_is_the_only_one() -> None:
    one, several = new_stack(), new_stack()
    assert component_in(one).variant_name == "shared"
    assert component_in(several, endpoint_in(several, "a", "b")).variant_name is None
    by_handle = new_stack()
    endpoint = endpoint_in(by_handle, "a", "b")
    assert component_in(by_handle, endpoint, variant=endpoint.variant("b")).variant_name == "b"


def test_request_for_boto3() -> None:
    made = component_in(new_stack(), "assistants", variant="shared")
    assert made.to_request() == {
        "EndpointName": "assistants",
        "VariantName": "shared",
        "Specification": {
            "Container": {"Image": IMAGE, "ArtifactUrl": ARTIFACT},
            "ComputeResourceRequirements": {
                "MinMemoryRequiredInMb": 8192,
                "NumberOfAcceleratorDevicesRequired": 1,
            },
        },
        "RuntimeConfig": {"CopyCount": 1},
    }


def test_arn_of_an_imported_component_is_in_lower_case() -> None:
    """IAM compares policies with the ARN in lower case."""
    stack = new_stack()
    it = InferenceComponent.from_inference_component_name(stack, "It", "Llama")
    _, _, written = str(stack.resolve(it.inference_component_arn)).partition("inference-component/")
    assert written.startswith("llama")
    assert it.inference_component_name == "Llama"
