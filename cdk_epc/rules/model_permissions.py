"""Rules on execution roles: permissions that SageMaker needs to start a model.

Only a role whose policies are all known is checked. The policy of a repository, a bucket or a key
may allow more and is not read, so all findings are warnings.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Final, TypeAlias

from cdk_epc.catalog import images, regions
from cdk_epc.catalog.managed_policies import FULL_ACCESS, FULL_ACCESS_WORDS
from cdk_epc.rules._container_images import AnyContainer, containers_in
from cdk_epc.rules.role_permissions import is_checked, joined, missing_permissions
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import (
    ContainerDefinition,
    ContainerMode,
    ImageConfig,
    ModelDataSource,
    ModelSpec,
    Path,
    RepositoryAccessMode,
    RepositoryAuthConfig,
    S3DataSource,
    S3ModelDataType,
    VpcConfig,
)
from cdk_epc.spec.context import ConfigContext, InferenceComponentContext, ModelContext
from cdk_epc.spec.earlier import Earlier
from cdk_epc.spec.kept import kept
from cdk_epc.spec.role import OWN_ACCOUNT, Role, RoleStatement
from cdk_epc.spec.unresolved import is_set

_ROLES: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html"
_REGISTRY: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-containers-inference-private.html"
_FULL_ACCESS: Final = (
    f"https://docs.aws.amazon.com/aws-managed-policy/latest/reference/{FULL_ACCESS}.html"
)
# AWS's own buckets: the objects of JumpStart have the tag SageMaker=true.
_TAGGED_BUCKETS: Final = ("jumpstart-cache-", "jumpstart-private-cache-")
_ECR: Final = re.compile(
    r"(?P<account>\d{12}|\*)\.dkr\.ecr(-fips)?\.(?P<region>[a-z0-9-]+|\*)\.[^/]+/"
    r"(?P<repository>[^:@]+)([:@].*)?",
    re.ASCII,
)
_PULL: Final = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:GetAuthorizationToken")
_LOGS: Final = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents")
_VPC: Final = (
    "ec2:CreateNetworkInterface",
    "ec2:CreateNetworkInterfacePermission",
    "ec2:DeleteNetworkInterface",
    "ec2:DeleteNetworkInterfacePermission",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeVpcs",
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeSubnets",
    "ec2:DescribeSecurityGroups",
)
GET_OBJECT: Final = "s3:GetObject"
_ARN_PARTS: Final = 6

_ABOUT: Final = (ModelContext, InferenceComponentContext)
Hosted: TypeAlias = ModelContext | InferenceComponentContext
_Needs: TypeAlias = Callable[[Hosted], Iterator[tuple[Path, str]]]
"""Function that yields the actions that containers need, each with the path of the feature."""


def role_of(subject: Hosted) -> Role | None:
    """Return the role that runs the containers: for components, that of the configuration."""
    if isinstance(subject, ModelContext):
        return subject.execution_role
    return None if subject.config is None else _role_of_components(subject.config)


def _role_of_components(config: ConfigContext) -> Role | None:
    return None if config.is_role_of_model else config.execution_role


def _earlier(subject: Hosted) -> Sequence[Hosted]:
    if isinstance(subject, ModelContext):
        return subject.earlier_models
    return subject.earlier_components


def _missing(subject: Hosted, needs: _Needs, purpose: str) -> Iterator[Violation]:
    """Yield one violation for a role, on the first resource with an action that the role lacks."""
    role = role_of(subject)
    if not is_checked(role):
        return
    missing = [(path, action) for path, action in needs(subject) if not role.allows(action)]
    if not missing:
        return
    if not all(_is_needed_before(subject, needs, action) for _, action in missing):
        actions = dict.fromkeys(action for _, action in missing)
        yield from missing_permissions(role, missing[0][0], actions, purpose)


def _is_needed_before(subject: Hosted, needs: _Needs, action: str) -> bool:
    """Return whether an earlier resource with the same role needs an action."""
    earlier = _earlier(subject)
    every = earlier.every if isinstance(earlier, Earlier) else earlier
    by_needs = _first_needs(every)
    if needs not in by_needs:
        first: dict[str, int] = {}
        for place, each in enumerate(every):
            for _, needed in needs(each):
                first.setdefault(needed, place)
        by_needs[needs] = first
    return by_needs[needs].get(action, len(earlier)) < len(earlier)


@kept
def _first_needs(_: Sequence[Hosted]) -> dict[_Needs, dict[str, int]]:
    """Return the place of the first resource that needs each action, empty at first."""
    return {}


def containers_of_role(subject: Hosted) -> Iterable[tuple[Path, AnyContainer]]:
    spec = subject.model if isinstance(subject, ModelContext) else subject.component
    return containers_in(spec)


def _ecr_images(subject: Hosted) -> Iterator[tuple[Path, re.Match[str]]]:
    """Yield the images that SageMaker pulls from Amazon ECR with the role."""
    for path, container in containers_of_role(subject):
        config = getattr(container, "image_config", None)
        is_platform = (
            config is None
            or getattr(config, "repository_access_mode", None) == RepositoryAccessMode.PLATFORM
        )
        text = subject.texts.get((*path, "image"))
        if is_platform and text is not None and (found := _ECR.fullmatch(text)) is not None:
            yield (*path, "image"), found


def _image_needs(subject: Hosted) -> Iterator[tuple[Path, str]]:
    for path, _ in _ecr_images(subject):
        yield from ((path, action) for action in _PULL)


@rule(
    id="image-role-permissions-missing",
    title="The role of a model should allow to pull its images from Amazon ECR",
    why="The endpoint fails with: The role does not have BatchGetImage permission for the image. "
    "That holds for the images of AWS too.",
    fix=f"Allow {joined(_PULL)}.",
    evidence=Evidence.REAL_ERROR,
    source_url=_ROLES,
    about=_ABOUT,
    requires=("texts",),
    severity=Severity.WARNING,
)
def image_role_permissions_missing(subject: Hosted) -> Iterator[Violation]:
    yield from _missing(subject, _image_needs, "SageMaker needs to pull the image")
    role = role_of(subject)
    if not is_checked(role):
        return
    for path, image in _ecr_images(subject):
        pulling = [each for each in role.statements if each.allows(_PULL[0])]
        if pulling and not any(_may_cover(each, image) for each in pulling):
            account, name = image["account"], image["repository"]
            where = f"{name} of account {account}" if account != "*" else name
            yield Violation(
                path=path,
                got=Words(f"role {role.logical_id} without {_PULL[0]} on {name}"),
                sentence=f"role {role.logical_id} allows {_PULL[0]} on other repositories than "
                f"{where}, from which SageMaker pulls the image",
                fix=f"Allow {joined(_PULL[:2])} on the repository in a policy of "
                f"{role.logical_id}.",
            )


def _may_cover(statement: RoleStatement, image: re.Match[str]) -> bool:
    """Return whether a statement may allow actions on the repository of an image."""
    return statement.resources is None or any(
        _may_match(resource, image) for resource in statement.resources
    )


def _may_match(resource: str, image: re.Match[str]) -> bool:
    parts = resource.split(":")
    if len(parts) != _ARN_PARTS:
        return "*" in resource
    _, _, service, region, account, name = parts
    if account == OWN_ACCOUNT:
        if _is_of_aws(image):
            return False
        account = "*"
    return fnmatchcase("ecr", service) and all(
        "*" in text or fnmatchcase(text, pattern)
        for text, pattern in (
            (image["region"], region),
            (image["account"], account),
            (f"repository/{image['repository']}", name),
        )
    )


def _is_of_aws(image: re.Match[str]) -> bool:
    """Return whether an image is in a registry of AWS, whose account deploys no endpoints."""
    known = images.find_repository(image["repository"])
    return known is not None and image["account"] in known.accounts.values()


def _data_needs(subject: Hosted) -> Iterator[tuple[Path, str]]:
    keys: Mapping[Path, str] = {}
    if isinstance(subject, ModelContext):
        if subject.has_bucket_policy:
            return
        keys = subject.data_keys
    for path, container in containers_of_role(subject):
        for place, is_prefix in model_data_in(container):
            at = (*path, *place)
            if at in subject.texts:
                yield at, GET_OBJECT
                if is_prefix:
                    yield at, "s3:ListBucket"
                if at in keys:
                    yield at, "kms:Decrypt"


def model_data_in(container: AnyContainer) -> Iterator[tuple[Path, bool]]:
    """Yield the members with model data, and whether it is known to be a prefix."""
    if not isinstance(container, ContainerDefinition):
        yield ("artifact_url",), False
        return
    yield ("model_data_url",), container.mode == ContainerMode.MULTI_MODEL
    source = container.model_data_source
    data = source.s3_data_source if isinstance(source, ModelDataSource) else None
    if isinstance(data, S3DataSource):
        is_prefix = data.s3_data_type == S3ModelDataType.S3_PREFIX
        yield ("model_data_source", "s3_data_source", "s3_uri"), is_prefix


@rule(
    id="model-data-role-permissions-missing",
    title="The role of a model should allow to read its model data",
    why="The deployment fails with: Could not access model data. A prefix is listed as well, and "
    "objects that are encrypted with a customer managed key are decrypted with the role.",
    fix="Allow s3:GetObject on the objects, s3:ListBucket for a prefix, and kms:Decrypt on the "
    "key of the bucket.",
    evidence=Evidence.REAL_ERROR,
    source_url=_ROLES,
    about=_ABOUT,
    requires=("texts",),
    severity=Severity.WARNING,
)
def model_data_role_permissions_missing(subject: Hosted) -> Iterator[Violation]:
    yield from _missing(subject, _data_needs, "SageMaker needs to read the model data")


@rule(
    id="full-access-bucket-mismatch",
    title=f"Model data for a role with {FULL_ACCESS} should be in a bucket that the policy names",
    why="The policy allows to read objects only if the bucket or the key contains sagemaker, "
    "SageMaker, Sagemaker or aws-glue, or if the object has the tag SageMaker=true. For others, "
    "the deployment fails with: Could not access model data.",
    fix="Allow s3:GetObject on the object in a policy of the role.",
    evidence=Evidence.REAL_ERROR,
    source_url=_FULL_ACCESS,
    about=_ABOUT,
    requires=("texts",),
    severity=Severity.WARNING,
)
def full_access_bucket_mismatch(subject: Hosted) -> Iterator[Violation]:
    role = role_of(subject)
    is_open = isinstance(subject, ModelContext) and subject.has_bucket_policy
    if not is_checked(role) or is_open or not _is_standard_partition(subject):
        return
    if not reads_by_full_access_only(role):
        return
    for path, container in containers_of_role(subject):
        for place, is_prefix in model_data_in(container):
            uri = subject.texts.get((*path, *place))
            if uri is None or "*" in uri or is_prefix:
                continue
            if any(word in uri for word in (*FULL_ACCESS_WORDS, *_TAGGED_BUCKETS)):
                continue
            yield Violation(
                path=(*path, *place),
                got=uri,
                sentence=f"role {role.logical_id} has only {FULL_ACCESS} to read S3 objects, which "
                f"does not allow {GET_OBJECT} on {uri}",
                fix=f"Allow {GET_OBJECT} on the object in a policy of {role.logical_id}.",
            )


def reads_by_full_access_only(role: Role) -> bool:
    reading = [each.managed_policy for each in role.statements if each.allows(GET_OBJECT)]
    return bool(reading) and set(reading) == {FULL_ACCESS}


def _is_standard_partition(subject: Hosted) -> bool:
    """Return whether the model may be in the standard partition; the policy differs elsewhere."""
    known = [image["region"] for _, image in _ecr_images(subject)]
    if subject.region is not None:
        known.append(subject.region)
    return all(regions.partition_of(each) in (None, "aws") for each in known)


def _log_needs(_: object) -> Iterator[tuple[Path, str]]:
    yield from ((("execution_role_arn",), action) for action in _LOGS)


@rule(
    id="log-role-permissions-missing",
    title="The role of a model should allow to write the logs of its containers",
    why="Without the permissions, a container has no logs, and the reason of a failed start is "
    "unknown.",
    fix=f"Allow {joined(_LOGS)} on the log groups /aws/sagemaker/*.",
    evidence=Evidence.REAL_ERROR,
    source_url=_ROLES,
    about=(ModelContext, ConfigContext),
    requires=("execution_role",),
    severity=Severity.WARNING,
)
def log_role_permissions_missing(subject: ModelContext | ConfigContext) -> Iterator[Violation]:
    purpose = "SageMaker needs to write the logs of containers"
    if isinstance(subject, ModelContext):
        yield from _missing(subject, _log_needs, purpose)
    else:
        yield from _missing_for_components(subject, ("execution_role_arn",), _LOGS, purpose)


def _missing_for_components(
    subject: ConfigContext, path: Path, actions: Sequence[str], purpose: str
) -> Iterator[Violation]:
    """Yield the violation of the role of a configuration whose variants host components."""
    role = _role_of_components(subject)
    variants = [variant for _, variant in subject.config.production()]
    hosts_components = variants and all(
        each.model_name is None and each.serverless_config is None for each in variants
    )
    if is_checked(role) and hosts_components:
        yield from missing_permissions(role, path, actions, purpose)


def _network_needs(subject: Hosted) -> Iterator[tuple[Path, str]]:
    if isinstance(subject, ModelContext) and isinstance(subject.model.vpc_config, VpcConfig):
        yield from ((("vpc_config",), action) for action in _VPC)


@rule(
    id="vpc-role-permissions-missing",
    title="The role of a model in a VPC should allow to create network interfaces",
    why="SageMaker creates the network interfaces of the containers with the role. Without the "
    "permissions, the deployment fails.",
    fix=f"Allow {joined(_VPC)}.",
    evidence=Evidence.DOCUMENTED,
    source_url=_ROLES,
    about=(ModelContext, ConfigContext),
    requires=("execution_role",),
    severity=Severity.WARNING,
)
def vpc_role_permissions_missing(subject: ModelContext | ConfigContext) -> Iterator[Violation]:
    purpose = "SageMaker needs for the network interfaces in the VPC"
    if isinstance(subject, ModelContext):
        yield from _missing(subject, _network_needs, purpose)
    elif isinstance(subject.config.vpc_config, VpcConfig):
        yield from _missing_for_components(subject, ("vpc_config",), _VPC, purpose)


def credentials_functions(model: ModelSpec) -> Iterator[tuple[Path, object]]:
    """Yield the functions that return the credentials of private registries."""
    for path, container in model.every_container():
        config = container.image_config
        auth = config.repository_auth_config if isinstance(config, ImageConfig) else None
        if isinstance(auth, RepositoryAuthConfig):
            arn = auth.repository_credentials_provider_arn
            if is_set(arn):
                place = ("image_config", "repository_auth_config")
                yield (*path, *place, "repository_credentials_provider_arn"), arn


def _credentials_needs(subject: Hosted) -> Iterator[tuple[Path, str]]:
    if isinstance(subject, ModelContext):
        for path, _ in credentials_functions(subject.model):
            yield path, "lambda:InvokeFunction"


@rule(
    id="credentials-role-permissions-missing",
    title="The role of a model should allow to invoke the function with a registry's credentials",
    why="SageMaker invokes the function with the role when it creates the model.",
    fix="Allow lambda:InvokeFunction on the function.",
    evidence=Evidence.DOCUMENTED,
    source_url=_REGISTRY,
    about=(ModelContext,),
    requires=("execution_role",),
    severity=Severity.WARNING,
)
def credentials_role_permissions_missing(subject: ModelContext) -> Iterator[Violation]:
    yield from _missing(
        subject, _credentials_needs, "SageMaker needs for the credentials of the registry"
    )


RULES: Final = (
    image_role_permissions_missing,
    model_data_role_permissions_missing,
    full_access_bucket_mismatch,
    log_role_permissions_missing,
    vpc_role_permissions_missing,
    credentials_role_permissions_missing,
)
