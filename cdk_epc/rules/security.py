"""Security controls: a pack of rules that organisations require and SageMaker does not.

The pack is off by default. Each control corresponds to checks of common tools, whose names are part
of its text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from cdk_epc.catalog import instances
from cdk_epc.catalog.managed_policies import FULL_ACCESS
from cdk_epc.rules._container_environments import ContainerOwner, containers_of
from cdk_epc.rules.rule import Check, Evidence, Rule, Severity, Violation, Words, rule
from cdk_epc.spec import (
    ContainerDefinition,
    EndpointConfigSpec,
    ImageConfig,
    InferenceComponentSpec,
    ModelSpec,
    RepositoryAccessMode,
)
from cdk_epc.spec.context import ConfigContext, ModelContext
from cdk_epc.spec.endpoint_config import EndpointKind, endpoint_kind_of, instance_types_of
from cdk_epc.spec.unresolved import is_integer, is_resolved, is_unresolved

_HUB: Final = "https://docs.aws.amazon.com/securityhub/latest/userguide/sagemaker-controls.html"
_CONFIG: Final = "https://docs.aws.amazon.com/config/latest/developerguide/"


# This decorator runs at import, before mutmut activates a mutant.
def _control(  # noqa: PLR0913 - the attributes of a rule  # pragma: no mutate block
    *,
    id: str,
    title: str,
    why: str,
    fix: str,
    also_known_as: tuple[str, ...],
    source_url: str,
    about: tuple[type[Any], ...],
    severity: Severity = Severity.ERROR,
    of_templates: bool = False,
) -> Callable[[Check], Rule]:
    """Turn a check into a control.

    Args:
        id: See `rule`, like all arguments that are not described here.
        title: Requirement, in one line.
        why: Consequence of a violation.
        fix: General advice.
        also_known_as: Names of the corresponding checks of other tools.
        source_url: Text that the control was read from.
        about: Subjects that the check accepts.
        severity: Error or warning.
        of_templates: Whether the control holds only for templates.
    """

    def decorate(check: Check) -> Rule:
        return Rule(
            id=id,
            title=title,
            why=f"{why} Also known as: {', '.join(also_known_as)}.",
            fix=fix,
            evidence=Evidence.OURS,
            source_url=source_url,
            about=about,
            check=check,
            severity=severity,
            of_templates=of_templates,
            facts=also_known_as,
        )

    return decorate


@_control(
    id="security-single-instance",
    title="A variant must start with two or more instances",
    why="One instance is in one Availability Zone; if either fails, the endpoint serves no "
    "requests. Serverless variants have no instances.",
    fix="Set InitialInstanceCount to 2 or more.",
    also_known_as=(
        "Security Hub SageMaker.4",
        "Config sagemaker-endpoint-config-prod-instance-count",
        "prowler sagemaker_endpoint_config_prod_variant_instances",
    ),
    source_url=_HUB,
    about=(EndpointConfigSpec,),
)
def security_single_instance(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, variant in spec.production():
        count = variant.initial_instance_count
        if variant.serverless_config is None and is_integer(count) and count <= 1:
            yield Violation(
                path=(*path, "initial_instance_count"),
                got=count,
                must="be 2 or more, so that one instance can fail",
                fix="Set `initial_instance_count` to 2 or more.",
            )


@_control(
    id="security-kms-key-missing",
    title="Storage volumes must be encrypted with a customer managed KMS key",
    why="Without one, SageMaker uses a key that the customer cannot revoke or audit. The control "
    "skips configurations with an instance type whose local storage excludes a key.",
    fix="Set KmsKeyId.",
    also_known_as=(
        "Config sagemaker-endpoint-configuration-kms-key-configured",
        "cfn-guard SAGEMAKER_ENDPOINT_CONFIGURATION_KMS_KEY_CONFIGURED",
        "cdk-nag SageMakerEndpointConfigurationKMSKeyConfigured",
        "cfn_nag W1200",
        "checkov CKV_AWS_98",
        "prowler sagemaker_endpoint_config_kms_encryption_enabled",
    ),
    source_url=f"{_CONFIG}sagemaker-endpoint-configuration-kms-key-configured.html",
    about=(EndpointConfigSpec,),
)
def security_kms_key_missing(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if spec.kms_key_id is None and _accepts_key(spec):
        yield Violation(
            path=("kms_key_id",),
            required="to encrypt the storage volumes with a customer managed key",
            fix="Set `kms_key_id` to a KMS key.",
        )


def _accepts_key(spec: EndpointConfigSpec) -> bool:
    """Return whether all instance types are known, and none of them excludes a KMS key."""
    variants = spec.variants()
    for path, variant in variants:
        types = [name for _, name in instance_types_of(path, variant)]
        is_unknown = variant.serverless_config is None and not types
        if is_unknown or any(instances.family_has_local_nvme(name) is not False for name in types):
            return False
    return bool(variants)


@_control(
    id="security-network-isolation-missing",
    title="Containers must have network isolation",
    why="A container with network access can send its requests elsewhere. The control skips models "
    "of serverless variants, which cannot be isolated. With inference components, the "
    "configuration decides.",
    fix="Set EnableNetworkIsolation to true.",
    also_known_as=(
        "Security Hub SageMaker.5",
        "Config sagemaker-model-isolation-enabled",
        "checkov CKV_AWS_370",
        "prowler sagemaker_models_network_isolation_enabled",
    ),
    source_url=_HUB,
    about=(ModelContext, EndpointConfigSpec),
)
def security_network_isolation_missing(
    subject: ModelContext | EndpointConfigSpec,
) -> Iterator[Violation]:
    spec = _network_owner(subject)
    if spec is not None:
        value = spec.enable_network_isolation
        if value is None or value is False:
            yield Violation(
                path=("enable_network_isolation",),
                got=value,
                must="be true, so that no container can access the network",
                fix="Set `enable_network_isolation` to true.",
                python_fix="Pass network_isolation=True.",
            )


@_control(
    id="security-vpc-missing",
    title="Containers must run in a VPC of the customer",
    why="Outside a VPC, no security group and no endpoint policy limits the network access of a "
    "container. The control skips models of serverless variants, which cannot have a VPC. With "
    "inference components, the VPC is that of the configuration.",
    fix="Set VpcConfig.",
    also_known_as=(
        "Config sagemaker-model-in-vpc",
        "prowler sagemaker_models_vpc_settings_configured",
    ),
    source_url=f"{_CONFIG}sagemaker-model-in-vpc.html",
    about=(ModelContext, EndpointConfigSpec),
)
def security_vpc_missing(subject: ModelContext | EndpointConfigSpec) -> Iterator[Violation]:
    spec = _network_owner(subject)
    if spec is not None and spec.vpc_config is None:
        yield Violation(
            path=("vpc_config",),
            required="to run the containers in your VPC",
            fix="Set `vpc_config` to subnets and security groups of your VPC.",
        )


def _network_owner(subject: ModelContext | EndpointConfigSpec) -> Any:  # noqa: ANN401 - two specs
    """Return the spec of the subject if it decides on the network of containers.

    Serverless endpoints have neither a VPC nor isolation. With inference components the
    configuration decides, and on all other endpoints the model.
    """
    if isinstance(subject, ModelContext):
        return None if subject.is_serverless() else subject.model
    return subject if endpoint_kind_of(subject) is EndpointKind.INFERENCE_COMPONENTS else None


@_control(
    id="security-public-registry",
    title="Images should come from a private registry in a VPC",
    why="The controls also reject images in Amazon ECR, even in private repositories; acknowledge "
    "the finding if you use ECR. The control skips models of serverless variants, and model "
    "packages, which contain their image.",
    fix="Set RepositoryAccessMode to Vpc, or acknowledge the finding.",
    also_known_as=(
        "Security Hub SageMaker.16",
        "Config sagemaker-model-private-registry-required",
        "Config sagemaker-model-multicontainer-private-registry",
    ),
    source_url=_HUB,
    about=(ModelContext,),
    severity=Severity.WARNING,
)
def security_public_registry(subject: ModelContext) -> Iterator[Violation]:
    if subject.is_serverless():
        return
    for path, container in subject.model.every_container():
        if container.image is not None and not _may_be_private(container):
            yield Violation(
                path=(*path, "image_config"),
                got=None if container.image_config is None else Words("not a private registry"),
                must="have the access mode Vpc, for an image from a private registry in your VPC",
                fix="Use an image from such a registry, or acknowledge the finding for images in "
                "Amazon ECR.",
            )


def _may_be_private(container: ContainerDefinition) -> bool:
    """Return whether the image is from a private registry, or may be because of a token."""
    config: object = container.image_config
    if not isinstance(config, ImageConfig):
        return is_unresolved(config)
    mode = config.repository_access_mode
    return mode == RepositoryAccessMode.VPC or (mode is not None and not is_resolved(mode))


@_control(
    id="security-full-access-policy",
    title=f"An execution role must not have {FULL_ACCESS}",
    why="With this policy, a container can delete every endpoint of the account and read every "
    "bucket with sagemaker in its name.",
    fix="Remove the managed policy, and allow only the actions that the endpoint needs.",
    also_known_as=("prowler sagemaker_full_access_policy_attached",),
    source_url="https://docs.aws.amazon.com/aws-managed-policy/latest/reference/"
    "AmazonSageMakerFullAccess.html",
    about=(ModelContext, ConfigContext),
    of_templates=True,
)
def security_full_access_policy(subject: ModelContext | ConfigContext) -> Iterator[Violation]:
    role = subject.execution_role
    if role is not None and FULL_ACCESS in role.managed_policies:
        id_ = role.logical_id
        yield Violation(
            path=("execution_role_arn",),
            got=Words(f"role {id_} with {FULL_ACCESS}"),
            sentence=f"role {id_} has {FULL_ACCESS}, which allows more than an endpoint needs",
            fix=f"Remove the policy from {id_}, and allow only the actions that the endpoint "
            "needs.",
        )


_HUB_TOKENS: Final = ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_API_TOKEN")
_HUB_TOKEN: Final = re.compile('"?hf_.*', re.DOTALL)


@rule(
    id="security-hub-token-in-environment",
    title="The environment of a container should not contain a token of the Hugging Face Hub",
    why="Everyone who may describe the model or read the template can read the token. The API "
    "reference says not to put sensitive data into the environment.",
    fix="Keep the model's artifacts in S3, or read the token from Secrets Manager in the "
    "container.",
    evidence=Evidence.DOCUMENTED,
    source_url="https://docs.aws.amazon.com/sagemaker/latest/APIReference/"
    "API_ContainerDefinition.html",
    about=(ModelSpec, InferenceComponentSpec),
    requires=("environment",),
    severity=Severity.WARNING,
)
def security_hub_token_in_environment(spec: ContainerOwner) -> Iterator[Violation]:
    for container in containers_of(spec):
        for variable in _HUB_TOKENS:
            if _HUB_TOKEN.fullmatch(container.value(variable) or ""):
                yield Violation(
                    path=container.place(variable),
                    got=Words("a token in plain text"),
                    sentence=f"{variable} has a token of the Hugging Face Hub in plain text",
                    fix="Keep the model's artifacts in S3, or read the token from Secrets Manager "
                    "in the container.",
                )


SECURITY_CONTROLS: Final = (
    security_single_instance,
    security_kms_key_missing,
    security_network_isolation_missing,
    security_vpc_missing,
    security_public_registry,
    security_full_access_policy,
    security_hub_token_in_environment,
)
"""Pack of opt-in rules: controls of AWS Security Hub and of common policy checkers."""
