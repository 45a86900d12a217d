"""Cost of many findings: the number of Python calls grows like the number of findings."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from kit.templates import CONFIG, get, resource

from cdk_epc import check_template
from cdk_epc.cli import main
from cdk_epc.templates.parameter_values import is_placeholder

ENDPOINT = "AWS::SageMaker::Endpoint"
MODEL = "AWS::SageMaker::Model"
ALARM = "AWS::CloudWatch::Alarm"
TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"
POLICY = "AWS::ApplicationAutoScaling::ScalingPolicy"
IMAGE = "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-inference:2.6.0-gpu-py312"
FEW = 40
MOST = 2.2
"""Times as many calls for twice the number of findings."""


def variant(name: str = "main", **more: Any) -> dict[str, Any]:
    given = {"VariantName": name, "ModelName": "m", "InstanceType": "ml.m5.large"}
    return {**given, "InitialInstanceCount": 1, **more}


def config(*variants: dict[str, Any], **more: Any) -> dict[str, Any]:
    return resource(CONFIG, ProductionVariants=list(variants) or [variant()], **more)


def endpoint(**more: Any) -> dict[str, Any]:
    return resource(ENDPOINT, EndpointConfigName=get("C", "EndpointConfigName"), **more)


def model(role: Any = "arn:aws:iam::111122223333:role/r", **container: Any) -> dict[str, Any]:
    given = {"Image": IMAGE, **container}
    return resource(MODEL, ExecutionRoleArn=role, PrimaryContainer=given)


def target(**more: Any) -> dict[str, Any]:
    return resource(
        TARGET,
        MinCapacity=1,
        MaxCapacity=4,
        ResourceId={"Fn::Sub": "endpoint/${E.EndpointName}/variant/main"},
        ScalableDimension="sagemaker:variant:DesiredInstanceCount",
        ServiceNamespace="sagemaker",
        **more,
    )


def policy() -> dict[str, Any]:
    metric = {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"}
    return resource(
        POLICY,
        PolicyName="p",
        PolicyType="TargetTrackingScaling",
        ScalingTargetId={"Ref": "S"},
        TargetTrackingScalingPolicyConfiguration={
            "TargetValue": 0,
            "PredefinedMetricSpecification": metric,
        },
    )


def schedule() -> dict[str, Any]:
    action = {"MinCapacity": 9}
    return {"ScheduledActionName": "a", "Schedule": "at(x)", "ScalableTargetAction": action}


def template(**resources: Any) -> dict[str, Any]:
    return {"Resources": {"C": config(), "E": endpoint(), **resources}}


def many(count: int, name: str, make: Callable[[int], Any]) -> dict[str, Any]:
    return {f"{name}{index}": make(index) for index in range(count)}


def alarms(count: int) -> list[dict[str, Any]]:
    return [{"AlarmName": {"Ref": f"A{index}"}} for index in range(count)]


ROLE = resource("AWS::IAM::Role", AssumeRolePolicyDocument={"Statement": []})
WRONG_ALARM = resource(ALARM, Namespace="AWS/SageMaker", MetricName="Invocations", Period=61)
TAG = {"Key": "team", "Value": "fraud"}

INPUTS: dict[str, Callable[[int], Any]] = {
    "requests": lambda n: (
        [{"EndpointConfigName": "x", "ProductionVariants": [variant(InitialInstanceCount=0)]}] * n
    ),
    "equal tags": lambda n: template(C=config(Tags=[TAG] * n)),
    "equal variants": lambda n: template(C=config(*[variant()] * n)),
    "pools": lambda n: template(
        C=config(variant(InstancePools=[{"InstanceType": "ml.m5.large", "Priority": 0}] * n))
    ),
    "containers": lambda n: template(
        C=config(variant(ModelName=get("M", "ModelName"))),
        M=resource(MODEL, ExecutionRoleArn="r", Containers=[{"Image": IMAGE}] * n),
    ),
    "environment": lambda n: template(M=model(Environment=many(n, "a ", lambda _: '"x"'))),
    "endpoints": lambda n: template(
        **many(n, "E", lambda index: endpoint(EndpointName="aB" if index % 2 else "Ab"))
    ),
    "models of a role": lambda n: template(
        R=ROLE, **many(n, "M", lambda _: model(get("R", "Arn")))
    ),
    "alarms": lambda n: template(
        E=endpoint(DeploymentConfig={"AutoRollbackConfiguration": {"Alarms": alarms(n)}}),
        **many(n, "A", lambda _: WRONG_ALARM),
    ),
    "policies": lambda n: template(S=target(), **many(n, "P", lambda _: policy())),
    "schedules": lambda n: template(S=target(ScheduledActions=[schedule()] * n)),
    "unknown members": lambda n: template(C=config(**many(n, "Member", lambda _: 1))),
    "unknown references": lambda n: template(
        **many(n, "D", lambda index: config(KmsKeyId={"Ref": f"Nothing{index}"}))
    ),
    "acknowledged": lambda n: template(
        C={
            **config(Tags=[TAG] * n),
            "Metadata": {"cdk-epc": {"acknowledge": {"tag-keys-repeated": "Known."}}},
        }
    ),
}


def calls(path: Path, form: str = "json") -> int:
    """Return the number of calls of Python functions, and of those written in C, in a check."""
    count = 0

    def profile(_: object, event: str, __: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    with redirect_stdout(io.StringIO()):
        sys.setprofile(profile)
        try:
            main(["check", "--format", form, str(path)])
        finally:
            sys.setprofile(None)
    return count


def written(path: Path, document: Any) -> Path:
    path.write_text(json.dumps(document), "utf-8")
    return path


def assembly(folder: Path, count: int) -> Path:
    """Write a cloud assembly of stacks with a finding each."""
    folder.mkdir()
    manifest: dict[str, Any] = {"version": "38.0.1", "artifacts": {}}
    for index in range(count):
        name = f"Stack{index}"
        written(folder / f"{name}.json", template(C=config(variant(InitialInstanceCount=0))))
        manifest["artifacts"][name] = {
            "type": "aws:cloudformation:stack",
            "environment": "aws://111122223333/eu-west-1",
            "properties": {"templateFile": f"{name}.json"},
        }
    written(folder / "manifest.json", manifest)
    return folder


@pytest.mark.parametrize("make", INPUTS.values(), ids=INPUTS)
def test_cost_is_linear(make: Callable[[int], Any], tmp_path: Path) -> None:
    file = tmp_path / "input.json"
    calls(written(file, make(2)))  # fills caches
    few, several = (calls(written(file, make(count))) for count in (FEW, 2 * FEW))
    assert several / few < MOST


@pytest.mark.parametrize("form", ["text", "sarif", "github"])
def test_cost_of_a_format_is_linear(form: str, tmp_path: Path) -> None:
    file = tmp_path / "input.json"
    calls(written(file, INPUTS["requests"](2)), form)
    few, several = (
        calls(written(file, INPUTS["requests"](count)), form) for count in (FEW, 2 * FEW)
    )
    assert several / few < MOST


def test_cost_of_an_assembly_is_linear(tmp_path: Path) -> None:
    calls(assembly(tmp_path / "first", 2))
    few, several = (calls(assembly(tmp_path / str(count), count)) for count in (FEW, 2 * FEW))
    assert several / few < MOST


def test_parameters_are_worked_out_once_for_all_resources(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def ask(declaration: object, value: Any) -> bool:
        asked.append(value)
        return is_placeholder(declaration, value)

    monkeypatch.setattr("cdk_epc.templates.template.is_placeholder", ask)
    names = [f"P{index}" for index in range(4)]
    tags = [{"Key": name, "Value": {"Ref": name}} for name in names]
    document = {
        **template(**many(3, "C", lambda _: config(Tags=tags))),
        "Parameters": {name: {"Type": "String", "Default": name} for name in names},
    }
    assert not check_template(document)
    assert sorted(map(str, asked)) == names
