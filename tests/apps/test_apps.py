"""Apps of nine kinds: their resources, and no finding, error or warning."""

from __future__ import annotations

import json
import re
from functools import cache, partial
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from apps.ab_test import AbTest
from apps.async_in_vpc import AsyncInVpc
from apps.changes import Changed
from apps.code_lines import lines_as_l1, lines_of_app
from apps.company_policy import Team
from apps.included import Included, write_template
from apps.language_model import LanguageModel
from apps.serverless import Serverless
from apps.several_models import SeveralModels
from apps.synthesis import synthesize
from apps.three_stacks import build as build_three_stacks
from aws_cdk.assertions import Match, Template
from kit.template_metrics import of_type

from cdk_epc.templates import TemplateInput
from cdk_epc.updates import UpdateReport, review_update

pytestmark = pytest.mark.pin_only

CONFIG = "AWS::SageMaker::EndpointConfig"
ENDPOINT = "AWS::SageMaker::Endpoint"
MODEL = "AWS::SageMaker::Model"
COMPONENT = "AWS::SageMaker::InferenceComponent"
TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"
POLICY = "AWS::IAM::Policy"
FOLDER = Path(__file__).parent
ROW = re.compile(
    r"^\| \[`(\w+)`\]\(\.\./tests/apps/(\w+)\.py\).* \| (\d+) \| (\d+) \|$", re.MULTILINE
)
REFERENCES = "@aws-cdk/core:defaultCrossStackReferences"


@cache
def template_of(stack: type[cdk.Stack]) -> dict[str, Any]:
    """Return the template of the only stack of an app."""
    (template,) = synthesize(lambda app: stack(app, "Stack")).values()
    return template


def synthesized(stack: type[cdk.Stack]) -> Template:
    """Return the assertions about the only stack of an app."""
    return Template.from_json(template_of(stack))


def allows(*actions: str) -> dict[str, Any]:
    """Return the properties of a policy that allows these actions in one statement."""
    action = list(actions) if len(actions) > 1 else actions[0]
    statement = Match.array_with([Match.object_like({"Action": action})])
    return {"PolicyDocument": {"Statement": statement}}


def test_language_model_with_adapters() -> None:
    template = synthesized(LanguageModel)
    template.resource_count_is(COMPONENT, 3)
    template.resource_count_is("AWS::IAM::Role", 2)  # the shared role, and the caller
    weights = {"CompressionType": "None", "S3DataType": "S3Prefix"}
    source = {"ModelDataSource": {"S3DataSource": Match.object_like(weights)}}
    template.has_resource_properties(MODEL, {"PrimaryContainer": source})
    base = template.find_resources(COMPONENT, {"Properties": {"RuntimeConfig": {"CopyCount": 1}}})
    ((base_id, resource),) = base.items()
    name = resource["Properties"]["InferenceComponentName"]
    adapter = {"Specification": {"BaseInferenceComponentName": name}}
    template.resource_properties_count_is(COMPONENT, adapter, 2)
    template.has_resource(COMPONENT, {"DependsOn": Match.array_with([base_id])})
    template.has_resource_properties(TARGET, {"MinCapacity": 0, "MaxCapacity": 4})
    template.has_resource_properties(
        "AWS::CloudWatch::Alarm", {"MetricName": "NoCapacityInvocationFailures"}
    )
    scaling = {"ManagedInstanceScaling": Match.object_like({"MinInstanceCount": 0})}
    variants = Match.array_with([Match.object_like(scaling)])
    template.has_resource_properties(CONFIG, {"ProductionVariants": variants})


def test_ab_test_with_canary_and_rollback() -> None:
    template = synthesized(AbTest)
    weights = [Match.object_like({"InitialVariantWeight": weight}) for weight in (9, 1)]
    template.has_resource_properties(CONFIG, {"ProductionVariants": weights})
    template.resource_count_is(TARGET, 2)
    (endpoint,) = of_type(template.to_json(), ENDPOINT).values()
    deployment = endpoint["DeploymentConfig"]
    routing = deployment["BlueGreenUpdatePolicy"]["TrafficRoutingConfiguration"]
    assert routing["CanarySize"] == {"Type": "CAPACITY_PERCENT", "Value": 10}
    alarms = [
        each["AlarmName"]["Ref"] for each in deployment["AutoRollbackConfiguration"]["Alarms"]
    ]
    assert len(alarms) == 3
    assert set(alarms) <= of_type(template.to_json(), "AWS::CloudWatch::Alarm").keys()
    assert endpoint["RetainAllVariantProperties"] is True
    template.has_resource_properties(POLICY, allows("cloudwatch:DescribeAlarms"))


def test_asynchronous_endpoint_in_a_vpc() -> None:
    template = synthesized(AsyncInVpc)
    image = "444455556666.dkr.ecr.eu-west-1"
    (model,) = of_type(template.to_json(), MODEL).values()
    assert image in json.dumps(model["PrimaryContainer"]["Image"])
    assert len(model["VpcConfig"]["Subnets"]) == 2
    assert len(model["VpcConfig"]["SecurityGroupIds"]) == 1
    repository = {"Resource": Match.string_like_regexp("444455556666:repository/documents")}
    statements = Match.array_with([Match.object_like(repository)])
    template.has_resource_properties(POLICY, {"PolicyDocument": {"Statement": statements}})
    paths = {"S3FailurePath": Match.any_value(), "S3OutputPath": Match.any_value()}
    output = {"OutputConfig": Match.object_like(paths)}
    template.has_resource_properties(CONFIG, {"AsyncInferenceConfig": output})
    template.has_resource_properties(TARGET, {"MinCapacity": 0, "MaxCapacity": 6})
    template.has_resource_properties(
        "AWS::CloudWatch::Alarm", {"MetricName": "HasBacklogWithoutCapacity"}
    )
    template.has_resource_properties(POLICY, allows("sagemaker:InvokeEndpointAsync"))


def test_serverless_endpoint_with_schedules() -> None:
    template = synthesized(Serverless)
    (target,) = of_type(template.to_json(), TARGET).values()
    assert target["ScalableDimension"] == "sagemaker:variant:DesiredProvisionedConcurrency"
    assert {each["Schedule"]: each["Timezone"] for each in target["ScheduledActions"]} == {
        "cron(0 8 ? * MON-FRI *)": "Europe/Berlin",
        "cron(0 18 ? * MON-FRI *)": "Europe/Berlin",
    }
    serverless = {"MemorySizeInMB": 4096, "MaxConcurrency": 20, "ProvisionedConcurrency": 1}
    variant = Match.object_like({"ServerlessConfig": serverless})
    template.has_resource_properties(CONFIG, {"ProductionVariants": [variant]})


def test_multi_model_endpoint_pipeline_and_clarify() -> None:
    template = synthesized(SeveralModels)
    template.resource_count_is(ENDPOINT, 3)
    template.has_resource_properties(MODEL, {"PrimaryContainer": {"Mode": "MultiModel"}})
    two = [Match.object_like({"Image": Match.any_value()})] * 2
    template.has_resource_properties(MODEL, {"Containers": two})
    template.resource_properties_count_is(
        CONFIG, {"ExplainerConfig": {"ClarifyExplainerConfig": Match.any_value()}}, 1
    )
    only = {"StringEquals": {"sagemaker:TargetModel": ["linden.tar.gz"]}}
    statement = {"Statement": [Match.object_like({"Condition": only})]}
    template.has_resource_properties(POLICY, {"PolicyDocument": statement})


def test_policy_of_a_company_for_two_teams() -> None:
    templates = synthesize(lambda app: [Team(app, name) for name in ("Payments", "Search")])
    for team, found in templates.items():
        template = Template.from_json(found)
        tags = [{"Key": "linden:team", "Value": team}]
        template.has_resource_properties(CONFIG, {"Tags": tags, "KmsKeyId": Match.any_value()})
        template.has_resource_properties(MODEL, {"EnableNetworkIsolation": True})
    with pytest.raises(RuntimeError, match=r"error linden-encryption"):
        synthesize(lambda app: Team(app, "Search", is_encrypted=False))


def update(old: dict[str, Any], new: dict[str, Any]) -> UpdateReport:
    """Return the review of a deployment of the changed app."""
    both = [
        [
            TemplateInput(template=each, name=name)
            for name, each in synthesize(partial(_changed, values=values)).items()
        ]
        for values in (old, new)
    ]
    return review_update(*both)


def _changed(app: cdk.App, values: dict[str, Any]) -> None:
    Changed(app, "Stack", **values)


def test_changes_of_model_type_and_name() -> None:
    model = update({}, {"archive": "s3://linden-fraud/8.tar.gz"})
    assert model.findings == ()
    (plan,) = model.plans
    assert [plan.is_replaced, plan.has_new_fleet] == [False, True]
    refused = {
        "scaled-type-changed": {"instance_type": "ml.c5.xlarge"},
        "scaled-variant-removed": {"name": "next"},
    }
    for rule_id, values in refused.items():
        found = update({}, values).findings
        assert [each.rule_id for each in found] == [rule_id]
    unscaled = {"is_scaled": False}
    for values in refused.values():
        assert update(unscaled, {**unscaled, **values}).findings == ()


@pytest.mark.parametrize(
    ("references", "function"), [("weak", "Fn::GetStackOutput"), ("strong", "Fn::ImportValue")]
)
def test_three_stacks_and_a_nested_stack(references: str, function: str) -> None:
    templates = synthesize(build_three_stacks, {REFERENCES: references})
    assert templates.keys() == {"Data", "Serving", "Calling"}
    assert function not in json.dumps(templates["Data"])
    serving = Template.from_json(templates["Serving"])
    serving.has_resource_properties(CONFIG, {"KmsKeyId": {function: Match.any_value()}})
    serving.has_resource_properties(
        ENDPOINT, {"EndpointConfigName": {"Fn::GetAtt": Match.any_value()}}
    )
    serving.resource_count_is("AWS::CloudFormation::Stack", 1)
    serving.resource_count_is("AWS::CloudWatch::Dashboard", 0)
    statement = Match.object_like({"Resource": {function: Match.any_value()}})
    Template.from_json(templates["Calling"]).has_resource_properties(
        POLICY, {"PolicyDocument": {"Statement": [statement]}}
    )


def test_included_template(tmp_path: Path) -> None:
    file = write_template(tmp_path)
    (found,) = synthesize(lambda app: Included(app, "Stack", file=file)).values()
    template = Template.from_json(found)
    template.resource_count_is(ENDPOINT, 2)
    model = {"ModelName": {"Fn::GetAtt": ["Model", "ModelName"]}}
    variants = [Match.object_like(model)]
    template.resource_properties_count_is(CONFIG, {"ProductionVariants": variants}, 2)
    invoke = allows("sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointWithResponseStream")
    template.has_resource_properties(POLICY, invoke)
    write_template(tmp_path, instance_type="ml.g5.xlarge")
    with pytest.raises(RuntimeError, match="kms-key-with-local-storage"):
        synthesize(lambda app: Included(app, "Stack", file=file))


def test_the_documented_lines_of_code_are_measured() -> None:
    text = (FOLDER.parents[1] / "docs" / "README.md").read_text("utf-8")
    stated = [(name, file, int(own), int(l1)) for name, file, own, l1 in ROW.findall(text)]
    modules = {
        each: each.__module__.removeprefix("apps.") for each in (LanguageModel, AbTest, AsyncInVpc)
    }
    assert stated == [
        (
            stack.__name__,
            module,
            lines_of_app(FOLDER / f"{module}.py"),
            lines_as_l1(template_of(stack)),
        )
        for stack, module in modules.items()
    ]
