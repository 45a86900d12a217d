"""Conversion of CDK objects to the strings and numbers that the API takes.

CDK's interfaces are recognised by their members. Importing the modules that define them (EC2, S3,
SNS, KMS, IAM) would cost every app a second or more, even if it does not use them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast
from weakref import WeakKeyDictionary

import aws_cdk as cdk
from constructs import Construct

from cdk_epc.catalog.instances import InstanceType
from cdk_epc.constructs.duck_typing import has_member
from cdk_epc.constructs.values import ArgumentTypeError
from cdk_epc.spec import Tag
from cdk_epc.spec.unresolved import (
    ReferenceToken,
    is_list,
    is_mapping,
    is_number,
    is_unresolved,
    known_parts,
)

if TYPE_CHECKING:
    from aws_cdk.aws_iam import IRole, Role
    from aws_cdk.aws_kms import IKey
    from aws_cdk.aws_s3 import IBucket
    from aws_cdk.aws_sns import ITopic, Topic
    from aws_cdk.interfaces.aws_kms import IKeyRef
    from aws_cdk.interfaces.aws_sagemaker import IModelRef

    # Type checkers do not see that Role and Topic implement their interfaces, because the
    # generated methods of jsii differ in the names of their arguments.
    ModelOrName: TypeAlias = IModelRef | str
    KeyOrId: TypeAlias = IKeyRef | str
    RoleOrArn: TypeAlias = IRole | Role | str
    TopicOrArn: TypeAlias = ITopic | Topic | str

    from cdk_epc.constructs.s3_location import S3Location

    S3LocationOrUri: TypeAlias = S3Location | str

InstanceTypeOrName: TypeAlias = InstanceType | str

_S3: Final = "s3://"
_WILDCARD: Final = re.compile(r"[*?]|\$\{")


def model_name(model: ModelOrName) -> str:
    """Return the name of a model, from the attribute of an L1 or L2, or from its ARN."""
    if isinstance(model, str):
        return model
    for attribute in ("attr_model_name", "model_name"):
        if isinstance(name := getattr(model, attribute, None), str):
            return ReferenceToken(name)
    if has_member(model, "model_ref"):
        return ReferenceToken(cdk.Arn.extract_resource_name(model.model_ref.model_arn, "model"))
    raise ArgumentTypeError(model, "a model (IModelRef) or its name", "Pass the model construct.")


def key_id(key: KeyOrId) -> str:
    """Return the ARN of a key construct; a key id, alias or ARN is returned unchanged."""
    if isinstance(key, str):
        return key
    if has_member(key, "key_ref"):
        return ReferenceToken(key_arn(key))
    raise ArgumentTypeError(
        key,
        "a key (IKeyRef), or the id, ARN, alias name or alias ARN of a key",
        "Pass the key construct.",
    )


_KEY_ARNS: Final[WeakKeyDictionary[Construct, str]] = WeakKeyDictionary()


def key_arn(key: IKeyRef) -> str:
    """Return the ARN of a key construct, cached because it never changes.

    Most keys have a property for it. The reference has three members, each a call into Node.
    """
    construct = key if isinstance(key, Construct) else None
    if construct is not None and construct in _KEY_ARNS:
        return _KEY_ARNS[construct]
    arn = cast("IKey", key).key_arn if has_member(key, "key_arn") else key.key_ref.key_arn
    if construct is not None:
        _KEY_ARNS[construct] = arn
    return arn


def role_arn(role: RoleOrArn) -> str:
    """Return the ARN of a role."""
    return _arn(role, "role_arn", "a role (IRole) or its ARN", "Pass the role construct.")


def topic_arn(topic: TopicOrArn) -> str:
    """Return the ARN of a topic."""
    return _arn(topic, "topic_arn", "a topic (ITopic) or its ARN", "Pass the topic construct.")


def _arn(given: object, attribute: str, allowed: str, fix: str) -> str:
    if isinstance(given, str):
        return given
    if isinstance(arn := getattr(given, attribute, None), str):
        return ReferenceToken(arn)
    raise ArgumentTypeError(given, allowed, fix)


def tag_list(tags: object) -> object:
    """Return a mapping of tags as the API's list of tags.

    A token or a wrong value is returned unchanged, so that the rules report it.

    Raises:
        ArgumentTypeError: The value is a list, such as one of CDK's tags.
    """
    if not is_mapping(tags):
        if is_list(tags) and not is_unresolved(tags):
            raise ArgumentTypeError(
                tags,
                "a mapping of keys to values",
                'Write {"team": "fraud"}, or call cdk.Tags.of(construct).add("team", "fraud").',
            )
        return tags
    return tuple(Tag(key=key, value=tag_value) for key, tag_value in tags.items())


def bucket_uri(bucket: IBucket | str, prefix: object) -> str:
    """Return the S3 URI of a prefix of a bucket.

    Args:
        bucket: The bucket, its name, or the S3 URI of a prefix.
        prefix: Prefix or key below the bucket or URI.
    """
    if not isinstance(prefix, str):
        raise ArgumentTypeError(
            prefix, "a prefix or key in the bucket, as text", 'Write text, for example "prefix/".'
        )
    if isinstance(bucket, str):
        uri = bucket if bucket.startswith(_S3) else f"{_S3}{bucket}"
        return f"{uri.removesuffix('/')}/{prefix}" if prefix else uri
    if not has_member(bucket, "s3_url_for_object"):
        raise ArgumentTypeError(
            bucket,
            "a bucket (IBucket), its name, or an S3 URI",
            'Pass the bucket construct, for example S3Location(bucket, "prefix/").',
        )
    return bucket.s3_url_for_object(prefix) if prefix else bucket.s3_url_for_object()


def has_wildcard(text: str) -> bool:
    """Return whether the known parts of a text have a wildcard or a variable of IAM policies."""
    return any(_WILDCARD.search(each) for each in known_parts(text) if each)


def _checked_uri(uri: str) -> str:
    """Return a URI whose bucket is one bucket, and no pattern of many in a policy."""
    if uri.startswith(_S3) and has_wildcard(uri.removeprefix(_S3).partition("/")[0]):
        raise ArgumentTypeError(
            uri, "the S3 URI of one bucket, without wildcards", "Write the name of the bucket."
        )
    return uri


def s3_uri(location: S3LocationOrUri) -> str:
    """Return the S3 URI of a location; a URI is returned unchanged."""
    if isinstance(location, str):
        return _checked_uri(location)
    if has_member(location, "uri"):
        return _checked_uri(location.uri)
    fix = 'Write S3Location(bucket, "prefix/") or "s3://bucket/prefix/".'
    if has_member(location, "s3_url_for_object"):
        fix = 'Write S3Location(bucket), or S3Location(bucket, "prefix/") for a part of the bucket.'
    raise ArgumentTypeError(location, "an S3Location or an S3 URI", fix)


def instance_type_name(given: object) -> str:
    """Return the name of an instance type; a name is returned unchanged."""
    if isinstance(given, str):
        return given
    if isinstance(given, InstanceType):
        return given.name
    fix = 'Write InstanceType.ML_M5_XLARGE or "ml.m5.xlarge", for example.'
    raise ArgumentTypeError(given, "an InstanceType or its name", fix)


def seconds(duration: cdk.Duration) -> float:
    """Return the seconds of a duration; rules report a fraction that the API does not allow."""
    return _amount(duration, "Duration", "seconds")


def minutes(duration: cdk.Duration) -> float:
    """Return the minutes of a duration."""
    return _amount(duration, "Duration", "minutes")


def mebibytes(size: cdk.Size) -> float:
    """Return the mebibytes of a size, which SageMaker's documentation calls MB."""
    return _amount(size, "Size", "mebibytes")


def gibibytes(size: cdk.Size) -> float:
    """Return the gibibytes of a size, which SageMaker's documentation calls GB."""
    return _amount(size, "Size", "gibibytes")


def _amount(given: Any, type_: str, unit: str) -> float:  # noqa: ANN401
    """Return the amount of a duration or size in a unit of CDK."""
    convert: Callable[[], float] | None = getattr(given, f"to_{unit}", None)
    number: object = given
    fix = f"Write cdk.{type_}.{unit}({number if is_number(number) else '…'})."
    if convert is None:
        if is_unresolved(given):
            return cast("float", given)
        raise ArgumentTypeError(given, f"a {type_}", fix)
    try:
        return convert()
    except RuntimeError as error:  # CDK raises where the amount is not a whole number of the unit
        raise ArgumentTypeError(
            str(given.to_string()) if hasattr(given, "to_string") else given,
            f"a whole number of {unit}",
            f"{str(error).splitlines()[0].removesuffix('.')}. {fix}",
        ) from None
