"""What the roles of a configuration need, from what its values were given.

Constructs are granted on as CDK does, with the keys of buckets and topics. What is given as a
string is granted on by the roles' policies alone, where the string says what it is: a URI of S3,
the ARN of a topic, any name of a key. A key that is a token alone may be any of its names, so that
one has to be given as a construct.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeGuard

from cdk_epc.constructs.call_sites import SuppliedPart
from cdk_epc.constructs.duck_typing import has_member
from cdk_epc.constructs.s3_location import S3Location
from cdk_epc.constructs.supplied_models import models_in
from cdk_epc.endpoint_config.features import AsyncInference, ClarifyExplainer, DataCapture
from cdk_epc.endpoint_config.variant_settings import CoreDump
from cdk_epc.endpoint_config.variants import InferenceComponentVariant, OnInstances, Variant
from cdk_epc.permissions import Permission, feature_permissions
from cdk_epc.permissions.statements import bucket_and_key
from cdk_epc.spec import Path, VpcConfig

if TYPE_CHECKING:
    from cdk_epc.constructs.convert import Key, Location
    from cdk_epc.endpoint_config.construct import EndpointConfig
    from cdk_epc.permissions.statements import Bucket

_ROLE: Final[Path] = ("execution_role_arn",)
_KEY: Final[Path] = ("kms_key_id",)
_VPC: Final[Path] = ("vpc_config",)


def allow(config: EndpointConfig, supplied_parts: Sequence[SuppliedPart]) -> None:
    """Let the roles do what these pieces of a configuration take, now and for roles to come."""
    access = config.role_permissions
    for supplied_part in supplied_parts:
        if isinstance(supplied_part.value, Variant):
            for role in _roles_of(supplied_part, supplied_part.value, config):
                access.add_role(role, _of_variant(supplied_part.value, config))
        elif supplied_part.path == _ROLE:
            access.add_role(supplied_part.value)
        else:
            access.add_permissions(_of_all(supplied_part, config))


def async_input_of(supplied_parts: Sequence[SuppliedPart]) -> S3Location | None:
    """Where the callers of an asynchronous endpoint put their requests, if that was said."""
    given = (
        supplied_part.value
        for supplied_part in supplied_parts
        if isinstance(supplied_part.value, AsyncInference)
    )
    return next((each.input_path for each in given), None)


def _roles_of(
    supplied_part: SuppliedPart, variant: Variant, config: EndpointConfig
) -> Iterator[Any]:
    """What SageMaker runs a variant with: its models' roles, or that of the configuration."""
    if isinstance(variant, InferenceComponentVariant):
        supplied_parts = config._state.supplied_parts  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - its own
        yield from (each.value for each in supplied_parts if each.path == _ROLE)
    for _, model in models_in(supplied_part):
        yield getattr(model, "execution_role", None)


def _of_variant(variant: Variant, config: EndpointConfig) -> Iterator[Permission]:
    """What the roles of one variant need, and those of the others do not."""
    if isinstance(variant, InferenceComponentVariant):  # there is no model whose need it would be
        yield feature_permissions.logs_and_metrics(config)
    dump = variant.core_dump if isinstance(variant, OnInstances) else None
    if isinstance(dump, CoreDump):
        yield from _writing(dump.destination, dump.encryption_key)


def _of_all(supplied_part: SuppliedPart, config: EndpointConfig) -> Iterator[Permission]:
    """What the roles of all variants need."""
    given, vpc = supplied_part.value, config.spec.vpc_config
    if supplied_part.path == _KEY and _is_key(given):
        yield feature_permissions.kms_encrypt_volumes(given)
    elif supplied_part.path == _VPC and isinstance(vpc, VpcConfig):
        groups, subnets = vpc.security_group_ids or (), vpc.subnets or ()
        yield feature_permissions.vpc_access(config, subnet_ids=subnets, security_group_ids=groups)
    elif isinstance(given, DataCapture) and given.enabled is not False:
        yield from _writing(given.destination, given.encryption_key)
    elif isinstance(given, AsyncInference):
        yield from _of_async(given)
    elif isinstance(given, ClarifyExplainer):
        yield from _baseline(getattr(given.baseline, "uri", None))


def _of_async(given: AsyncInference) -> Iterator[Permission]:
    places = (given.input_path, given.output_path, given.failure_path)
    for bucket, prefix in _known(given.input_path):
        yield feature_permissions.s3_read(bucket, prefix)
    for place in places[1:]:
        yield from _writing(place, given.encryption_key)
    for place in places:
        for bucket, prefix in _known(place):
            yield feature_permissions.s3_list(bucket, prefix)
    for topic in (given.success_topic, given.error_topic):
        if topic is not None:
            yield feature_permissions.sns_publish(topic)


def _writing(place: Location | None, key: Key | None) -> Iterator[Permission]:
    """What it takes to write below a place, encrypted with a key where one is given."""
    for bucket, prefix in _known(place):
        yield feature_permissions.s3_write(bucket, prefix, bucket_key=key is None)
    if _is_key(key):
        yield feature_permissions.kms_encrypt_objects(key)


def _baseline(place: Location | None) -> Iterator[Permission]:
    """What it takes to read a file, or what is below a prefix."""
    for bucket, path in _known(place):
        is_prefix = not path or path.endswith("/")
        yield (
            feature_permissions.s3_read(bucket, path)
            if is_prefix
            else feature_permissions.s3_read_object(bucket, path)
        )


def _known(place: Location | None) -> Iterator[tuple[Bucket, str]]:
    """The bucket and the prefix of a place."""
    if isinstance(place, S3Location):
        yield place.bucket, place.prefix
    elif (found := bucket_and_key(place)) is not None:
        yield found


def _is_key(given: object) -> TypeGuard[Key]:
    return has_member(given, "key_ref") or isinstance(given, str)
