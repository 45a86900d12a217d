"""Rules on execution roles: permissions that features of a configuration require.

Only a role whose policies are all known is checked. The policy of a bucket, a topic or a key may
allow more and is not read, so all findings are warnings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeGuard

from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import (
    AsyncInferenceConfig,
    AsyncInferenceNotificationConfig,
    AsyncInferenceOutputConfig,
    AutoRollbackConfiguration,
    CoreDumpConfig,
    DataCaptureConfig,
    DeploymentConfig,
    Path,
)
from cdk_epc.spec.context import ConfigContext, EndpointContext
from cdk_epc.spec.role import Role
from cdk_epc.spec.unresolved import is_set, is_string

_GUIDE: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/"
_CORE_DUMP: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/"
    "API_ProductionVariantCoreDumpConfig.html"
)
_OUTPUT: Final[Path] = ("async_inference_config", "output_config")
_SSM: Final = (
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
)


def is_checked(role: Role | None) -> TypeGuard[Role]:
    """Return whether the permissions of a role are known and those of an execution role.

    A role for another service has an error of its own, and lacks everything.
    """
    return role is not None and role.is_complete and role.may_be_assumed()


def missing_permissions(
    role: Role, path: Path, actions: Iterable[str], purpose: str
) -> Iterator[Violation]:
    """Yield a violation for the actions that no statement of the role allows, if there are any.

    Args:
        role: The execution role.
        path: Path of the feature.
        actions: Actions that the feature requires.
        purpose: Purpose of the actions, as it reads after "which".
    """
    missing = [each for each in actions if not role.allows(each)]
    if missing:
        listed = joined(missing)
        yield Violation(
            path=path,
            got=Words(f"role {role.logical_id} without {listed}"),
            sentence=f"role {role.logical_id} lacks {listed}, which {purpose}",
            fix=f"Allow {listed} in a policy of {role.logical_id}.",
        )


def joined(words: Sequence[str]) -> str:
    """Return words as a list with "and" before the last one."""
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


def _roles(subject: ConfigContext) -> Iterator[Role]:
    """Yield each checked role of the production variants once."""
    seen: set[str] = set()
    for path, _ in subject.config.production():
        role = subject.roles.get(path)
        if is_checked(role) and role.logical_id not in seen:
            seen.add(role.logical_id)
            yield role


@rule(
    id="async-role-permissions-missing",
    title="The role of an asynchronous endpoint should allow to write to S3 and to publish to SNS",
    why="SageMaker uses the role to write responses to S3 and to publish notifications. A request "
    "can be in the call itself, so that the role need not read it from S3.",
    fix="Allow s3:PutObject on the bucket, and sns:Publish on the topics.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_GUIDE}async-inference-create-endpoint-prerequisites.html",
    about=(ConfigContext,),
    requires=("async_inference_config",),
    severity=Severity.WARNING,
    facts=("ASY.ROLE_PERMS",),
)
def async_role_permissions_missing(subject: ConfigContext) -> Iterator[Violation]:
    config = subject.config.async_inference_config
    output = config.output_config if isinstance(config, AsyncInferenceConfig) else None
    if not isinstance(output, AsyncInferenceOutputConfig):
        return
    for role in _roles(subject):
        purpose = "asynchronous inference needs to write responses"
        yield from missing_permissions(role, _OUTPUT, ("s3:PutObject",), purpose)
        notification = output.notification_config
        if isinstance(notification, AsyncInferenceNotificationConfig) and (
            is_set(notification.success_topic) or is_set(notification.error_topic)
        ):
            path = (*_OUTPUT, "notification_config")
            purpose = "asynchronous inference needs to publish notifications"
            yield from missing_permissions(role, path, ("sns:Publish",), purpose)


@rule(
    id="core-dump-role-permissions-missing",
    title="The role of a variant with core dumps should allow to write and encrypt them",
    why="SageMaker writes a core dump with the execution role, and encrypts it with a KMS key that "
    "is named by its id or alias.",
    fix="Allow s3:PutObject on the destination, and kms:Encrypt on the key.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CORE_DUMP,
    about=(ConfigContext,),
    requires=("core_dump_config",),
    severity=Severity.WARNING,
    facts=("S3.CORE_DUMP",),
)
def core_dump_role_permissions_missing(subject: ConfigContext) -> Iterator[Violation]:
    for path, variant in subject.config.variants():
        role, dump = subject.roles.get(path), variant.core_dump_config
        if not is_checked(role) or not isinstance(dump, CoreDumpConfig):
            continue
        place = (*path, "core_dump_config")
        purpose = "SageMaker needs to write core dumps"
        yield from missing_permissions(role, place, ("s3:PutObject",), purpose)
        key = dump.kms_key_id
        if is_string(key) and key and not key.startswith("arn:"):
            purpose = "SageMaker needs to encrypt core dumps"
            yield from missing_permissions(role, (*place, "kms_key_id"), ("kms:Encrypt",), purpose)


@rule(
    id="deployment-role-permissions-missing",
    title="The role of an endpoint with rollback alarms should allow to read them",
    why="SageMaker reads the alarms of a deployment with the execution role.",
    fix="Allow cloudwatch:DescribeAlarms.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_GUIDE}deployment-guardrails-configuration.html",
    about=(EndpointContext,),
    requires=("deployment_config",),
    severity=Severity.WARNING,
    facts=("DEP.ALARMS_RECOMMENDED",),
)
def deployment_role_permissions_missing(subject: EndpointContext) -> Iterator[Violation]:
    config = subject.endpoint.deployment_config
    if (
        subject.config is None
        or not isinstance(config, DeploymentConfig)
        or not isinstance(config.auto_rollback_configuration, AutoRollbackConfiguration)
    ):
        return
    path = ("deployment_config", "auto_rollback_configuration")
    actions, purpose = ("cloudwatch:DescribeAlarms",), "SageMaker needs to read the rollback alarms"
    for role in _roles(subject.config):
        yield from missing_permissions(role, path, actions, purpose)


@rule(
    id="data-capture-role-permissions-missing",
    title="The role of an endpoint with data capture should allow to write the captured data",
    why="SageMaker writes captured requests and responses with the execution role. Without the "
    "permission, the endpoint runs and nothing is captured.",
    fix="Allow s3:PutObject on the destination, and kms:GenerateDataKey on the key.",
    evidence=Evidence.INFERRED,
    source_url=f"{_GUIDE}model-monitor-data-capture-endpoint.html",
    about=(ConfigContext,),
    requires=("data_capture_config",),
    severity=Severity.WARNING,
)
def data_capture_role_permissions_missing(subject: ConfigContext) -> Iterator[Violation]:
    capture = subject.config.data_capture_config
    if not isinstance(capture, DataCaptureConfig):
        return
    if not (capture.enable_capture is None or capture.enable_capture is True):
        return
    actions = ["s3:PutObject"]
    # The policy of a key that the template creates may name the role.
    if is_string(capture.kms_key_id) and capture.kms_key_id:
        actions.append("kms:GenerateDataKey")
    for role in _roles(subject):
        purpose = "SageMaker needs to write captured data"
        yield from missing_permissions(role, ("data_capture_config",), actions, purpose)


@rule(
    id="ssm-role-permissions-missing",
    title="The role of a variant with SSM access should allow the channels of Session Manager",
    why="The agent on the instance opens its channels with the execution role. Without the "
    "permissions, no session with the container starts.",
    fix=f"Allow {joined(_SSM)}.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_GUIDE}ssm-access.html",
    about=(ConfigContext,),
    requires=("enable_ssm_access",),
    severity=Severity.WARNING,
)
def ssm_role_permissions_missing(subject: ConfigContext) -> Iterator[Violation]:
    seen: set[str] = set()
    for path, variant in subject.config.variants():
        role = subject.roles.get(path)
        if variant.enable_ssm_access is True and is_checked(role) and role.logical_id not in seen:
            seen.add(role.logical_id)
            place, purpose = (*path, "enable_ssm_access"), "SSM access needs for its channels"
            yield from missing_permissions(role, place, _SSM, purpose)


RULES: Final = (
    async_role_permissions_missing,
    core_dump_role_permissions_missing,
    data_capture_role_permissions_missing,
    ssm_role_permissions_missing,
    deployment_role_permissions_missing,
)
