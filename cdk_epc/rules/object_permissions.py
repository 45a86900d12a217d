"""Rule on the objects that the role of a model may read."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Final

from cdk_epc.rules.model_permissions import (
    GET_OBJECT,
    Hosted,
    containers_of_role,
    model_data_in,
    reads_by_full_access_only,
    role_of,
)
from cdk_epc.rules.role_permissions import is_checked
from cdk_epc.rules.rule import Evidence, Severity, Violation, rule
from cdk_epc.spec.context import InferenceComponentContext, ModelContext
from cdk_epc.spec.role import RoleStatement

_S3: Final = "s3://"
_ARN: Final = "arn:"
_ARN_PARTS: Final = 6
_WILDCARD: Final = "*"
_SPECIAL: Final = frozenset("*?[")


@rule(
    id="model-data-role-objects-mismatch",
    title="The role of a model should allow to read the objects with its model data",
    why="The deployment fails with: Could not access model data. Permissions on other buckets do "
    "not help, and the ARN of a bucket without /* covers none of its objects.",
    fix="Allow s3:GetObject on the ARN of the bucket with /*.",
    evidence=Evidence.REAL_ERROR,
    source_url="https://github.com/philschmid/llm-sagemaker-sample/issues/2",
    about=(ModelContext, InferenceComponentContext),
    requires=("texts",),
    severity=Severity.WARNING,
)
def model_data_role_objects_mismatch(subject: Hosted) -> Iterator[Violation]:
    role = role_of(subject)
    is_open = isinstance(subject, ModelContext) and subject.has_bucket_policy
    if not is_checked(role) or is_open or reads_by_full_access_only(role):
        return
    reading = [each for each in role.statements if each.allows(GET_OBJECT)]
    for path, container in containers_of_role(subject):
        for place, is_prefix in model_data_in(container):
            uri = subject.texts.get((*path, *place)) or ""
            bucket, _, key = uri.removeprefix(_S3).partition("/")
            if not uri.startswith(_S3) or not bucket or not _SPECIAL.isdisjoint(bucket):
                continue
            if not reading or any(_may_cover(each, bucket, key, is_prefix) for each in reading):
                continue
            yield Violation(
                path=(*path, *place),
                got=uri,
                sentence=f"role {role.logical_id} allows {GET_OBJECT} on other objects than "
                f"{uri}, which SageMaker reads",
                fix=f"Allow {GET_OBJECT} on arn:aws:s3:::{bucket}/* in a policy of "
                f"{role.logical_id}.",
            )


def _may_cover(statement: RoleStatement, bucket: str, key: str, is_prefix: bool) -> bool:  # noqa: FBT001
    """Return whether a statement may allow to read an object, or one below a prefix."""
    return statement.resources is None or any(
        _may_match(resource, bucket, key, is_prefix) for resource in statement.resources
    )


def _may_match(resource: str, bucket: str, key: str, is_prefix: bool) -> bool:  # noqa: FBT001
    parts = resource.split(":", _ARN_PARTS - 1)
    if len(parts) != _ARN_PARTS or not resource.startswith(_ARN):
        return _WILDCARD in resource
    pattern, name = parts[-1], f"{bucket}/{key}"
    if "[" in pattern or _WILDCARD in key:
        return True
    if is_prefix or not key:
        head = pattern.partition(_WILDCARD)[0]
        return _WILDCARD in pattern and (name.startswith(head) or head.startswith(name))
    return fnmatchcase(name, pattern)


RULES: Final = (model_data_role_objects_mismatch,)
