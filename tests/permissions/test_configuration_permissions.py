"""What a configuration allows its roles for each feature, beyond what a model needs anyway."""

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
from kit.policies import in_words

from cdk_epc import (
    AsyncInference,
    Container,
    CoreDump,
    EndpointConfig,
    EndpointConfigError,
    InstanceType,
    InstanceVariant,
    Model,
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


_OURS = '{"Bool": {"kms:GrantIsForAWSResource": "true"}}'


def _has(alias: str, *, ours: bool = False) -> str:
    """The condition that a key has an alias; and that it is for an AWS service."""
    conditions = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": alias}}
    return json.dumps(
        {**conditions, "Bool": {"kms:GrantIsForAWSResource": "true"}} if ours else conditions
    )


def _list(bucket: str, prefix: str) -> str:
    return f'{_LIST} {bucket} if {{"StringLike": {{"s3:prefix": ["{prefix}", "{prefix}/*"]}}}}'


_LIST = "s3:ListBucket on"


class Things:
    """The constructs around a configuration."""

    def __init__(self) -> None:
        """Make a bucket, one with a key, a key and a topic."""
        self.stack = new_stack()
        self.bucket = s3.Bucket(self.stack, "Bucket")
        self.key = kms.Key(self.stack, "Key")
        self.safe = s3.Bucket(self.stack, "Safe", encryption_key=kms.Key(self.stack, "SafeKey"))
        self.topic = sns.Topic(self.stack, "Topic")
        self.role = ExecutionRole(self.stack, "Role")
        self.given: dict[str, Any] = {}

    @cached_property
    def config(self) -> EndpointConfig:
        """The configuration, made of what is given."""
        return EndpointConfig(self.stack, "Config", **self.given)

    def add_variant(self, core_dump: CoreDump | None = None) -> None:
        """Add a model on instances."""
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
        """What the role may do, in words."""
        return in_words(template_of(self.stack), "RoleDefaultPolicy")


def _capture(things: Things) -> None:
    things.config.capture_data(
        destination=S3Location(things.bucket, "captured"), sampling_percentage=10
    )


def _capture_in_safe(things: Things) -> None:
    things.config.capture_data(
        destination=S3Location(things.safe, "captured/"), sampling_percentage=10
    )


def _capture_with_key(things: Things) -> None:
    things.config.capture_data(
        destination=S3Location(things.safe, "captured/"),
        sampling_percentage=10,
        encryption_key=things.key,
    )


def _capture_with_alias(things: Things) -> None:
    things.config.capture_data(
        destination=S3Location(things.safe, "captured/"),
        sampling_percentage=10,
        encryption_key="alias/captures",
    )


def _capture_off(things: Things) -> None:
    things.config.capture_data(
        destination=S3Location(things.bucket, "captured/"), sampling_percentage=10, enabled=False
    )


def _capture_by_uri(things: Things) -> None:
    things.config.capture_data(
        destination="s3://captures/of/scorer", sampling_percentage=10, encryption_key=KEY
    )


def _capture_by_url(things: Things) -> None:
    things.config.capture_data(
        destination=things.bucket.s3_url_for_object("captured"), sampling_percentage=10
    )


def _async(things: Things) -> None:
    things.config.enable_async_inference(output_path=S3Location(things.bucket, "out/"))


def _async_with_all(things: Things) -> None:
    things.config.enable_async_inference(
        input_path=S3Location(things.safe, "in/"),
        output_path=S3Location(things.bucket, "out/"),
        failure_path=S3Location(things.bucket, "failed/"),
        success_topic=things.topic,
        error_topic=sns.Topic(things.stack, "Errors", master_key=things.key),
        encryption_key=things.key,
    )


def _async_by_strings(things: Things) -> None:
    things.config.enable_async_inference(
        output_path="s3://answers/out/", success_topic=TOPIC, error_topic=TOPIC
    )


def _volume_key(things: Things) -> None:
    things.given["encryption_key"] = things.key


def _volume_key_by_arn(things: Things) -> None:
    things.given["encryption_key"] = KEY


def _volume_key_by_alias(things: Things) -> None:
    things.given["encryption_key"] = "alias/volumes"


def _volume_key_by_id(things: Things) -> None:
    things.given["encryption_key"] = ID


def _volume_key_by_alias_arn(things: Things) -> None:
    things.given["encryption_key"] = KEYS_THERE.replace("key/*", "alias/volumes")


def _volume_key_of_aws(things: Things) -> None:
    things.given["encryption_key"] = "alias/aws/sagemaker"


def _volume_key_by_token(things: Things) -> None:
    name = cdk.CfnParameter(things.stack, "KeyId").value_as_string
    things.given["encryption_key"] = name


def _baseline(things: Things) -> None:
    things.config.explain_with_clarify(
        baseline=ShapBaseline.from_s3(S3Location(things.bucket, "baseline.csv"))
    )


def _baseline_below(things: Things) -> None:
    things.config.explain_with_clarify(
        baseline=ShapBaseline.from_s3(S3Location(things.bucket, "baselines/"))
    )


def _baseline_inline(things: Things) -> None:
    things.config.explain_with_clarify(baseline=ShapBaseline.inline("1,2"))


def _request(things: Things) -> None:
    output = AsyncInferenceOutputConfig(s3_output_path="s3://answers/out/")
    things.given["async_inference"] = AsyncInferenceConfig(output_config=output)


FEATURES: dict[str, tuple[Callable[[Things], None], list[str]]] = {
    "capture": (_capture, [f"{WRITE} on <Bucket>/captured/*"]),
    "capture in an encrypted bucket": (
        _capture_in_safe,
        [f"{WRITE} on <Safe>/captured/*", f"{OF_BUCKET} on <SafeKey>"],
    ),
    "capture with a key of its own": (
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
    "capture that is off": (_capture_off, []),
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
            _list("<Bucket>", "out"),
            _list("<Bucket>", "failed"),
            "sns:Publish on <Topic>",
            "sns:Publish on <Errors>",
            f"{OF_BUCKET} on <Key>",
        ],
    ),
    "asynchronous by strings": (
        _async_by_strings,
        [
            f"{WRITE} on arn:<AWS::Partition>:s3:::answers/out/*",
            _list("arn:<AWS::Partition>:s3:::answers", "out"),
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
            f"kms:CreateGrant on {KEYS.removesuffix('*')}{ID} if {_OURS}",
        ],
    ),
    "volume key by alias": (
        _volume_key_by_alias,
        [
            f"kms:DescribeKey on {KEYS} if {_has('alias/volumes')}",
            f"kms:CreateGrant on {KEYS} if {_has('alias/volumes', ours=True)}",
        ],
    ),
    "volume key by the ARN of an alias": (
        _volume_key_by_alias_arn,
        [
            f"kms:DescribeKey on {KEYS_THERE} if {_has('alias/volumes')}",
            f"kms:CreateGrant on {KEYS_THERE} if {_has('alias/volumes', ours=True)}",
        ],
    ),
    "volume key of AWS": (_volume_key_of_aws, []),
    "volume key by a token": (_volume_key_by_token, []),
    "baseline": (_baseline, ["s3:GetObject on <Bucket>/baseline.csv"]),
    "baseline below a prefix": (_baseline_below, ["s3:GetObject on <Bucket>/baselines/*"]),
    "baseline inline": (_baseline_inline, []),
    "from a request": (_request, []),
}


ATTRIBUTES = frozenset(name for name in FEATURES if name.startswith(("volume key", "from a re")))
"""What the constructor alone can be given."""


@cache
def _of_model() -> list[str]:
    """What a model needs anyway."""
    things = Things()
    things.add_variant()
    return things.allowed()


@pytest.mark.parametrize("feature", FEATURES)
@pytest.mark.parametrize("variant_first", [True, False])
def test_a_feature_allows_exactly(feature: str, *, variant_first: bool) -> None:
    """Whichever came first: the variant with the role, or the feature."""
    configure, allowed = FEATURES[feature]
    things = Things()
    steps: list[Callable[[], None]] = [lambda: configure(things), things.add_variant]
    for step in reversed(steps) if variant_first and feature not in ATTRIBUTES else steps:
        step()
    of_model = _of_model()
    assert [each for each in things.allowed() if each not in of_model] == allowed


def test_values_and_methods_allow_the_same() -> None:
    things, again = Things(), Things()
    _async_with_all(things)
    things.add_variant()
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
    assert sorted(again.allowed()) == sorted(things.allowed())


def test_core_dumps_are_written_by_the_role_of_their_variant_alone() -> None:
    things = Things()
    things.add_variant(CoreDump(S3Location(things.bucket, "dumps"), encryption_key=things.key))
    other = Model(things.stack, "Other", container=Container(image=IMAGE))
    things.config.add_instance_variant(
        "other",
        model=other,
        instance_type=InstanceType.ML_M5_LARGE,
        initial_instance_count=1,
        core_dump=CoreDump("s3://dumps/other/"),
    )
    template, of_model = template_of(things.stack), _of_model()
    assert [each for each in in_words(template, "RoleDefaultPolicy") if each not in of_model] == [
        f"{WRITE} on <Bucket>/dumps/*",
        f"{OF_WRITER} on <Key>",
    ]
    others = in_words(template, "OtherExecutionRoleDefaultPolicy")
    assert [each for each in others if each not in of_model] == [
        f"{WRITE} on arn:<AWS::Partition>:s3:::dumps/other/*"
    ]


def test_a_role_of_inference_components_logs_and_joins_the_network() -> None:
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
    allowed = in_words(template_of(stack), "RoleDefaultPolicy")
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


def test_where_callers_put_their_requests_is_known() -> None:
    things = Things()
    assert things.config.async_input is None
    place = S3Location(things.safe, "in/")
    things.config.enable_async_inference(
        output_path=S3Location(things.bucket, "out/"), input_path=place
    )
    assert things.config.async_input == place
    assert "InputPath" not in str(things.config.to_request())


def test_an_input_path_has_a_bucket() -> None:
    things = Things()
    with pytest.raises(EndpointConfigError) as caught:
        things.config.enable_async_inference(output_path="s3://b/out/", input_path="s3://b/in/")  # type: ignore[arg-type]
    (finding,) = caught.value.findings
    assert (finding.rule_id, finding.path, finding.got, finding.allowed) == (
        "argument-type-wrong",
        "enable_async_inference().input_path",
        "s3://b/in/",
        "an S3Location",
    )
    assert things.config.spec.async_inference_config is None
