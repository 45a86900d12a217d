"""What reading an image or an artifact takes, where only its address is known."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from cdk_epc.permissions import Permission, feature_permissions
from cdk_epc.permissions.statements import bucket_and_key
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
    from aws_cdk.aws_lambda import IFunction

_ECR: Final = re.compile(patterns.ECR_IMAGE, re.ASCII)


def pulls_from(arn: str) -> Permission:
    """Pull images of the repository with this ARN."""

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
        # It is about the registry, and takes no resource.
        iam.Grant.add_to_principal(
            grantee=role, actions=["ecr:GetAuthorizationToken"], resource_arns=["*"]
        )

    return Permission(("pulls", arn), grant)


def of_image(uri: object) -> Iterable[Permission]:
    """What pulling an image takes, if it is known to be in ECR."""
    found = None if is_unresolved(uri) or not isinstance(uri, str) else _ECR.fullmatch(uri)
    if found is None:
        return
    account, region, name = found.group("account", "region", "repository")
    yield pulls_from(f"arn:{cdk.Aws.PARTITION}:ecr:{region}:{account}:repository/{name}")


def of_object(uri: object) -> Iterable[Permission]:
    """What reading an object takes, if its bucket is known."""
    if (found := bucket_and_key(uri)) is not None and found[1]:
        yield feature_permissions.s3_read_object(*found)


def of_prefix(uri: object) -> Iterable[Permission]:
    """What reading all objects below a prefix takes, if its bucket is known."""
    if (found := bucket_and_key(uri)) is not None:
        yield from (feature_permissions.s3_read(*found), feature_permissions.s3_list(*found))


def invokes_function(function: IFunction | str) -> Permission:
    """Call a function, or the function with this ARN."""
    if not isinstance(function, str):
        return feature_permissions.lambda_invoke(function)

    def grant(role: iam.IRole) -> None:
        iam.Grant.add_to_principal(
            grantee=role, actions=["lambda:InvokeFunction"], resource_arns=[function]
        )

    return Permission(("invokes", function), grant)


def of_container(container: ContainerDefinition) -> Iterable[Permission]:
    """What a container needs of which nothing but the spec is known."""
    yield from of_image(container.image)
    source = getattr(container.model_data_source, "s3_data_source", None)
    if isinstance(source, S3DataSource):
        is_prefix = source.s3_data_type == S3ModelDataType.S3_PREFIX
        yield from of_prefix(source.s3_uri) if is_prefix else of_object(source.s3_uri)
    is_prefix = container.mode == ContainerMode.MULTI_MODEL
    url = container.model_data_url
    yield from of_prefix(url) if is_prefix else of_object(url)
    auth = getattr(container.image_config, "repository_auth_config", None)
    if isinstance(auth, RepositoryAuthConfig) and auth.repository_credentials_provider_arn:
        yield invokes_function(auth.repository_credentials_provider_arn)
