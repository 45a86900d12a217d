"""Images and model data of a model: known texts, and the keys of buckets of the app."""

from __future__ import annotations

from typing import Any, Final

from cdk_epc.spec import (
    ComponentContainer,
    ContainerDefinition,
    InferenceComponentSpec,
    ModelDataSource,
    ModelSpec,
    Path,
    S3DataSource,
)
from cdk_epc.spec.unresolved import Unresolved, is_list, is_mapping
from cdk_epc.templates.conditions import is_deployed
from cdk_epc.templates.context.iam import known_text
from cdk_epc.templates.intrinsics import text_parts
from cdk_epc.templates.references import (
    ResourceRef,
    properties_of,
    referenced_resource,
    resources_in,
)
from cdk_epc.templates.scenarios import Evaluation

_BUCKET: Final = "AWS::S3::Bucket"
_BUCKET_POLICY: Final = "AWS::S3::BucketPolicy"
_KEY: Final = "AWS::KMS::Key"
_KMS: Final = ("aws:kms", "aws:kms:dsse")
_SCHEME: Final = "s3://"
_REPOSITORY: Final = "AWS::ECR::Repository"
_IN_ECR: Final = "*.dkr.ecr.*.*/*"


def texts_of(evaluation: Evaluation, model: ModelSpec) -> dict[Path, str]:
    """Return the ARN of the role, images and model data, with ``*`` for their unknown parts."""
    values: list[tuple[Path, object]] = [(("execution_role_arn",), model.execution_role_arn)]
    for path, container in model.every_container():
        values.append(((*path, "image"), container.image))
        values += [((*path, *place), value) for place, value in _data_of(container)]
    return _known_texts(evaluation, values)


def texts_of_component(
    evaluation: Evaluation, component: InferenceComponentSpec
) -> dict[Path, str]:
    """Return the images and artifacts of a component, with ``*`` for their unknown parts."""
    values: list[tuple[Path, object]] = []
    for path, each in component.every_specification():
        if isinstance(each.container, ComponentContainer):
            values.append(((*path, "container", "image"), each.container.image))
            values.append(((*path, "container", "artifact_url"), each.container.artifact_url))
    return _known_texts(evaluation, values)


def _known_texts(evaluation: Evaluation, values: list[tuple[Path, object]]) -> dict[Path, str]:
    # This runs for every model, and most values are literal.
    texts = {path: value for path, value in values if isinstance(value, str)}
    for path, value in values:
        if isinstance(value, Unresolved):
            is_image = path[-1] == "image"
            text = (_image_text if is_image else known_text)(evaluation, value)
            if text is not None:
                texts[path] = text
    return texts


def _image_text(evaluation: Evaluation, value: Unresolved) -> str | None:
    """Return an image as text; the address of a repository of the app is one in Amazon ECR."""
    text = known_text(evaluation, value)
    parts = text_parts(evaluation, value.expression)
    reference = parts[0].refers_to if parts and isinstance(parts[0], Unresolved) else None
    if reference is None or reference.type != _REPOSITORY or reference.attribute is None:
        return text
    return _IN_ECR + (text or "*").removeprefix("*")


def _data_of(container: ContainerDefinition) -> list[tuple[Path, object]]:
    source = container.model_data_source
    data = source.s3_data_source if isinstance(source, ModelDataSource) else None
    if not isinstance(data, S3DataSource):
        return [(("model_data_url",), container.model_data_url)]
    return [
        (("model_data_url",), container.model_data_url),
        (("model_data_source", "s3_data_source", "s3_uri"), data.s3_uri),
    ]


def data_keys(evaluation: Evaluation, model: ModelSpec) -> dict[Path, str]:
    """Return the logical ids of the keys of model data in encrypted buckets of the app.

    Only a key counts whose policy leaves it to IAM policies who can use it.
    """
    found: dict[Path, str] = {}
    if not any(evaluation.scenario.app.of_type(_KEY)):
        return found
    for path, container in model.every_container():
        for place, value in _data_of(container):
            bucket = _bucket_of(evaluation, value)
            key = None if bucket is None else _key_of(bucket)
            if key is not None and _is_left_to_iam(key):
                found[*path, *place] = key.logical_id
    return found


def _bucket_of(evaluation: Evaluation, value: object) -> ResourceRef | None:
    """Return the bucket of the app in an S3 URI."""
    if isinstance(value, Unresolved):
        parts = text_parts(evaluation, value.expression) or []
        if parts[:1] == [_SCHEME] and len(parts) > 1:
            return referenced_resource(evaluation, _BUCKET, parts[1])
    if isinstance(value, str):
        name = value.removeprefix(_SCHEME).partition("/")[0]
        for template, logical_id in evaluation.scenario.app.of_type(_BUCKET):
            owner = evaluation.within(template)
            if template.raw_property(logical_id, "BucketName") == name and is_deployed(
                owner, logical_id
            ):
                return ResourceRef(owner, logical_id)
    return None


def _key_of(bucket: ResourceRef) -> ResourceRef | None:
    """Return the key of the app with which a bucket encrypts objects."""
    properties = properties_of(bucket.evaluation, bucket.logical_id)
    encryption = properties.get("BucketEncryption") if is_mapping(properties) else None
    rules = encryption.get("ServerSideEncryptionConfiguration") if is_mapping(encryption) else None
    for each in rules if is_list(rules) else ():
        default = each.get("ServerSideEncryptionByDefault") if is_mapping(each) else None
        if is_mapping(default) and default.get("SSEAlgorithm") in _KMS:
            return referenced_resource(bucket.evaluation, _KEY, default.get("KMSMasterKeyID"))
    return None


def _is_left_to_iam(key: ResourceRef) -> bool:
    """Return whether the policy of a key names no principal but the account and AWS's services."""
    properties = properties_of(key.evaluation, key.logical_id)
    if not is_mapping(properties):
        return False
    policy = properties.get("KeyPolicy")
    if policy is None:  # AWS's default policy names the account
        return True
    statements = policy.get("Statement") if is_mapping(policy) else None
    statements = [statements] if is_mapping(statements) else statements
    return is_list(statements) and all(_names_the_account(key, each) for each in statements)


def _names_the_account(key: ResourceRef, statement: Any) -> bool:  # noqa: ANN401 - JSON
    if not is_mapping(statement) or "Condition" in statement:
        return False
    principal = statement.get("Principal")
    if not is_mapping(principal):
        return False
    named = principal.get("AWS", [])
    return all(
        (known_text(key.evaluation, each) or "").endswith(":root")
        for each in (named if is_list(named) else [named])
    )


def has_bucket_policy_for(role: ResourceRef) -> bool:
    """Return whether the policy of a bucket of the app names a role."""
    evaluation = role.evaluation
    for template, logical_id in evaluation.scenario.app.of_type(_BUCKET_POLICY):
        document = template.property_or_function(logical_id, "PolicyDocument")
        named = resources_in(evaluation, template, document)
        if any((each.index, id_) == role.key for each, id_ in named):
            return True
    return False
