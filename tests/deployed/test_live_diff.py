"""`cdk-epc diff --live` against an endpoint in moto."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from kit.command import run
from kit.moto_server import Cloud
from kit.references import REGION

pytestmark = pytest.mark.pin_only

VARIANT = {
    "VariantName": "main",
    "ModelName": "fraud",
    "InstanceType": "ml.m5.large",
    "InitialInstanceCount": 2,
}


def test_a_running_endpoint(cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sagemaker = cloud.client("sagemaker")
    role = "arn:aws:iam::123456789012:role/inference"
    container = {"Image": "image:1", "ModelDataUrl": "s3://amzn-s3-demo-bucket/1.tar.gz"}
    sagemaker.create_model(ModelName="fraud", PrimaryContainer=container, ExecutionRoleArn=role)
    sagemaker.create_endpoint_config(EndpointConfigName="fraud-1", ProductionVariants=[VARIANT])
    sagemaker.create_endpoint(EndpointName="fraud", EndpointConfigName="fraud-1")
    cloud.client("application-autoscaling").register_scalable_target(
        ServiceNamespace="sagemaker",
        ResourceId="endpoint/fraud/variant/main",
        ScalableDimension="sagemaker:variant:DesiredInstanceCount",
        MinCapacity=2,
        MaxCapacity=4,
    )
    config = {"ProductionVariants": [{**VARIANT, "InstanceType": "ml.m5.xlarge"}]}
    name = {"Fn::GetAtt": ["Config", "EndpointConfigName"]}
    endpoint = {"EndpointName": "fraud", "EndpointConfigName": name}
    types = {"EndpointConfig": config, "Endpoint": endpoint}
    resources = {
        key.removeprefix("Endpoint") or "Endpoint": {
            "Type": f"AWS::SageMaker::{key}",
            "Properties": properties,
        }
        for key, properties in types.items()
    }
    template = tmp_path / "template.json"
    template.write_text(json.dumps({"Resources": resources}), "utf-8")
    monkeypatch.setenv("AWS_ENDPOINT_URL", cloud.url)
    for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(variable, "testing")
    arguments = ("--format", "json", "--region", REGION, "--live")
    done = run("diff", *arguments, "fraud", template)
    assert done.err == ""
    assert [each["rule_id"] for each in done.json["findings"]] == ["scaled-type-changed"]
    missing = run("diff", *arguments, "other", template)
    assert (missing.code, missing.err.startswith("other: the request to AWS failed: ")) == (2, True)
