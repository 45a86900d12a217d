"""Rules on execution roles: permissions that features of a configuration require.

Only a role whose policies are all known is evaluated. The policy of a bucket, a topic or a key may
allow more and is not read, so all findings are warnings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from typing import Final

from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import (
    AsyncInferenceConfig,
    AsyncInferenceNotificationConfig,
    AsyncInferenceOutputConfig,
    AutoRollbackConfiguration,
    CoreDumpConfig,
    DeploymentConfig,
    Path,
)
from cdk_epc.spec.context import ConfigContext, EndpointContext, RolePolicies
from cdk_epc.spec.unresolved import is_set, is_string

_GUIDE: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/"
_CORE_DUMP: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/"
    "API_ProductionVariantCoreDumpConfig.html"
)
_OUTPUT: Final[Path] = ("async_inference_config", "output_config")
_S3: Final = ("s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload", "s3:ListBucket")


def _missing(
    role: RolePolicies, path: Path, actions: Iterable[str], purpose: str
) -> Iterator[Violation]:
    """Yield a violation for the actions that no statement of the role allows, if there are any.

    Args:
        role: The execution role.
        path: Path of the feature.
        actions: Actions that the feature requires.
        purpose: Purpose of the actions, as it reads after "which".
    """
    missing = [each for each in actions if not _allows(role, each)]
    if missing:
        *others, last = missing
        listed = f"{', '.join(others)} and {last}" if others else last
        yield Violation(
            path=path,
            got=Words(f"role {role.logical_id} without {listed}"),
            sentence=f"role {role.logical_id} lacks {listed}, which {purpose}",
            fix=f"Allow {listed} in a policy of {role.logical_id}.",
        )


def _allows(role: RolePolicies, action: str) -> bool:
    wanted = action.lower()
    return any(fnmatchcase(wanted, allowed) for allowed in role.allowed)


def _roles(subject: ConfigContext) -> Iterator[RolePolicies]:
    """Yield each role of the production variants once."""
    seen: set[str] = set()
    for path, _ in subject.config.production():
        role = subject.roles.get(path)
        if role is not None and role.logical_id not in seen:
            seen.add(role.logical_id)
            yield role


@rule(
    id="async-role-permissions-missing",
    title="The role of an asynchronous endpoint should allow access to S3 objects and SNS topics",
    why="SageMaker uses the role to read requests from S3, to write responses there and to "
    "publish notifications. Without the permissions, the endpoint or its responses fail.",
    fix="Allow s3:GetObject, s3:PutObject, s3:AbortMultipartUpload and s3:ListBucket on the "
    "bucket, and sns:Publish on the topics.",
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
        purpose = "asynchronous inference needs for requests and responses in S3"
        yield from _missing(role, _OUTPUT, _S3, purpose)
        notification = output.notification_config
        if isinstance(notification, AsyncInferenceNotificationConfig) and (
            is_set(notification.success_topic) or is_set(notification.error_topic)
        ):
            path = (*_OUTPUT, "notification_config")
            purpose = "asynchronous inference needs to publish notifications"
            yield from _missing(role, path, ("sns:Publish",), purpose)


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
        if role is None or not isinstance(dump, CoreDumpConfig):
            continue
        place = (*path, "core_dump_config")
        purpose = "SageMaker needs to write core dumps"
        yield from _missing(role, place, ("s3:PutObject",), purpose)
        key = dump.kms_key_id
        if is_string(key) and key and not key.startswith("arn:"):
            purpose = "SageMaker needs to encrypt core dumps"
            yield from _missing(role, (*place, "kms_key_id"), ("kms:Encrypt",), purpose)


@rule(
    id="deployment-role-permissions-missing",
    title="The role of an endpoint with rollback alarms should allow to read them",
    why="SageMaker reads the alarms of a deployment with the execution role.",
    fix="Allow cloudwatch:DescribeAlarms.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_GUIDE}deployment-guardrails-configuration.html",
    about=(EndpointContext,),
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
        yield from _missing(role, path, actions, purpose)


RULES: Final = (
    async_role_permissions_missing,
    core_dump_role_permissions_missing,
    deployment_role_permissions_missing,
)
