"""Rules of the identity of scalable targets: namespace, dimension and resource id."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from cdk_epc.catalog import instances
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec.context import ScalableTargetContext
from cdk_epc.spec.scaling import ScalableDimension
from cdk_epc.spec.similarity import get_close_matches
from cdk_epc.spec.unresolved import is_string

_REGISTER: Final = "https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html"
_ABOUT: Final = (ScalableTargetContext,)
_SAGEMAKER: Final = "sagemaker"
_NAME: Final = r"[a-zA-Z0-9](?:-*[a-zA-Z0-9]){0,62}"
_FORMS: Final = {
    ScalableDimension.INSTANCES.value: ("endpoint/", f"endpoint/{_NAME}/variant/{_NAME}"),
    ScalableDimension.PROVISIONED_CONCURRENCY.value: (
        "endpoint/",
        f"endpoint/{_NAME}/variant/{_NAME}",
    ),
    ScalableDimension.COPIES.value: ("inference-component/", f"inference-component/{_NAME}"),
}
"""First part and pattern of the resource ids of each dimension."""
_RESOURCES: Final = ("variant", "inference-component", "endpoint")
"""Types of resources in the dimensions and at the beginning of the resource ids."""
_MAX_LENGTH: Final = 1600
_SHOWN: Final = {
    "endpoint/": "endpoint/NAME/variant/NAME",
    "inference-component/": "inference-component/NAME",
}


@rule(
    id="scaling-namespace-mismatch",
    title="The scalable dimension must belong to the service namespace",
    why="The deployment fails with the misleading message: Account is not authorized.",
    fix="Use the namespace sagemaker with a dimension that begins with sagemaker.",
    evidence=Evidence.REAL_ERROR,
    source_url=_REGISTER,
    about=_ABOUT,
)
def scaling_namespace_mismatch(subject: ScalableTargetContext) -> Iterator[Violation]:
    namespace, dimension = subject.target.service_namespace, subject.target.scalable_dimension
    if not is_string(namespace) or not is_string(dimension) or not namespace or not dimension:
        return
    if dimension.startswith(f"{namespace}:"):
        return
    if namespace != _SAGEMAKER:
        yield Violation(
            path=("service_namespace",),
            got=namespace,
            must=f"be {_SAGEMAKER} because `scalable_dimension` is {dimension}",
            fix=f"Set `service_namespace` to {_SAGEMAKER}.",
        )
        return
    head = next((form for form in _SHOWN if str(subject.target.resource_id).startswith(form)), None)
    dimensions = [each for each, (first, _) in _FORMS.items() if head in (None, first)]
    yield Violation(
        path=("scalable_dimension",),
        got=dimension,
        must=f"be a dimension of SageMaker, such as {dimensions[0]}",
        fix=f"Set `scalable_dimension` to {' or '.join(dimensions)}.",
    )


@rule(
    id="scaling-dimension-unknown",
    title="The scalable dimension should be one of the published ones",
    why="The dimension may be newer than this library; otherwise the deployment fails.",
    fix="Check the spelling. If the dimension is new, acknowledge the warning.",
    evidence=Evidence.DOCUMENTED,
    source_url=_REGISTER,
    about=_ABOUT,
    severity=Severity.WARNING,
)
def scaling_dimension_unknown(subject: ScalableTargetContext) -> Iterator[Violation]:
    dimension = _unpublished(subject)
    if dimension is not None and _nearest(dimension) is None:
        near = get_close_matches(dimension, _FORMS)
        question = f"Did you mean {near[0]}? " if near else ""
        yield Violation(
            path=("scalable_dimension",),
            got=dimension,
            must=f"be {', '.join([*_FORMS][:-1])} or {[*_FORMS][-1]}, the dimensions that AWS had "
            f"published in {instances.edition()}",
            fix=f"{question}If the dimension is new, acknowledge the warning.",
        )


@rule(
    id="scaling-dimension-misspelt",
    title="The scalable dimension must be spelt as AWS publishes it",
    why="The deployment fails with: Unsupported service namespace, resource type or scalable "
    "dimension.",
    fix="Correct the spelling.",
    evidence=Evidence.REAL_ERROR,
    source_url=_REGISTER,
    about=_ABOUT,
)
def scaling_dimension_misspelt(subject: ScalableTargetContext) -> Iterator[Violation]:
    dimension = _unpublished(subject)
    if dimension is not None and (near := _nearest(dimension)) is not None:
        yield Violation(
            path=("scalable_dimension",),
            got=dimension,
            must=f"be {', '.join([*_FORMS][:-1])} or {[*_FORMS][-1]}",
            fix=f"Did you mean {near}?",
        )


def _unpublished(subject: ScalableTargetContext) -> str | None:
    """Return a dimension of SageMaker that is not published; ``None`` for any other."""
    dimension = subject.target.scalable_dimension
    if is_string(dimension) and dimension.startswith(f"{_SAGEMAKER}:") and dimension not in _FORMS:
        return dimension
    return None


def _nearest(dimension: str) -> str | None:
    """Return the dimension of which a text is a misspelling; its last part shows that best.

    A dimension of a new type of resource, such as ``sagemaker:cluster:DesiredInstanceCount``, is
    no misspelling.
    """
    by_name = {each.rpartition(":")[2].casefold(): each for each in _FORMS}
    resource, _, last = dimension.partition(":")[2].casefold().rpartition(":")
    near = get_close_matches(last, by_name, n=1, cutoff=0.88)
    is_known = bool(get_close_matches(resource, _RESOURCES, cutoff=0.88))
    return by_name[near[0]] if near and is_known else None


@rule(
    id="scaling-resource-id-wrong",
    title="The resource id must have the form that the scalable dimension requires",
    why="The deployment fails with: Unsupported service namespace, resource type or scalable "
    "dimension.",
    fix="Write endpoint/NAME/variant/NAME for a variant, and inference-component/NAME for a "
    "component.",
    evidence=Evidence.REAL_ERROR,
    source_url=_REGISTER,
    about=_ABOUT,
)
def scaling_resource_id_wrong(subject: ScalableTargetContext) -> Iterator[Violation]:
    dimension, parts = subject.target.scalable_dimension, subject.resource_id_parts
    form = _FORMS.get(dimension) if is_string(dimension) else None
    namespace = subject.target.service_namespace
    if form is None or not parts or namespace not in (_SAGEMAKER, None):
        return
    if sum(len(each or "") for each in parts) > _MAX_LENGTH:
        return  # `value-length-wrong` reports the length
    first, pattern = form
    head = parts[0]
    if None in parts:
        # An unknown part may contain slashes, so only the text before the first one is checked.
        is_wrong = head is not None and not head.startswith(first[: len(head)])
    else:
        is_wrong = re.fullmatch(pattern, "".join(filter(None, parts))) is None
    if is_wrong and not subject.resource_id_has_arn:
        text = subject.target.resource_id
        yield Violation(
            path=("resource_id",),
            got=text if is_string(text) else Words("a text of another form"),
            must=f"have the form {_SHOWN[first]} for {dimension}",
            fix=f"Write {_SHOWN[first]}, with the name of the resource in place of NAME.",
        )


@rule(
    id="scaling-resource-is-config",
    title="A scalable target must name the endpoint, not its configuration",
    why="Application Auto Scaling finds no endpoint of this name.",
    fix="Use Fn::GetAtt [Endpoint, EndpointName].",
    evidence=Evidence.DOCUMENTED,
    source_url=_REGISTER,
    about=_ABOUT,
    requires=("resource_id_has_config",),
    of_templates=True,
)
def scaling_resource_is_config(subject: ScalableTargetContext) -> Iterator[Violation]:
    if subject.resource_id_has_config:
        yield Violation(
            path=("resource_id",),
            got=Words("the name of a configuration"),
            sentence="`resource_id` contains the name of an endpoint configuration; must contain "
            "that of the endpoint",
            fix="Use Fn::GetAtt with EndpointName of the endpoint.",
        )


@rule(
    id="scaling-target-repeated",
    title="A resource must have one scalable target for each dimension",
    why="The resource id and the dimension identify a scalable target, so that CloudFormation "
    "cannot create the second one.",
    fix="Keep one scalable target, with all policies and schedules.",
    evidence=Evidence.REAL_ERROR,
    source_url="https://github.com/aws/aws-cdk/issues/12253",
    about=_ABOUT,
    requires=("earlier_target",),
    of_templates=True,
)
def scaling_target_repeated(subject: ScalableTargetContext) -> Iterator[Violation]:
    if subject.earlier_target is not None:
        yield Violation(
            path=("resource_id",),
            got=Words("the resource of another scalable target"),
            sentence=f"`resource_id` names the resource that {subject.earlier_target} already "
            "scales in this dimension",
            fix=f"Remove this scalable target, and let its policies refer to "
            f"{subject.earlier_target}.",
        )


RULES: Final = (
    scaling_namespace_mismatch,
    scaling_dimension_unknown,
    scaling_dimension_misspelt,
    scaling_resource_id_wrong,
    scaling_resource_is_config,
    scaling_target_repeated,
)
