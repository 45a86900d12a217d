"""Tests of the permissions that a configuration grants for its features."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache, cached_property
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from kit.cdk import new_stack, template_of
from kit.iam_policies import statement_lines

from cdk_epc import (
    AsyncInference,
    Container,
    CoreDump,
    EndpointConfig,
    InstanceType,
    InstanceVariant,
    Model,
    ModelData,
    S3Location,
    ShapBaseline,
)
from cdk_epc.permissions import ExecutionRole
from cdk_epc.spec import AsyncInferenceConfig, AsyncInferenceOutputConfig

IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/scorer:1"
ID = "0f8b54a6-3b73-4a4c-9d0c-8f3a7b1c2d3e"
KEY = f"arn:aws:kms:eu-west-1:111122223333:key/{ID}"
KEYS = "arn:<AWS::Partition>:kms:<AWS::Region>:<AWS::AccountId>:key/*"
KEYS_THERE = "arn:aws:kms:eu-west-1:111122223333:key/*"
TOPIC = "arn:aws:sns:eu-west-1:111122223333:done"
WRITE = "s3:AbortMultipartUpload s3:PutObject"
OF_BUCKET = "kms:Decrypt kms:GenerateDataKey"
OF_WRITER = "kms:Decrypt kms:Encrypt kms:GenerateDataKey"


_FOR_AWS = '{"Bool": {"kms:GrantIsForAWSResource": "true"}}'


def _has(alias: str, *, for_aws: bool = False) -> str:
    """Return the condition that a key has an alias, and optionally that AWS uses the grant."""
    conditions = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": alias}}
    return json.dumps(
        {**conditions, "Bool": {"kms:GrantIsForAWSResource": "true"}} if for_aws else conditions
    )


def _list(bucket: str, *prefixes: str) -> str:
    patterns = [pattern for prefix in prefixes for pattern in (prefix, f"{prefix}/*")]
    return f'{_LIST} {bucket} if {{"StringLike": {{"s3:prefix": {json.dumps(patterns)}}}}}'


_LIST = "s3:ListBucket on"


class Fixture:
    """Configuration with a role, buckets, keys and a topic."""

    def __init__(self) -> None:
        """Create the related resources."""
        self.stack = new_stack()
        self.bucket = s3.Bucket(self.stack, "Bucket")
        self.key = kms.Key(self.stack, "Key")
        self.safe = s3.Bucket(self.stack, "Safe", encryption_key=kms.Key(self.stack, "SafeKey"))
        self.topic = sns.Topic(self.stack, "Topic")
        self.role = ExecutionRole(self.stack, "Role")
        self.given: dict[str, Any] = {}

    @cached_property
    def config(self) -> EndpointConfig:
        """Configuration with the arguments in ``given``."""
        return EndpointConfig(self.stack, "Config", **self.given)

    def add_variant(self, core_dump: CoreDump | None = None) -> None:
        """Add an instance variant with a model."""
        self.config.add_instance_variant(
            "only",
            model=Model(
                self.stack, "Model", container=Container(image=IMAGE), execution_role=self.role
            ),
            instance_type=InstanceType.ML_M5_LARGE,
            initial_instance_count=1,
            core_dump=core_dump,
        )

    def allowed(self) -> list[str]:
        """Return the statements of the role."""
        return statement_lines(template_of(self.stack), "RoleDefaultPolicy")


def _capture(fixture: Fixture) -> None:
    fixture.config.capture_data(
        destination=S3Location(fixture.bucket, "captured"), sampling_percentage=10
    )


def _capture_in_safe(fixture: Fixture) -> None:
    fixture.config.capture_data(
        destination=S3Location(fixture.safe, "captured/"), sampling_percentage=10
    )


def _capture_with_key(fixture: Fixture) -> None:
    fixture.config.capture_data(
        destination=S3Location(fixture.safe, "captured/"),
        sampling_percentage=10,
        encryption_key=fixture.key,
    )


def _capture_with_alias(fixture: Fixture) -> None:
    fixture.config.capture_data(
        destination=S3Location(fixture.safe, "captured/"),
        sampling_percentage=10,
        encryption_key="alias/captures",
    )


def _capture_off(fixture: Fixture) -> None:
    fixture.config.capture_data(
        destination=S3Location(fixture.bucket, "captured/"), sampling_percentage=10, enabled=False
    )


def _capture_by_uri(fixture: Fixture) -> None:
    fixture.config.capture_data(
        destination="s3://captures/of/scorer", sampling_percentage=10, encryption_key=KEY
    )


def _capture_by_url(fixture: Fixture) -> None:
    fixture.config.capture_data(
        destination=fixture.bucket.s3_url_for_object("captured"), sampling_percentage=10
    )


def _async(fixture: Fixture) -> None:
    fixture.config.enable_async_inference(output_path=S3Location(fixture.bucket, "out/"))


def _async_with_all(fixture: Fixture) -> None:
    fixture.config.enable_async_inference(
        input_path=S3Location(fixture.safe, "in/"),
        output_path=S3Location(fixture.bucket, "out/"),
        failure_path=S3Location(fixture.bucket, "failed/"),
        success_topic=fixture.topic,
        error_topic=sns.Topic(fixture.stack, "Errors", master_key=fixture.key),
        encryption_key=fixture.key,
    )


def _async_by_strings(fixture: Fixture) -> None:
    fixture.config.enable_async_inference(
        output_path="s3://responses/out/", success_topic=TOPIC, error_topic=TOPIC
    )


def _volume_key(fixture: Fixture) -> None:
    fixture.given["encryption_key"] = fixture.key


def _volume_key_by_arn(fixture: Fixture) -> None:
    fixture.given["encryption_key"] = KEY


def _volume_key_by_alias(fixture: Fixture) -> None:
    fixture.given["encryption_key"] = "alias/volumes"


def _volume_key_by_id(fixture: Fixture) -> None:
    fixture.given["encryption_key"] = ID


def _volume_key_by_alias_arn(fixture: Fixture) -> None:
    fixture.given["encryption_key"] = KEYS_THERE.replace("key/*", "alias/volumes")


def _volume_key_of_aws(fixture: Fixture) -> None:
    fixture.given["encryption_key"] = "alias/aws/sagemaker"


def _volume_key_by_token(fixture: Fixture) -> None:
    name = cdk.CfnParameter(fixture.stack, "KeyId").value_as_string
    fixture.given["encryption_key"] = name


def _baseline(fixture: Fixture) -> None:
    fixture.config.explain_with_clarify(
        baseline=ShapBaseline.from_s3(S3Location(fixture.bucket, "baseline.csv"))
    )


def _baseline_below(fixture: Fixture) -> None:
    fixture.config.explain_with_clarify(
        baseline=ShapBaseline.from_s3(S3Location(fixture.bucket, "baselines/"))
    )


def _baseline_inline(fixture: Fixture) -> None:
    fixture.config.explain_with_clarify(baseline=ShapBaseline.inline("1,2"))


def _request(fixture: Fixture) -> None:
    output = AsyncInferenceOutputConfig(s3_output_path="s3://responses/out/")
    fixture.given["async_inference"] = AsyncInferenceConfig(output_config=output)


FEATURES: dict[str, tuple[Callable[[Fixture], None], list[str]]] = {
    "capture": (_capture, [f"{WRITE} on <Bucket>/captured/*"]),
    "capture to an encrypted bucket": (
        _capture_in_safe,
        [f"{WRITE} on <Safe>/captured/*", f"{OF_BUCKET} on <SafeKey>"],
    ),
    "capture with its own key": (
        _capture_with_key,
        [f"{WRITE} on <Safe>/captured/*", f"{OF_WRITER} on <Key>"],
    ),
    "capture with an alias": (
        _capture_with_alias,
        [
            f"{WRITE} on <Safe>/captured/*",
            f"{OF_WRITER} on {KEYS} if {_has('alias/captures')}",
        ],
    ),
    "disabled capture": (_capture_off, []),
    "capture by a URI, with the ARN of a key": (
        _capture_by_uri,
        [
            f"{WRITE} on arn:<AWS::Partition>:s3:::captures/of/scorer/*",
            f"{OF_WRITER} on {KEY}",
        ],
    ),
    "capture by the URL of a bucket": (
        _capture_by_url,
        [f"{WRITE} on arn:<AWS::Partition>:s3:::<Bucket>/captured/*"],
    ),
    "asynchronous": (_async, [f"{WRITE} on <Bucket>/out/*", _list("<Bucket>", "out")]),
    "asynchronous with all": (
        _async_with_all,
        [
            "s3:GetObject on <Safe>/in/*",
            "kms:Decrypt on <SafeKey>",
            f"{WRITE} on <Bucket>/out/*",
            f"{OF_WRITER} on <Key>",
            f"{WRITE} on <Bucket>/failed/*",
            _list("<Safe>", "in"),
            _list("<Bucket>", "out", "failed"),
            "sns:Publish on <Topic>",
            "sns:Publish on <Errors>",
            f"{OF_BUCKET} on <Key>",
        ],
    ),
    "asynchronous by strings": (
        _async_by_strings,
        [
            f"{WRITE} on arn:<AWS::Partition>:s3:::responses/out/*",
            _list("arn:<AWS::Partition>:s3:::responses", "out"),
            f"sns:Publish on {TOPIC}",
        ],
    ),
    "volume key": (
        _volume_key,
        [
            "kms:DescribeKey on <Key>",
            'kms:CreateGrant on <Key> if {"Bool": {"kms:GrantIsForAWSResource": "true"}}',
        ],
    ),
    "volume key by ARN": (
        _volume_key_by_arn,
        [
            f"kms:DescribeKey on {KEY}",
            f'kms:CreateGrant on {KEY} if {{"Bool": {{"kms:GrantIsForAWSResource": "true"}}}}',
        ],
    ),
    "volume key by id": (
        _volume_key_by_id,
        [
            f"kms:DescribeKey on {KEYS.removesuffix('*')}{ID}",
            f"kms:CreateGrant on {KEYS.removesuffix('*')}{ID} if {_FOR_AWS}",
        ],
    ),
    "volume key by alias": (
        _volume_key_by_alias,
        [
            f"kms:DescribeKey on {KEYS} if {_has('alias/volumes')}",
            f"kms:CreateGrant on {KEYS} if {_has('alias/volumes', for_aws=True)}",
        ],
    ),
    "volume key by the ARN of an alias": (
        _volume_key_by_alias_arn,
        [
            f"kms:DescribeKey on {KEYS_THERE} if {_has('alias/volumes')}",
            f"kms:CreateGrant on {KEYS_THERE} if {_has('alias/volumes', for_aws=True)}",
        ],
    ),
    "volume key of AWS": (_volume_key_of_aws, []),
    "volume key by a token": (_volume_key_by_token, []),
    "baseline": (_baseline, ["s3:GetObject on <Bucket>/baseline.csv"]),
    "baseline below a prefix": (_baseline_below, ["s3:GetObject on <Bucket>/baselines/*"]),
    "baseline inline": (_baseline_inline, []),
    "from a request": (
        _request,
        [
            f"{WRITE} on arn:<AWS::Partition>:s3:::responses/out/*",
            _list("arn:<AWS::Partition>:s3:::responses", "out"),
        ],
    ),
}


ATTRIBUTES = frozenset(name for name in FEATURES if name.startswith(("volume key", "from a re")))
"""Features that only the constructor can set."""


@cache
def _of_model() -> list[str]:
    """Return the statements that every model has."""
    fixture = Fixture()
    fixture.add_variant()
    return fixture.allowed()


@pytest.mark.parametrize("feature", FEATURES)
def test_statements_of_a_feature(feature: str) -> None:
    """The order of the calls, feature or variant first, makes no difference."""
    configure, expected = FEATURES[feature]
    of_model = _of_model()
    for is_variant_first in (False,) if feature in ATTRIBUTES else (False, True):
        fixture = Fixture()
        if is_variant_first:
            fixture.add_variant()
        configure(fixture)
        if not is_variant_first:
            fixture.add_variant()
        assert [each for each in fixture.allowed() if each not in of_model] == expected


def test_constructor_and_methods_grant_the_same() -> None:
    fixture, again = Fixture(), Fixture()
    _async_with_all(fixture)
    fixture.add_variant()
    role = again.role
    model = Model(again.stack, "Model", container=Container(image=IMAGE), execution_role=role)
    EndpointConfig(
        again.stack,
        "Given",
        production_variants=[
            InstanceVariant(
                "only",
                model=model,
                instance_type=InstanceType.ML_M5_LARGE,
                initial_instance_count=1,
            )
        ],
        async_inference=AsyncInference(
            input_path=S3Location(again.safe, "in/"),
            output_path=S3Location(again.bucket, "out/"),
            failure_path=S3Location(again.bucket, "failed/"),
            success_topic=again.topic,
            error_topic=sns.Topic(again.stack, "Errors", master_key=again.key),
            encryption_key=again.key,
        ),
    )
    assert sorted(again.allowed()) == sorted(fixture.allowed())


def test_only_the_role_of_the_variant_can_write_core_dumps() -> None:
    fixture = Fixture()
    fixture.add_variant(CoreDump(S3Location(fixture.bucket, "dumps"), encryption_key=fixture.key))
    other = Model(fixture.stack, "Other", container=Container(image=IMAGE))
    fixture.config.add_instance_variant(
        "other",
        model=other,
        instance_type=InstanceType.ML_M5_LARGE,
        initial_instance_count=1,
        core_dump=CoreDump("s3://dumps/other/"),
    )
    template, of_model = template_of(fixture.stack), _of_model()
    assert [
        each for each in statement_lines(template, "RoleDefaultPolicy") if each not in of_model
    ] == [
        f"{WRITE} on <Bucket>/dumps/*",
        f"{OF_WRITER} on <Key>",
    ]
    others = statement_lines(template, "OtherExecutionRoleDefaultPolicy")
    assert [each for each in others if each not in of_model] == [
        f"{WRITE} on arn:<AWS::Partition>:s3:::dumps/other/*"
    ]


def test_role_of_inference_components_can_write_logs_and_use_the_vpc() -> None:
    stack = new_stack()
    vpc = ec2.Vpc(stack, "Vpc", nat_gateways=0, max_azs=1)
    config = EndpointConfig(stack, "Config", execution_role=ExecutionRole(stack, "Role"))
    config.add_inference_component_variant(
        "host",
        instance_type=InstanceType.ML_G5_XLARGE,
        initial_instance_count=1,
        core_dump=CoreDump("s3://dumps/host/"),
    )
    config.place_in_vpc(
        vpc=vpc,
        security_groups=[ec2.SecurityGroup(stack, "Group", vpc=vpc)],
        vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
    )
    allowed = statement_lines(template_of(stack), "RoleDefaultPolicy")
    assert [each.partition(" on ")[0].split()[0] for each in allowed] == [
        "logs:CreateLogGroup",
        "cloudwatch:PutMetricData",
        "s3:AbortMultipartUpload",
        "ec2:CreateNetworkInterface",
        "ec2:CreateNetworkInterfacePermission",
        "ec2:DescribeDhcpOptions",
    ]
    places = next(each for each in allowed if each.startswith("ec2:CreateNetworkInterface "))
    assert "*:subnet/<VpcIsolatedSubnet1Subnet" in places
    assert "*:security-group/<Group>" in places


def test_input_path_of_async_inference() -> None:
    fixture = Fixture()
    assert fixture.config.async_input is None
    place = S3Location(fixture.safe, "in/")
    fixture.config.enable_async_inference(
        output_path=S3Location(fixture.bucket, "out/"), input_path=place
    )
    assert fixture.config.async_input == place
    assert "InputPath" not in str(fixture.config.to_request())


def test_places_in_s3_without_constructs() -> None:
    """A bucket by its name, a URI in two parts and a whole URI say the same as a construct."""
    forms = [
        S3Location("amzn-s3-demo-bucket", "in/"),
        S3Location("s3://amzn-s3-demo-bucket", "in/"),
        S3Location("s3://amzn-s3-demo-bucket/in/"),
        "s3://amzn-s3-demo-bucket/in/",
    ]
    found = []
    for form in forms:
        fixture = Fixture()
        fixture.add_variant()
        fixture.config.enable_async_inference(output_path=form, input_path=form)
        output = fixture.config.spec.async_inference_config.output_config  # type: ignore[union-attr]
        found.append((output.s3_output_path, fixture.allowed()))  # type: ignore[union-attr]
    assert found == [found[0]] * len(forms)
    uri, allowed = found[0]
    assert uri == "s3://amzn-s3-demo-bucket/in/"
    assert "s3:GetObject on arn:<AWS::Partition>:s3:::amzn-s3-demo-bucket/in/*" in allowed


def test_one_statement_lists_all_prefixes_of_a_bucket() -> None:
    fixture = Fixture()
    weights = ModelData.from_s3_folder(S3Location(fixture.bucket, "weights/"))
    for name in ("First", "Second"):
        Model(
            fixture.stack,
            name,
            container=Container(image=IMAGE, model_data=weights),
            execution_role=fixture.role,
        )
    fixture.add_variant()
    fixture.config.enable_async_inference(output_path=S3Location(fixture.bucket, "out/"))
    lists = [each for each in fixture.allowed() if each.startswith(_LIST)]
    assert lists == [_list("<Bucket>", "weights", "out")]
