"""From CDK's objects to the strings and numbers that the API takes.

CDK's interfaces are recognised by what they offer: importing the modules that define them (EC2, S3,
SNS, KMS, IAM) would cost every app a second or more, used or not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import aws_cdk as cdk

from cdk_epc.catalog.instances import InstanceType
from cdk_epc.constructs.duck_typing import has_member
from cdk_epc.constructs.values import ArgumentTypeError
from cdk_epc.permissions.kms_keys import arn_of
from cdk_epc.spec.unresolved import ReferenceToken, is_unresolved

if TYPE_CHECKING:
    from aws_cdk.aws_iam import IRole
    from aws_cdk.aws_s3 import IBucket
    from aws_cdk.aws_sns import ITopic
    from aws_cdk.interfaces.aws_kms import IKeyRef
    from aws_cdk.interfaces.aws_sagemaker import IModelRef

    Model: TypeAlias = IModelRef | str
    Key: TypeAlias = IKeyRef | str
    Role: TypeAlias = IRole | str
    Topic: TypeAlias = ITopic | str

    from cdk_epc.constructs.s3_location import S3Location

    Location: TypeAlias = S3Location | str


def model_name(model: Model) -> str:
    """The name of a model: the L1's attribute, an L2's property, or the end of its ARN."""
    if isinstance(model, str):
        return model
    for attribute in ("attr_model_name", "model_name"):
        if isinstance(name := getattr(model, attribute, None), str):
            return ReferenceToken(name)
    if has_member(model, "model_ref"):
        return ReferenceToken(cdk.Arn.extract_resource_name(model.model_ref.model_arn, "model"))
    raise ArgumentTypeError(
        model, "a model (IModelRef) or its name", "Give the model construct itself."
    )


def key_id(key: Key) -> str:
    """The ARN of a key construct; a key id, alias or ARN as it is."""
    if isinstance(key, str):
        return key
    if has_member(key, "key_ref"):
        return ReferenceToken(arn_of(key))
    raise ArgumentTypeError(
        key,
        "a key (IKeyRef), or the id, ARN, alias name or alias ARN of one",
        "Give the key construct itself.",
    )


def role_arn(role: Role) -> str:
    """The ARN of a role."""
    return _arn(role, "role_arn", "a role (IRole) or its ARN", "Give the role construct itself.")


def topic_arn(topic: Topic) -> str:
    """The ARN of a topic."""
    return _arn(topic, "topic_arn", "a topic (ITopic) or its ARN", "Give the topic itself.")


def _arn(given: object, attribute: str, allowed: str, fix: str) -> str:
    if isinstance(given, str):
        return given
    if isinstance(arn := getattr(given, attribute, None), str):
        return ReferenceToken(arn)
    raise ArgumentTypeError(given, allowed, fix)


def bucket_uri(bucket: IBucket, prefix: object) -> str:
    """The S3 URI of a prefix of a bucket."""
    if not has_member(bucket, "s3_url_for_object"):
        raise ArgumentTypeError(bucket, "a bucket (IBucket)", "Give the bucket construct itself.")
    if not isinstance(prefix, str):
        raise ArgumentTypeError(prefix, "a prefix or key in the bucket", 'Write a text, "prefix/".')
    return bucket.s3_url_for_object(prefix) if prefix else bucket.s3_url_for_object()


def s3_uri(location: Location) -> str:
    """An S3 URI, as it is or of a bucket and a prefix."""
    if isinstance(location, str):
        return location
    if has_member(location, "uri"):
        return location.uri
    raise ArgumentTypeError(
        location,
        "an S3Location or an S3 URI",
        'Write S3Location(bucket, "prefix/") or "s3://bucket/prefix/".',
    )


def s3_location(location: S3Location) -> S3Location:
    """A place in S3 by its bucket, where the bucket has to be known."""
    if has_member(location, "uri"):
        return location
    raise ArgumentTypeError(location, "an S3Location", 'Write S3Location(bucket, "prefix/").')


def instance_type_name(given: object) -> str:
    """The name of an instance type."""
    if isinstance(given, InstanceType):
        return given.name
    if isinstance(given, str):
        raise ArgumentTypeError(
            given, "an InstanceType", f"Write InstanceType.of({given!r}), or take its constant."
        )
    raise ArgumentTypeError(given, "an InstanceType", "Take one of InstanceType's constants.")


def seconds(duration: cdk.Duration) -> float:
    """The seconds of a duration; a fraction is left for the bounds rules to find."""
    return _amount(duration, "to_seconds", "a Duration", "Write Duration.seconds(…).")


def minutes(duration: cdk.Duration) -> float:
    """The minutes of a duration."""
    return _amount(duration, "to_minutes", "a Duration", "Write Duration.minutes(…).")


def mebibytes(size: cdk.Size) -> float:
    """The mebibytes of a size. SageMaker writes MB and means these."""
    return _amount(size, "to_mebibytes", "a Size", "Write Size.mebibytes(…) or Size.gibibytes(…).")


def gibibytes(size: cdk.Size) -> float:
    """The gibibytes of a size. SageMaker writes GB and means these."""
    return _amount(size, "to_gibibytes", "a Size", "Write Size.gibibytes(…).")


def _amount(given: Any, method: str, kind: str, fix: str) -> float:  # noqa: ANN401
    convert: Callable[[], float] | None = getattr(given, method, None)
    if convert is None:
        if is_unresolved(given):
            return cast("float", given)
        raise ArgumentTypeError(given, kind, fix)
    try:
        return convert()
    except RuntimeError as error:  # CDK refuses what is no whole number of the unit
        unit = method.removeprefix("to_")
        raise ArgumentTypeError(
            str(given.to_string()) if hasattr(given, "to_string") else given,
            f"a whole number of {unit}",
            f"{str(error).splitlines()[0].removesuffix('.')}. {fix}",
        ) from None
