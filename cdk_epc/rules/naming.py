"""Rules of tags, and of the configuration's own name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, TypeAlias

from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import (
    EndpointConfigSpec,
    EndpointSpec,
    InferenceComponentSpec,
    InstancePool,
    ModelSpec,
    Path,
    Tag,
)
from cdk_epc.spec.unresolved import Reference, Unresolved, is_resolved, items_of

_TAG: Final = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Tag.html"
_RESERVED: Final = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "aws-properties-resource-tags.html"
)
_CFN: Final = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "aws-resource-sagemaker-endpointconfig.html"
)
_CFN_MODEL: Final = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "aws-resource-sagemaker-model.html"
)

_Tagged: TypeAlias = EndpointConfigSpec | ModelSpec | EndpointSpec | InferenceComponentSpec
_TAGGED: Final = (EndpointConfigSpec, ModelSpec, EndpointSpec, InferenceComponentSpec)


_REFERENCE: Final = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"


def _keys(spec: _Tagged) -> Iterator[tuple[int, str]]:
    for index, tag in enumerate(items_of(spec.tags)):
        if isinstance(tag, Tag) and isinstance(tag.key, str) and is_resolved(tag.key):
            yield index, tag.key


@rule(
    id="tag-keys-repeated",
    title="Tags have different keys",
    why="A resource has one value for a key.",
    fix="Keep one of the tags, or rename one.",
    evidence=Evidence.DOCUMENTED,
    source_url=_TAG,
    about=_TAGGED,
    requires=("tags",),
    eager=True,
    facts=("TAG.UNIQUE",),
)
def tag_keys_repeated(spec: _Tagged) -> Iterator[Violation]:
    seen: set[str] = set()
    for index, key in _keys(spec):
        if key in seen:
            yield Violation(
                path=("tags", index, "key"),
                got=key,
                must="be a key that no other tag has",
                fix="Keep one of the two.",
            )
        seen.add(key)


@rule(
    id="tag-key-reserved",
    title="A tag's key does not begin with aws:",
    why="AWS keeps that prefix for itself.",
    fix="Begin the key with a word of your own.",
    evidence=Evidence.DOCUMENTED,
    source_url=_RESERVED,
    about=_TAGGED,
    requires=("tags",),
    eager=True,
    facts=("TAG.AWS_PREFIX",),
)
def tag_key_reserved(spec: _Tagged) -> Iterator[Violation]:
    for index, key in _keys(spec):
        if key.lower().startswith("aws:"):
            yield Violation(
                path=("tags", index, "key"),
                got=key,
                must="be a key that does not begin with 'aws:' in any spelling",
                fix="Rename the tag; AWS keeps that prefix for itself.",
            )


@rule(
    id="name-fixed",
    title="A configuration has no fixed name",
    why="Every property but the tags can only be replaced, and a replacement collides with "
    "the name of what it replaces.",
    fix="Leave the name out, or let it change with the content: "
    "endpoint_config_name_prefix does so.",
    evidence=Evidence.REAL_ERROR,
    source_url=_CFN,
    requires=("endpoint_config_name",),
    of_templates=True,
    severity=Severity.WARNING,
    facts=("NAM.REPLACEMENT",),
)
def name_fixed(spec: EndpointConfigSpec) -> Iterator[Violation]:
    if is_resolved(spec.endpoint_config_name):
        yield Violation(
            path=("endpoint_config_name",),
            got=spec.endpoint_config_name,
            must="be no name, or one that changes with the content",
            fix="Leave the name out, or use endpoint_config_name_prefix.",
        )


@rule(
    id="model-name-fixed",
    title="A model has no fixed name",
    why="Every property but the tags can only be replaced, and a replacement collides with "
    "the name of what it replaces.",
    fix="Leave the name out; CloudFormation makes one that changes with each replacement.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CFN_MODEL,
    about=(ModelSpec,),
    of_templates=True,
    severity=Severity.WARNING,
    facts=("NAM.REPLACEMENT",),
)
def model_name_fixed(spec: ModelSpec) -> Iterator[Violation]:
    if is_resolved(spec.model_name):
        yield Violation(
            path=("model_name",),
            got=spec.model_name,
            must="be no name, so that CloudFormation makes one",
            fix="Leave the name out.",
        )


def _arn_of(value: object, resource: str, attribute: str) -> Reference | None:
    """The reference behind a value, if it gives the ARN of such a resource."""
    refers = value.refers_to if isinstance(value, Unresolved) else None
    if refers is None or refers.type != resource or refers.attribute not in (None, attribute):
        return None
    return refers


@rule(
    id="endpoint-config-name-is-arn",
    title="An endpoint gets the name of its configuration, not the ARN",
    why="Ref of a configuration is its ARN, which the pattern of EndpointConfigName refuses.",
    fix="Take Fn::GetAtt EndpointConfigName of the configuration.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_REFERENCE}aws-resource-sagemaker-endpointconfig.html",
    about=(EndpointSpec,),
    of_templates=True,
    facts=("NAM.CFN_REF",),
)
def endpoint_config_name_is_arn(spec: EndpointSpec) -> Iterator[Violation]:
    name = spec.endpoint_config_name
    if refers := _arn_of(name, "AWS::SageMaker::EndpointConfig", "EndpointConfigArn"):
        yield _violation(("endpoint_config_name",), refers, "EndpointConfigName")


@rule(
    id="model-name-is-arn",
    title="A variant gets the name of its model, not the ARN",
    why="Ref of a model is its ARN, which the pattern of ModelName refuses.",
    fix="Take Fn::GetAtt ModelName of the model.",
    evidence=Evidence.DOCUMENTED,
    source_url=f"{_REFERENCE}aws-resource-sagemaker-model.html",
    of_templates=True,
    eager=True,
    facts=("NAM.CFN_REF",),
)
def model_name_is_arn(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, name in _model_names(spec):
        if refers := _arn_of(name, "AWS::SageMaker::Model", "ModelArn"):
            yield _violation(path, refers, "ModelName")


def _model_names(spec: EndpointConfigSpec) -> Iterator[tuple[Path, Any]]:
    for path, variant in spec.variants():
        yield (*path, "model_name"), variant.model_name
        for index, pool in enumerate(items_of(variant.instance_pools)):
            if isinstance(pool, InstancePool):
                yield (
                    (*path, "instance_pools", index, "model_name_override"),
                    pool.model_name_override,
                )


def _violation(path: Path, refers: Reference, attribute: str) -> Violation:
    return Violation(
        path=path,
        got=Words(f"the ARN of {refers.logical_id}"),
        must="be a name",
        fix=f'Take {{"Fn::GetAtt": ["{refers.logical_id}", "{attribute}"]}}.',
    )


RULES: Final = (
    tag_keys_repeated,
    tag_key_reserved,
    name_fixed,
    model_name_fixed,
    endpoint_config_name_is_arn,
    model_name_is_arn,
)
