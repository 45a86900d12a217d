"""Sources of the command: descriptions, hostile files, and files without use."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from cdk_epc.cli.command import main
from cdk_epc.importing import (
    SourceStack,
    UnusableSourceError,
    generate,
    options_for,
    stack_of_requests,
)

_DESCRIBED: list[dict[str, Any]] = [
    {
        "EndpointName": "fraud",
        "EndpointArn": "arn:aws:sagemaker:eu-west-1:111122223333:endpoint/fraud",
        "EndpointConfigName": "fraud",
        "ProductionVariants": [{"VariantName": "main", "CurrentWeight": 1.0}],
        "EndpointStatus": "InService",
        "FailureReason": None,
    },
    {
        "EndpointConfigName": "fraud",
        "EndpointConfigArn": "arn:aws:sagemaker:eu-west-1:111122223333:endpoint-config/fraud",
        "ProductionVariants": [
            {
                "VariantName": "main",
                "ModelName": "fraud",
                "InitialInstanceCount": 1,
                "InstanceType": "ml.g5.xlarge",
                "InitialVariantWeight": 1.0,
                "VolumeSizeInGB": 30,
            }
        ],
        "EnableNetworkIsolation": False,
        "CreationTime": "2026-01-01T00:00:00Z",
    },
    {
        "ModelName": "fraud",
        "PrimaryContainer": {"Image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/fraud:7"},
        "ExecutionRoleArn": "arn:aws:iam::111122223333:role/fraud",
        "ModelArn": "arn:aws:sagemaker:eu-west-1:111122223333:model/fraud",
        "CreationTime": "2026-01-01T00:00:00Z",
        "EnableNetworkIsolation": False,
    },
    {
        "ScalableTargets": [
            {
                "ServiceNamespace": "sagemaker",
                "ResourceId": "endpoint/fraud/variant/main",
                "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
                "MinCapacity": 1,
                "MaxCapacity": 4,
                "RoleARN": "arn:aws:iam::111122223333:role/aws-service-role/x/AWSServiceRole",
                "CreationTime": "2026-01-01T00:00:00Z",
            }
        ]
    },
    {
        "ScalingPolicies": [
            {
                "PolicyARN": "arn:aws:autoscaling:eu-west-1:111122223333:scalingPolicy:7",
                "PolicyName": "load",
                "ServiceNamespace": "sagemaker",
                "ResourceId": "endpoint/fraud/variant/main",
                "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
                "PolicyType": "TargetTrackingScaling",
                "TargetTrackingScalingPolicyConfiguration": {
                    "TargetValue": 300.0,
                    "PredefinedMetricSpecification": {
                        "PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"
                    },
                },
                "CreationTime": "2026-01-01T00:00:00Z",
            }
        ]
    },
]


def test_descriptions_become_typed_code_without_what_the_service_filled_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def described(*_: object, with_details: bool) -> list[dict[str, Any]]:
        assert with_details
        return _DESCRIBED

    monkeypatch.setattr("cdk_epc.cli.live.live_responses", described)
    source, output = tmp_path / "fraud.json", tmp_path / "fraud.py"
    source.write_text(json.dumps(_DESCRIBED), "utf-8")
    assert main(["import", str(source), "--output", str(output)]) == 0
    code = output.read_text("utf-8")
    for expected in (
        "class FraudStack(cdk.Stack):",
        "# AWS filled in these values, which the code of the configuration leaves out:",
        "ProductionVariants.VolumeSizeInGB",
        "model=fraud_model,",
        "endpoint_config=fraud_config,",
        'variant = fraud_endpoint.variant("main")',
        "scaling = variant.auto_scale(1, 4)",
        'scaling.scale_on_invocations(300, policy_name="load")',
    ):
        assert expected in code
    for left_out in ("volume_size", "network_isolation", "aws-service-role", "CfnResource("):
        assert left_out not in code
    assert capsys.readouterr() == ("", "")
    assert main(["import", "--live", "fraud"]) == 0
    _, _, after_origin = capsys.readouterr().out.partition("\n")
    assert after_origin.endswith(code.partition("import aws_cdk")[2])
    assert main(["import"]) == 2
    assert "give a SOURCE or --live" in capsys.readouterr().err

    assert main(["import", "--for-import", str(source)]) == 0
    code = capsys.readouterr().out
    assert "CloudFormation cannot import endpoints (fraud)" in code
    assert '"ModelArn": "arn:aws:sagemaker:eu-west-1:111122223333:model/fraud"' in code
    assert "Endpoint(" not in code
    text = json.dumps(_DESCRIBED).replace("arn:aws:", "arn:aws-cn:")
    source.write_text(text.replace("eu-west-1", "cn-north-1"), "utf-8")
    assert main(["import", "--for-import", str(source)]) == 0
    in_china = '"ModelArn": "arn:aws-cn:sagemaker:cn-north-1:111122223333:model/fraud"'
    assert in_china in capsys.readouterr().out


_REFUSED: list[Any] = [
    {"Resources": {"A": {"Type": "AWS::X::Y", "Properties": {"$jsii.byref": "1"}}}},
    {"Resources": {"A": {"Type": "AWS::X::Y", "Properties": {"B": {"Ref": "A"}}}}},
    {"Resources": {"Fn::ForEach::All": ["A", [], {}]}},
    {"Resources": {"A b": {"Type": "AWS::X::Y"}}},
    {"Resources": {"A": {"Type": "AWS::X::Y", "DependsOn": "B"}}},
    {"Resources": {}},
    {"EndpointName": "only"},
    ["text"],
]


@pytest.mark.parametrize("document", _REFUSED)
def test_sources_without_use_are_refused_in_one_line(
    document: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "source.json"
    source.write_text(json.dumps(document), "utf-8")
    assert main(["import", str(source)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("cdk-epc import: error: ")
    assert err.count("\n") == 1


_EVIL = "x\"\"\"'''\n\\N{BULLET}\u2028#\r{0}${{1}}\n__import__('os').system('false')\ud800"


def test_hostile_names_and_values_never_become_code() -> None:
    template = {
        "Description": _EVIL,
        "Metadata": {_EVIL: _EVIL},
        _EVIL: {},
        "Parameters": {"import": {"Type": "String", "Default": _EVIL, _EVIL: 1}},
        "Resources": {
            "class": {"Type": _EVIL, "Properties": {_EVIL: [_EVIL]}, _EVIL: _EVIL},
            "self": {
                "Type": "AWS::SageMaker::EndpointConfig",
                "Metadata": {"aws:cdk:path": f"Stack/{_EVIL}/Resource"},
                "Properties": {
                    "EndpointConfigName": _EVIL,
                    "ProductionVariants": [
                        {
                            "VariantName": _EVIL,
                            "ModelName": _EVIL,
                            "InstanceType": _EVIL,
                            "InitialInstanceCount": 1,
                            _EVIL: _EVIL,
                        }
                    ],
                },
            },
        },
        "Outputs": {"print": {"Value": _EVIL}},
    }
    sources = [SourceStack(name=_EVIL, origin=_EVIL, template=template)]
    tree = ast.parse(generate(sources, options_for(sources)).encode("utf-8", "surrogatepass"))
    called = {
        ast.unparse(node.func).partition("(")[0].partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    }
    assigned = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    classes = {each.name for each in tree.body if isinstance(each, ast.ClassDef)}
    assert called - assigned - classes == {"EndpointConfig", "cdk", "isinstance", "l1", "super"}
    assert len(classes) == 1
    with pytest.raises(UnusableSourceError, match="refer to each other"):
        generate(
            [
                SourceStack(
                    name="circle",
                    origin="circle",
                    template={
                        "Resources": {
                            name: {"Type": "AWS::X::Y", "Properties": {"A": {"Ref": other}}}
                            for name, other in (("A", "B"), ("B", "A"))
                        }
                    },
                )
            ]
        )


_COMPONENT: dict[str, Any] = {
    "InferenceComponentName": "fraud",
    "InferenceComponentArn": "arn:aws:sagemaker:eu-west-1:111122223333:inference-component/fraud",
    "EndpointName": "shared",
    "VariantName": "shared",
}
_WRONG_TYPES: list[tuple[dict[str, Any], str]] = [
    (
        {**_COMPONENT, "Specification": {"Container": "fraud:7"}},
        '"Specification.Container", "fraud:7"',
    ),
    ({**_COMPONENT, "Specifications": 5}, '"Specifications": 5'),
    ({**_DESCRIBED[2], "Containers": 5}, '"Containers": 5'),
]


def test_descriptions_with_values_of_wrong_types_keep_the_values() -> None:
    for document, expected in _WRONG_TYPES:
        sources = [stack_of_requests([document], "odd", "odd")]
        assert expected in generate(sources, options_for(sources))


def test_members_that_cloudformation_lacks_have_a_comment_instead_of_an_acknowledgement() -> None:
    source = {"S3DataSource": {"S3Uri": "s3://amzn-s3-demo-bucket/draft/"}, "ChannelName": "draft"}
    container = {"Image": "fraud:7", "AdditionalModelDataSources": [source]}
    untyped = {"ModelName": "fraud", "PrimaryContainer": container}
    typed = {**untyped, "ExecutionRoleArn": "arn:aws:iam::111122223333:role/fraud"}
    for document in (untyped, typed):
        sources = [stack_of_requests([document], "fraud", "fraud")]
        code = generate(sources, options_for(sources))
        assert "member-not-in-cloudformation" not in code
        assert "# PrimaryContainer.AdditionalModelDataSources is not allowed in" in code


def test_a_name_that_refers_to_an_object_stays_a_name() -> None:
    template = {
        "Resources": {
            "Config": {
                "Type": "AWS::SageMaker::EndpointConfig",
                "Properties": {"EndpointConfigName": {"Ref": {"Ref": "A"}}},
            }
        }
    }
    sources = [SourceStack(name="odd", origin="odd", template=template)]
    assert '{"EndpointConfigName": {"Ref": {"Ref": "A"}}}' in generate(
        sources, options_for(sources)
    )
