"""Permissions to read images and artifacts of which only the address is known."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from aws_cdk import aws_iam as iam

from cdk_epc.permissions import Permission, feature_permissions
from cdk_epc.permissions.statements import bucket_and_key, literal, partition
from cdk_epc.spec import (
    ContainerDefinition,
    ContainerMode,
    RepositoryAuthConfig,
    S3DataSource,
    S3ModelDataType,
    patterns,
)
from cdk_epc.spec.unresolved import is_unresolved

if TYPE_CHECKING:
    from aws_cdk.aws_lambda import Function, IFunction

_ECR: Final = re.compile(patterns.ECR_IMAGE, re.ASCII)


def ecr_pull_from(arn: str) -> Permission:
    """Return the permission to pull images of the repository with an ARN."""

    def grant(role: iam.IRole) -> None:
        iam.Grant.add_to_principal(
            grantee=role,
            actions=[
                "ecr:BatchCheckLayerAvailability",
                "ecr:BatchGetImage",
                "ecr:GetDownloadUrlForLayer",
            ],
            resource_arns=[arn],
        )
        # This action applies to the whole registry and does not support resources.
        iam.Grant.add_to_principal(
            grantee=role, actions=["ecr:GetAuthorizationToken"], resource_arns=["*"]
        )

    return Permission(("ecr_pull", arn), grant)


def image_permissions(uri: object) -> Iterable[Permission]:
    """Yield the permission to pull an image, if its URI is known to be in ECR."""
    found = None if is_unresolved(uri) or not isinstance(uri, str) else _ECR.fullmatch(uri)
    if found is None:
        return
    account, region, name = found.group("account", "region", "repository")
    yield ecr_pull_from(f"arn:{partition()}:ecr:{region}:{account}:repository/{literal(name)}")


def object_permissions(location: object) -> Iterable[Permission]:
    """Yield the permission to read an S3 object, if its bucket is known."""
    if (found := bucket_and_key(location)) is not None and found[1]:
        yield feature_permissions.s3_read_object(*found)


def prefix_permissions(location: object) -> Iterable[Permission]:
    """Yield the permissions to read all S3 objects below a prefix, if the bucket is known."""
    if (found := bucket_and_key(location)) is not None:
        yield from (feature_permissions.s3_read(*found), feature_permissions.s3_list(*found))


def lambda_invoke(function: IFunction | Function | str) -> Permission:
    """Return the permission to invoke a function or the function with an ARN."""
    if not isinstance(function, str):
        return feature_permissions.lambda_invoke(function)

    def grant(role: iam.IRole) -> None:
        iam.Grant.add_to_principal(
            grantee=role, actions=["lambda:InvokeFunction"], resource_arns=[literal(function)]
        )

    return Permission(("lambda_invoke", function), grant)


def container_permissions(container: ContainerDefinition) -> Iterable[Permission]:
    """Yield the permissions that a container needs, as far as its spec has the addresses."""
    yield from image_permissions(container.image)
    source = getattr(container.model_data_source, "s3_data_source", None)
    if isinstance(source, S3DataSource):
        is_prefix = source.s3_data_type == S3ModelDataType.S3_PREFIX
        uri = source.s3_uri
        yield from prefix_permissions(uri) if is_prefix else object_permissions(uri)
    is_prefix = container.mode == ContainerMode.MULTI_MODEL
    url = container.model_data_url
    yield from prefix_permissions(url) if is_prefix else object_permissions(url)
    auth = getattr(container.image_config, "repository_auth_config", None)
    if isinstance(auth, RepositoryAuthConfig) and auth.repository_credentials_provider_arn:
        yield lambda_invoke(auth.repository_credentials_provider_arn)
