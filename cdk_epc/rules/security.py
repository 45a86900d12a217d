"""Security controls that teams are held to, and SageMaker itself does not ask for.

They are a pack of their own, which is off until somebody asks for it. Each stands for what one or
several of the common tools check, which its text names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from cdk_epc.catalog import instances
from cdk_epc.rules.rule import Evidence, Rule, Severity, Violation, Words
from cdk_epc.spec import (
    ContainerDefinition,
    EndpointConfigSpec,
    ImageConfig,
    RepositoryAccessMode,
)
from cdk_epc.spec.context import ConfigContext, KnownRole, ModelContext
from cdk_epc.spec.endpoint_config import EndpointKind, endpoint_kind_of, instance_types_of
from cdk_epc.spec.unresolved import is_integer, is_resolved, is_unresolved

FULL_ACCESS: Final = "AmazonSageMakerFullAccess"
_HUB: Final = "https://docs.aws.amazon.com/securityhub/latest/userguide/sagemaker-controls.html"
_CONFIG: Final = "https://docs.aws.amazon.com/config/latest/developerguide/"


def _instances(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, variant in spec.production():
        count = variant.initial_instance_count
        if variant.serverless_config is None and is_integer(count) and count <= 1:
            yield Violation(
                path=(*path, "initial_instance_count"),
                got=count,
                must="be 2 or more, so that one may fail",
                fix="Begin with 2 instances or more.",
            )


def _key(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if spec.kms_key_id is None and _may_have_key(spec):
        yield Violation(
            path=("kms_key_id",),
            got=None,
            must="be a key of your own for the storage volumes",
            fix="Give a KMS key.",
        )


def _may_have_key(spec: EndpointConfigSpec) -> bool:
    """Whether no type is known to refuse a key, or may be one that does."""
    variants = spec.variants()
    for path, variant in variants:
        types = [name for _, name in instance_types_of(path, variant)]
        is_hidden = variant.serverless_config is None and not types
        if is_hidden or any(instances.family_has_local_nvme(name) is not False for name in types):
            return False
    return bool(variants)


def _isolation(subject: ModelContext | EndpointConfigSpec) -> Iterator[Violation]:
    given = _unless_of_another(subject)
    if given is not None:
        value = given.enable_network_isolation
        if value is None or value is False:
            yield Violation(
                path=("enable_network_isolation",),
                got=value,
                must="be true, so that no container reaches the network",
                fix="Set it to true.",
            )


def _vpc(subject: ModelContext | EndpointConfigSpec) -> Iterator[Violation]:
    given = _unless_of_another(subject)
    if given is not None and given.vpc_config is None:
        yield Violation(
            path=("vpc_config",),
            got=None,
            must="be subnets and security groups of a VPC of your own",
            fix="Give a VPC.",
        )


def _unless_of_another(subject: ModelContext | EndpointConfigSpec) -> Any:  # noqa: ANN401 - two specs
    """The spec that decides on the network, if it is this one and the control can be met.

    Serverless endpoints have neither VPC nor isolation; under inference components both are the
    configuration's, and everywhere else the model's.
    """
    if isinstance(subject, ModelContext):
        return None if subject.is_serverless() else subject.model
    return subject if endpoint_kind_of(subject) is EndpointKind.INFERENCE_COMPONENTS else None


def _registry(subject: ModelContext) -> Iterator[Violation]:
    if subject.is_serverless():
        return
    for path, container in subject.model.every_container():
        if container.image is not None and not _is_private(container):
            yield Violation(
                path=(*path, "image_config"),
                got=None if container.image_config is None else Words("not a private registry"),
                must="be RepositoryAccessMode Vpc, an image from a private registry in your VPC",
                fix="Take the image from such a registry; or acknowledge this, for images in ECR.",
            )


def _is_private(container: ContainerDefinition) -> bool:
    """Whether the image is from a private registry, or may be."""
    config: object = container.image_config
    if not isinstance(config, ImageConfig):
        return is_unresolved(config)
    mode = config.repository_access_mode
    return mode == RepositoryAccessMode.VPC or (mode is not None and not is_resolved(mode))


def _full_access(subject: ModelContext | ConfigContext) -> Iterator[Violation]:
    role: KnownRole | None = subject.execution_role
    if role is not None and FULL_ACCESS in role.managed_policies:
        yield Violation(
            path=("execution_role_arn",),
            got=Words(f"a role, {role.logical_id}, with {FULL_ACCESS}"),
            must="be a role with what the endpoint needs, and no more",
            fix=f"Take the policy off {role.logical_id}, and grant what is needed.",
        )


# It is called before mutmut changes anything.
def _control(  # noqa: PLR0913 - a rule, with what it stands for  # pragma: no mutate block
    id_: str,
    title: str,
    why: str,
    fix: str,
    *,
    stands_for: tuple[str, ...],
    about: tuple[type[Any], ...],
    check: Callable[[Any], Iterable[Violation]],
    source_url: str,
    severity: Severity = Severity.ERROR,
    of_templates: bool = False,
) -> Rule:
    """A control, whose text names each check of another tool that it stands for."""
    return Rule(
        id=id_,
        title=title,
        why=f"{why} Also known as: {', '.join(stands_for)}.",
        fix=fix,
        evidence=Evidence.OURS,
        source_url=source_url,
        about=about,
        check=check,
        severity=severity,
        of_templates=of_templates,
        facts=stands_for,
    )


SECURITY_CONTROLS: Final = (
    _control(
        "security-single-instance",
        "A variant begins with two instances or more",
        "One instance is in one Availability Zone; when either fails, nobody is served. Serverless "
        "variants have no instances.",
        "Set InitialInstanceCount to 2 or more.",
        stands_for=(
            "Security Hub SageMaker.4",
            "Config sagemaker-endpoint-config-prod-instance-count",
            "prowler sagemaker_endpoint_config_prod_variant_instances",
        ),
        about=(EndpointConfigSpec,),
        check=_instances,
        source_url=_HUB,
    ),
    _control(
        "security-kms-key-missing",
        "The storage volumes are encrypted with a key of your own",
        "Without one SageMaker takes a key that nobody else can revoke or audit. Types with local "
        "storage refuse a key, so a configuration with one of them is left out.",
        "Give KmsKeyId.",
        stands_for=(
            "Config sagemaker-endpoint-configuration-kms-key-configured",
            "cfn-guard SAGEMAKER_ENDPOINT_CONFIGURATION_KMS_KEY_CONFIGURED",
            "cdk-nag SageMakerEndpointConfigurationKMSKeyConfigured",
            "cfn_nag W1200",
            "checkov CKV_AWS_98",
            "prowler sagemaker_endpoint_config_kms_encryption_enabled",
        ),
        about=(EndpointConfigSpec,),
        check=_key,
        source_url=f"{_CONFIG}sagemaker-endpoint-configuration-kms-key-configured.html",
    ),
    _control(
        "security-network-isolation-missing",
        "Containers are isolated from the network",
        "A container that reaches the network can send away what it is given. Models of serverless "
        "variants cannot be isolated and are left out; under inference components it is the "
        "configuration that says so.",
        "Set EnableNetworkIsolation to true.",
        stands_for=(
            "Security Hub SageMaker.5",
            "Config sagemaker-model-isolation-enabled",
            "checkov CKV_AWS_370",
            "prowler sagemaker_models_network_isolation_enabled",
        ),
        about=(ModelContext, EndpointConfigSpec),
        check=_isolation,
        source_url=_HUB,
    ),
    _control(
        "security-vpc-missing",
        "Containers run in a VPC of your own",
        "Outside of it no security group and no endpoint policy limits what they reach. Models of "
        "serverless variants cannot have a VPC and are left out; under inference components it is "
        "the configuration's.",
        "Give VpcConfig.",
        stands_for=(
            "Config sagemaker-model-in-vpc",
            "prowler sagemaker_models_vpc_settings_configured",
        ),
        about=(ModelContext, EndpointConfigSpec),
        check=_vpc,
        source_url=f"{_CONFIG}sagemaker-model-in-vpc.html",
    ),
    _control(
        "security-public-registry",
        "Images come from a private registry in a VPC",
        "So the controls ask, although an image in ECR, private as it may be, is none of these: "
        "acknowledge it where you use ECR. Models of serverless variants, and packages that bring "
        "their image, are left out.",
        "Set RepositoryAccessMode to Vpc, or acknowledge the finding.",
        stands_for=(
            "Security Hub SageMaker.16",
            "Config sagemaker-model-private-registry-required",
            "Config sagemaker-model-multicontainer-private-registry",
        ),
        about=(ModelContext,),
        check=_registry,
        source_url=_HUB,
        severity=Severity.WARNING,
    ),
    _control(
        "security-full-access-policy",
        "An execution role has no full access to SageMaker",
        "With AmazonSageMakerFullAccess a container may delete every endpoint of the account, and "
        "read whatever bucket has sagemaker in its name.",
        "Take the managed policy off the role, and grant what the endpoint needs.",
        stands_for=("prowler sagemaker_full_access_policy_attached",),
        about=(ModelContext, ConfigContext),
        check=_full_access,
        source_url="https://docs.aws.amazon.com/aws-managed-policy/latest/reference/"
        "AmazonSageMakerFullAccess.html",
        of_templates=True,
    ),
)
"""All controls, in the order in which their findings are reported."""
