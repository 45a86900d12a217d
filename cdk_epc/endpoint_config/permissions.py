"""Permissions that the execution roles need for the features of a configuration.

CDK grants on constructs, which includes the KMS keys of buckets and topics. For strings that
identify the resource (an S3 URI, the ARN of a topic, any name of a key), the statement is added to
the policies of the roles only. A key that is an unresolved token must be passed as a construct,
because the token may resolve to any name of the key.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeGuard

from cdk_epc.constructs.call_sites import SuppliedPart
from cdk_epc.constructs.duck_typing import has_member
from cdk_epc.constructs.internals import internals_of
from cdk_epc.constructs.supplied_models import models_in
from cdk_epc.endpoint_config.features import AsyncInference, ClarifyExplainer, DataCapture
from cdk_epc.endpoint_config.variant_settings import CoreDump
from cdk_epc.endpoint_config.variants import (
    InferenceComponentVariant,
    InstanceBackedVariant,
    Variant,
)
from cdk_epc.permissions import Permission, feature_permissions
from cdk_epc.permissions.statements import bucket_and_key, bucket_arn
from cdk_epc.spec import (
    AsyncInferenceConfig,
    AsyncInferenceNotificationConfig,
    AsyncInferenceOutputConfig,
    CoreDumpConfig,
    DataCaptureConfig,
    ExplainerConfig,
    Path,
    ProductionVariant,
    Spec,
    VpcConfig,
)

if TYPE_CHECKING:
    from cdk_epc.constructs.convert import KeyOrId, S3LocationOrUri, TopicOrArn
    from cdk_epc.endpoint_config.methods import EndpointConfigMethods
    from cdk_epc.permissions.statements import BucketOrName

_ROLE: Final[Path] = ("execution_role_arn",)
_KEY: Final[Path] = ("kms_key_id",)
_VPC: Final[Path] = ("vpc_config",)


def grant_permissions(
    config: EndpointConfigMethods, supplied_parts: Sequence[SuppliedPart]
) -> None:
    """Grant the permissions for these parts to the current and later roles of a configuration."""
    permissions = config.role_permissions
    for part in supplied_parts:
        if isinstance(part.value, (Variant, ProductionVariant)):
            for role in _roles_of_variant(config, part):
                permissions.add_role(role, _variant_permissions(config, part.value))
        elif part.path == _ROLE:
            permissions.add_role(part.value)
        else:
            permissions.add_permissions(_feature_permissions(config, part))


def async_input_of(supplied_parts: Sequence[SuppliedPart]) -> S3LocationOrUri | None:
    """Return the ``input_path`` of asynchronous inference, if there is one."""
    values = (part.value for part in supplied_parts if isinstance(part.value, AsyncInference))
    return next((each.input_path for each in values), None)


def _roles_of_variant(config: EndpointConfigMethods, part: SuppliedPart) -> Iterator[Any]:
    """Yield the execution roles of a variant: those of its models, or the configuration's own."""
    if _hosts_components(part.value):
        supplied_parts = internals_of(config).state.supplied_parts
        yield from (each.value for each in supplied_parts if each.path == _ROLE)
    for _, model in models_in(part):
        if (role := getattr(model, "execution_role", None)) is not None:
            yield role


def _hosts_components(variant: object) -> bool:
    if isinstance(variant, ProductionVariant):
        return variant.model_name is None
    return isinstance(variant, InferenceComponentVariant)


def _variant_permissions(
    config: EndpointConfigMethods, variant: Variant | ProductionVariant
) -> Iterator[Permission]:
    """Yield the permissions that only the roles of this variant need."""
    if _hosts_components(variant):  # a model grants these to its own role
        yield feature_permissions.logs_and_metrics(config)
    if isinstance(variant, ProductionVariant):
        if isinstance(dump := variant.core_dump_config, CoreDumpConfig):
            yield from _write_permissions(dump.destination_s3_uri, dump.kms_key_id or None)
        return
    core_dump = variant.core_dump if isinstance(variant, InstanceBackedVariant) else None
    if isinstance(core_dump, CoreDump):
        yield from _write_permissions(core_dump.destination, core_dump.encryption_key)


def _feature_permissions(config: EndpointConfigMethods, part: SuppliedPart) -> Iterator[Permission]:
    """Yield the permissions that the roles of all variants need."""
    value, vpc = part.value, config.spec.vpc_config
    if part.path == _KEY and _is_key(value):
        yield feature_permissions.kms_encrypt_volumes(value)
    elif part.path == _VPC and isinstance(vpc, VpcConfig):
        groups, subnets = vpc.security_group_ids or (), vpc.subnets or ()
        yield feature_permissions.vpc_access(config, subnet_ids=subnets, security_group_ids=groups)
    else:
        yield from permissions_of_feature(value)


def permissions_of_feature(value: object) -> Iterator[Permission]:
    """Yield the permissions that execution roles need for a feature: a `Value` or its `Spec`."""
    if isinstance(value, DataCapture) and value.enabled is not False:
        yield from _write_permissions(value.destination, value.encryption_key)
    elif isinstance(value, AsyncInference):
        yield from _async_permissions(value)
    elif isinstance(value, ClarifyExplainer):
        yield from _baseline_permissions(getattr(value.baseline, "uri", None))
    elif isinstance(value, Spec):
        yield from _request_permissions(value)


def _request_permissions(feature: Spec) -> Iterator[Permission]:
    """Yield the permissions for a feature of a request, which has locations and keys as strings.

    A response to `DescribeEndpointConfig` may have an empty string in place of a key.
    """
    if isinstance(feature, DataCaptureConfig) and feature.enable_capture is not False:
        yield from _write_permissions(feature.destination_s3_uri, feature.kms_key_id or None)
    elif isinstance(feature, AsyncInferenceConfig):
        if isinstance(output := feature.output_config, AsyncInferenceOutputConfig):
            topics = output.notification_config
            yield from _queue_permissions(
                None,
                (output.s3_output_path, output.s3_failure_path),
                output.kms_key_id or None,
                (topics.success_topic, topics.error_topic)
                if isinstance(topics, AsyncInferenceNotificationConfig)
                else (),
            )
    elif isinstance(feature, ExplainerConfig):
        found: object = feature
        for member in ("clarify_explainer_config", "shap_config", "shap_baseline_config"):
            found = getattr(found, member, None)
        yield from _baseline_permissions(getattr(found, "shap_baseline_uri", None))


def _async_permissions(value: AsyncInference) -> Iterator[Permission]:
    return _queue_permissions(
        value.input_path,
        (value.output_path, value.failure_path),
        value.encryption_key,
        (value.success_topic, value.error_topic),
    )


def _queue_permissions(
    requests: S3LocationOrUri | None,
    outputs: Sequence[S3LocationOrUri | None],
    key: KeyOrId | None,
    topics: Sequence[TopicOrArn | None],
) -> Iterator[Permission]:
    """Yield the permissions for asynchronous inference: its requests, responses and topics."""
    for bucket, prefix in _bucket_and_prefix(requests):
        yield feature_permissions.s3_read(bucket, prefix)
    for location in outputs:
        yield from _write_permissions(location, key)
    listed: dict[str, tuple[BucketOrName, list[str]]] = {}
    for location in (requests, *outputs):
        for bucket, prefix in _bucket_and_prefix(location):
            listed.setdefault(bucket_arn(bucket), (bucket, []))[1].append(prefix)
    for bucket, prefixes in listed.values():  # one statement for each bucket
        yield feature_permissions.s3_list(bucket, *prefixes)
    for topic in topics:
        if topic is not None:
            yield feature_permissions.sns_publish(topic)


def _write_permissions(
    location: S3LocationOrUri | None, key: KeyOrId | None
) -> Iterator[Permission]:
    """Yield the permissions to write below a location, encrypted with a key if there is one."""
    for bucket, prefix in _bucket_and_prefix(location):
        yield feature_permissions.s3_write(bucket, prefix, bucket_key=key is None)
    if _is_key(key):
        yield feature_permissions.kms_encrypt_objects(key)


def _baseline_permissions(location: S3LocationOrUri | None) -> Iterator[Permission]:
    """Yield the permission to read an object, or everything below a prefix."""
    for bucket, key in _bucket_and_prefix(location):
        is_prefix = not key or key.endswith("/")
        yield (
            feature_permissions.s3_read(bucket, key)
            if is_prefix
            else feature_permissions.s3_read_object(bucket, key)
        )


def _bucket_and_prefix(location: S3LocationOrUri | None) -> Iterator[tuple[BucketOrName, str]]:
    """Yield the bucket and the prefix of a location, if they are known."""
    if (found := bucket_and_key(location)) is not None:
        yield found


def _is_key(value: object) -> TypeGuard[KeyOrId]:
    return has_member(value, "key_ref") or isinstance(value, str)
