"""Rules on the image of a container: its registry, region and use."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from cdk_epc.catalog import images, regions
from cdk_epc.catalog.image_references import (
    ImageHost,
    ImageReference,
    parse_image,
    registry_accounts,
    registry_regions,
)
from cdk_epc.rules._container_images import (
    containers_in,
    has_published_image,
    image_of,
    images_in,
)
from cdk_epc.rules._model_features import models_of
from cdk_epc.rules.role_permissions import joined
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import (
    ImageConfig,
    InferenceComponentSpec,
    ModelSpec,
    Path,
    RepositoryAccessMode,
    RepositoryAuthConfig,
    ServerlessConfig,
)
from cdk_epc.spec.context import ConfigContext, InferenceComponentContext, ModelContext
from cdk_epc.spec.unresolved import Unresolved, is_set, is_string, known_parts

_API: Final = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/"
_CONTAINER: Final = f"{_API}API_ContainerDefinition.html"
_CREDENTIALS: Final = f"{_API}API_RepositoryAuthConfig.html"
_DLC: Final = "https://github.com/aws/deep-learning-containers/"
_SDK: Final = "https://github.com/aws/sagemaker-python-sdk/issues/"
_SPECS: Final = (ModelSpec, InferenceComponentSpec)
_CONTEXTS: Final = (ModelContext, InferenceComponentContext)

# Triton's images were in the registry of the Neo images before; both may still have them.
_MOVED: Final = frozenset({"sagemaker-tritonserver"})
_EC2_REPOSITORIES: Final = frozenset({"vllm", "sglang", "llama-cpp", "ray"})
_EC2_LINES: Final = ("server", "serve", "omni")
_HOME: Final = "us-east-1"
_UNKNOWN: Final = "\x00"
_OUTSIDE_ECR: Final = frozenset({ImageHost.NONE, ImageHost.ECR_PUBLIC, ImageHost.OTHER})
"""Registries that are certainly no private repository of Amazon ECR."""
_COPY: Final = "Copy the image to a private ECR repository in the region of the endpoint."
_FUNCTION: Final = re.compile(r"arn:[^:]+:lambda:[^:]*:[^:]*:function:.+")
_ROLE: Final = re.compile(r"arn:[^:]+:iam::(\d{12}):")
_LIKE_ECR: Final = re.compile(r"\becr\b.*\.amazonaws\.com", re.ASCII)
_SCHEME: Final = re.compile(r"[a-z]+://", re.IGNORECASE)
_SERVICE: Final = 2  # index of the service in an ARN
_SECRET: Final = "AWS::SecretsManager::Secret"  # noqa: S105 - a resource type
_LAMBDA: Final = "AWS::Lambda::Function"


@rule(
    id="model-image-outside-ecr",
    title="The image of a container must be in a private repository of Amazon ECR",
    why="The deployment fails with: Using non-ECR image without Vpc repository access mode is not "
    "supported. A name without a registry is that of an image on your own machine.",
    fix="Push the image to Amazon ECR and use its URI there, or set ImageConfig with the access "
    "mode Vpc for a private registry that the model's VPC reaches.",
    evidence=Evidence.REAL_ERROR,
    source_url=f"{_SDK}4700",
    about=_SPECS,
)
def model_image_outside_ecr(spec: ModelSpec | InferenceComponentSpec) -> Iterator[Violation]:
    for path, container in containers_in(spec):
        # The container of a component has no ImageConfig.
        config: Any = getattr(container, "image_config", None)
        is_platform = config is None or (
            isinstance(config, ImageConfig)
            and config.repository_access_mode == RepositoryAccessMode.PLATFORM
        )
        is_component = isinstance(spec, InferenceComponentSpec)
        image = image_of(container)
        # A name with a space has the finding of its pattern.
        is_valid = image is not None and re.search(r"\s", _uri(container.image)) is None
        if image is not None and is_valid and is_platform and image.kind in _OUTSIDE_ECR:
            if scheme := _SCHEME.match(_uri(container.image)):
                yield Violation(
                    path=(*path, "image"),
                    got=Words(str(_uri(container.image))),
                    must=f"not begin with {scheme.group()}",
                    fix=f"Remove {scheme.group()}; the URI of an image begins with its registry.",
                )
                continue
            yield Violation(
                path=(*path, "image"),
                got=Words(str(_uri(container.image))),
                must=_required_registry(image, is_component=is_component),
                fix=_fix_outside_ecr(image, is_component=is_component),
                python_fix=_python_fix_outside_ecr(image, is_component=is_component),
            )


def is_image_outside_ecr(uri: str | Sequence[str | None]) -> bool:
    """Return whether an image URI is certainly not of a private repository of Amazon ECR.

    Args:
        uri: The URI, or its parts with ``None`` for each unknown one.
    """
    image = parse_image(uri)
    return image is not None and image.kind in _OUTSIDE_ECR


def _uri(given: object) -> str:
    return "".join("..." if part is None else part for part in known_parts(given))


def _required_registry(image: ImageReference, *, is_component: bool) -> str:
    if image.kind is ImageHost.NONE:
        return (
            "be the URI of an image in Amazon ECR; SageMaker cannot pull an image by a local name"
        )
    if image.kind is ImageHost.ECR_PUBLIC:
        return "be in a private repository of Amazon ECR, not in the public gallery"
    if image.host is not None and _LIKE_ECR.search(image.host):
        return (
            "begin with a registry of Amazon ECR: the 12 digits of an account, .dkr.ecr., the "
            "region and .amazonaws.com"
        )
    if is_component:
        return "be in Amazon ECR because components run no other images"
    return "be in Amazon ECR because `image_config` does not set the access mode Vpc"


def _fix_outside_ecr(image: ImageReference, *, is_component: bool) -> str:
    if image.kind is ImageHost.ECR_PUBLIC:
        name = str(image.repository).rpartition("/")[2]
        found = images.find_repository(name)
        if found is None or name != found.name:
            return _COPY
        tag = f":{image.tag}" if image.tag else ""
        return (
            f"Use the same image in SageMaker's registry in the region, for example "
            f"{found.accounts.get(_HOME)}.dkr.ecr.{_HOME}.amazonaws.com/{name}{tag}."
        )
    if image.kind is ImageHost.NONE:
        return (
            "Push the image to an ECR repository, and use its URI: "
            "<account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag>."
        )
    if image.host is not None and _LIKE_ECR.search(image.host):
        return "Correct the registry."
    if is_component:
        return _COPY
    return (
        "Copy the image to an ECR repository; or set the access mode Vpc, and the model's VPC, "
        "for a registry that the VPC reaches."
    )


def _python_fix_outside_ecr(image: ImageReference, *, is_component: bool) -> str:
    if image.kind is ImageHost.NONE:
        return (
            "Build the image with the app, with ContainerImage.from_asset(); or push it to an ECR "
            "repository, and pass ContainerImage.from_ecr_repository()."
        )
    if image.kind is ImageHost.ECR_PUBLIC:
        return (
            "Use ContainerImage.from_dlc() for an image that AWS publishes for SageMaker, or copy "
            "the image to a private ECR repository."
        )
    if image.host is not None and _LIKE_ECR.search(image.host):
        return "Correct the registry."
    if is_component:
        return _COPY
    return (
        "Copy the image to an ECR repository; or use ContainerImage.from_private_registry() with "
        "a vpc from which the registry can be reached."
    )


@rule(
    id="model-image-other-region",
    title="The image of a container must be in the region of the deployment",
    why="The deployment fails with: Cross region ECR image pulls are not allowed.",
    fix="Copy the image to a repository in the region, for example with ECR replication.",
    evidence=Evidence.REAL_ERROR,
    source_url=_CONTAINER,
    about=_CONTEXTS,
    requires=("region",),
    eager=True,
)
def model_image_other_region(
    subject: ModelContext | InferenceComponentContext,
) -> Iterator[Violation]:
    wrong: dict[str, list[tuple[Path, ImageReference]]] = {}
    for path, image in _images(subject):
        if image.region is not None and subject.region not in (None, image.region):
            wrong.setdefault(image.region, []).append((path, image))
    for region, found in wrong.items():
        path, image = found[0]
        fix = _fix_other_region(image, str(subject.region))
        if len(found) == 1:
            yield Violation(
                path=path,
                got=Words(f"an image in {region}"),
                must=f"be in {subject.region}, the region of the deployment",
                fix=fix,
            )
        else:  # one finding, because all have the same cause
            names = ", ".join(str(each.repository) for _, each in found)
            yield Violation(
                path=path,
                got=Words(f"{len(found)} images in {region}"),
                sentence=f"the images {names} are in {region}; must be in {subject.region}, the "
                "region of the deployment",
                fix=fix,
            )


def _fix_other_region(image: ImageReference, region: str) -> str:
    found = _accounts_of(image).get(region) if image.is_published else None
    if found is not None:
        suffix = regions.url_suffix_of(region)
        return f"Use the registry {found}.dkr.ecr.{region}.{suffix}, which has the same repository."
    return f"Copy the image to an ECR repository in {region}, for example with ECR replication."


def _accounts_of(image: ImageReference) -> dict[str, str]:
    """Return the account of the image's repository by region, if SageMaker's data list it."""
    found = images.data().repositories.get(str(image.repository))
    return {} if found is None else dict(found.accounts)


def _images(
    subject: ModelContext | InferenceComponentContext,
) -> Iterator[tuple[Path, ImageReference]]:
    spec = subject.model if isinstance(subject, ModelContext) else subject.component
    yield from images_in(spec)


def _region_of(
    image: ImageReference, subject: ModelContext | InferenceComponentContext
) -> str | None:
    """Return the region of an image; ``None`` if it is unknown or another rule reports it."""
    if subject.region is None or image.region is None:
        return image.region or subject.region
    return image.region if image.region == subject.region else None


@rule(
    id="model-image-account-other-region",
    title="The account of an image that AWS publishes must have its registry in the region",
    why="The deployment fails with: The repository of your image does not grant "
    "ecr:GetDownloadUrlForLayer, ecr:BatchGetImage, ecr:BatchCheckLayerAvailability permission to "
    "sagemaker.amazonaws.com service principal. Most accounts of AWS's registries have images in "
    "one region only.",
    fix="Use the account of the registry in the region of the endpoint.",
    evidence=Evidence.REAL_ERROR,
    source_url=f"{_DLC}issues/5657",
    about=_CONTEXTS,
    eager=True,
)
def model_image_account_other_region(
    subject: ModelContext | InferenceComponentContext,
) -> Iterator[Violation]:
    for path, image in _images(subject):
        region = _region_of(image, subject)
        if image.account is None or region is None or not image.is_published:
            continue
        if registry_accounts(region) and region not in registry_regions(image.account):
            right = _accounts_of(image).get(region)
            if right is not None:
                yield _other_account(path, image, right, region)
                continue
            yield Violation(
                path=path,
                got=Words(f"an image of account {image.account}"),
                must=f"be of an account that has a registry in {region}, which this one has not",
                fix="Look up the account of the image in the region of the endpoint.",
            )


def _other_account(path: Path, image: ImageReference, right: str, region: str) -> Violation:
    return Violation(
        path=path,
        got=Words(f"an image of account {image.account}"),
        must=f"be of account {right}, which has {image.repository} in {region}",
        fix=f"Write {right} instead of {image.account}.",
        python_fix="Use ContainerImage.from_dlc(), which finds the account.",
    )


@rule(
    id="model-image-account-mismatch",
    title="An image that AWS publishes should be in the registry of its repository",
    why="AWS has several registries in a region, each with its own account and repositories. "
    "CreateModel fails if the account does not have the repository.",
    fix="Use the account that has the repository in the region.",
    evidence=Evidence.INFERRED,
    source_url=f"{_DLC}issues/5657",
    about=_CONTEXTS,
    severity=Severity.WARNING,
)
def model_image_account_mismatch(
    subject: ModelContext | InferenceComponentContext,
) -> Iterator[Violation]:
    for path, image in _images(subject):
        region, account = _region_of(image, subject), image.account
        if account is None or region is None or image.repository in _MOVED:
            continue
        right = _accounts_of(image).get(region)
        if right is not None and right != account and region in registry_regions(account):
            yield _other_account(path, image, right, region)


@rule(
    id="model-image-suffix-mismatch",
    title="The host of an image should have the DNS suffix of its region",
    why="A host with the suffix of another partition does not exist.",
    fix="Use the suffix of the region's partition, such as amazonaws.com.cn in China.",
    evidence=Evidence.INFERRED,
    source_url=_CONTAINER,
    about=_SPECS,
    severity=Severity.WARNING,
)
def model_image_suffix_mismatch(spec: ModelSpec | InferenceComponentSpec) -> Iterator[Violation]:
    for path, image in images_in(spec):
        right = regions.url_suffix_of(image.region) if image.region else None
        if right is not None and image.suffix not in (None, right):
            yield Violation(
                path=path,
                got=Words(f"a host that ends with {image.suffix}"),
                sentence=f"the host of `image` ends with {image.suffix}; must end with {right} in "
                f"region {image.region}",
                fix=f"Write {right} instead of {image.suffix}.",
            )


@rule(
    id="model-image-for-training",
    title="The image of a container should be one for inference",
    why="A training image has no program that serves requests: the container cannot start, or does "
    "not pass the ping health check, and the endpoint fails.",
    fix="Use the image for inference of the same framework.",
    evidence=Evidence.REAL_ERROR,
    source_url="https://github.com/aws/sagemaker-huggingface-inference-toolkit/issues/45",
    about=_SPECS,
    when=has_published_image,
    severity=Severity.WARNING,
)
def model_image_for_training(spec: ModelSpec | InferenceComponentSpec) -> Iterator[Violation]:
    for path, image in images_in(spec):
        traits = image.traits
        if traits is not None and traits.is_for_inference is False:
            uses = joined(traits.scopes or ())
            yield Violation(
                path=path,
                got=Words(str(image.repository)),
                must=f"be an image for inference; {image.repository} has images for {uses}",
                fix=_fix_for_training(str(image.repository)),
            )


def _fix_for_training(repository: str) -> str:
    """Return the fix with the repository for inference of the same family, if there is one."""
    known = images.data()
    for names in known.families.values():
        if repository in names:
            for name in names:
                if known.repositories[name].is_for_inference:
                    return f"Use an image of {name}."
    return "Use an image for inference."


@rule(
    id="model-image-for-ec2",
    title="The image of a container should be one for SageMaker, not for EC2",
    why="The images for EC2 serve on port 8000 or 30000, but SageMaker sends requests to port "
    "8080, so the container does not pass the ping health check.",
    fix="Use the tag for SageMaker of the same image.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_DLC}tree/main/docs",
    about=_SPECS,
    when=has_published_image,
    severity=Severity.WARNING,
)
def model_image_for_ec2(spec: ModelSpec | InferenceComponentSpec) -> Iterator[Violation]:
    for path, image in images_in(spec):
        if image.is_published and image.tag is not None and _is_for_ec2(image):
            yield Violation(
                path=path,
                got=Words(f"{image.repository}:{image.tag}"),
                must="be an image for SageMaker because SageMaker calls containers on port 8080",
                fix="Use the tag for SageMaker of the same image, such as "
                "server-sagemaker-cuda-v1 instead of server-cuda-v1.",
            )


def _is_for_ec2(image: ImageReference) -> bool:
    parts = image.tag_parts
    return parts[-1] == "ec2" or (
        image.repository in _EC2_REPOSITORIES
        and len(parts) > 1
        and parts[0] in _EC2_LINES
        and "sagemaker" not in parts
    )


@rule(
    id="model-image-with-package",
    title="A container must have either an image or a model package",
    why="CreateModel fails with: Specify one of either Image and Model Data URL or "
    "ModelPackageName.",
    fix="Remove Image and the model data, or ModelPackageName.",
    evidence=Evidence.REAL_ERROR,
    source_url=_CONTAINER,
    about=(ModelSpec,),
    requires=("model_package_name",),
)
def model_image_with_package(spec: ModelSpec) -> Iterator[Violation]:
    for path, container in spec.every_container():
        if is_set(container.image) and is_set(container.model_package_name):
            yield Violation(
                path=(*path, "image"),
                got=container.image,
                not_allowed="together with `model_package_name`",
                fix="Remove `image` and the model data, which the package contains; or remove "
                "`model_package_name`.",
            )


@rule(
    id="registry-credentials-not-a-function",
    title="The credentials of a private registry must be those of a Lambda function",
    why="SageMaker calls the function at each pull of the image, and CreateModel fails without it. "
    "A secret or the name of a function is none.",
    fix="Use the ARN of a Lambda function that returns the credentials.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CREDENTIALS,
    about=(ModelSpec,),
    requires=("image_config",),
)
def registry_credentials_not_a_function(spec: ModelSpec) -> Iterator[Violation]:
    for path, container in spec.every_container():
        config = container.image_config
        auth = config.repository_auth_config if isinstance(config, ImageConfig) else None
        if not isinstance(auth, RepositoryAuthConfig):
            continue
        got = _not_a_function(auth.repository_credentials_provider_arn)
        if got is not None:
            member = "repository_credentials_provider_arn"
            yield Violation(
                path=(*path, "image_config", "repository_auth_config", member),
                got=got,
                must="be the ARN of a Lambda function, which SageMaker calls for the credentials",
                fix="Write the ARN of the function, such as "
                'arn:aws:lambda:eu-west-1:111122223333:function:credentials, or {"Fn::GetAtt": '
                '["Function", "Arn"]}.',
                python_fix="Pass the function construct as credentials.",
            )


def _not_a_function(given: object) -> str | None:
    """Return the description of a value that is certainly not the ARN of a Lambda function."""
    if isinstance(given, Unresolved) and (target := given.refers_to) is not None:
        if target.type == _LAMBDA and target.attribute is None:
            return Words(f"the name of function {target.logical_id}")
        if target.type == _SECRET and target.attribute in (None, "Id"):
            return Words(f"the ARN of secret {target.logical_id}")
        return None
    text = "".join(_UNKNOWN if part is None else part for part in known_parts(given))
    if _UNKNOWN not in text:
        return None if not text or _FUNCTION.fullmatch(text) else text
    # The text before an unknown part is enough for arn:aws:secretsmanager:${AWS::Region}:...
    fields = text.partition(_UNKNOWN)[0].split(":")
    is_other_scheme = len(fields) > 1 and fields[0] != "arn"
    is_other_service = len(fields) > _SERVICE + 1 and fields[_SERVICE] != "lambda"
    return Words(_uri(given)) if is_other_scheme or is_other_service else None


@rule(
    id="serverless-image-other-account",
    title="The image of a serverless variant must be AWS's or in the account of the endpoint",
    why="CreateEndpointConfig fails with: The container image URI is not a prebuilt SageMaker "
    "algorithm or deep learning image, or the bring-your-own container image URI does not reside "
    "in an Amazon ECR repository within the same AWS account creating the endpoint.",
    fix="Copy the image to a repository in the account, or run the variant on instances.",
    evidence=Evidence.REAL_ERROR,
    source_url="https://github.com/aws/amazon-sagemaker-feedback/issues/181",
    about=(ConfigContext,),
    requires=("serverless_config",),
    eager=True,
)
def serverless_image_other_account(subject: ConfigContext) -> Iterator[Violation]:
    for hosted in models_of(subject):
        if not isinstance(hosted.variant.serverless_config, ServerlessConfig):
            continue
        account = subject.account or _account_of_role(hosted.model.execution_role_arn)
        for _, image in images_in(hosted.model):
            is_known = account is not None and image.account is not None
            if is_known and image.account != account and not image.is_published:
                yield Violation(
                    path=hosted.path,
                    got=Words(f"model {hosted.logical_id} with an image of {image.account}"),
                    sentence=f"a serverless variant cannot run the image of model "
                    f"{hosted.logical_id}, which is in account {image.account}; must be in "
                    f"{account}, the account of the endpoint",
                    fix=f"Copy the image to a repository in account {account}, or run the variant "
                    "on instances.",
                )


def _account_of_role(arn: object) -> str | None:
    found = _ROLE.match(arn) if is_string(arn) else None
    return found[1] if found else None


RULES: Final = (
    model_image_outside_ecr,
    model_image_other_region,
    model_image_account_other_region,
    model_image_account_mismatch,
    model_image_suffix_mismatch,
    model_image_for_training,
    model_image_for_ec2,
    model_image_with_package,
    registry_credentials_not_a_function,
    serverless_image_other_account,
)
