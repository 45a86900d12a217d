"""Rules of tags: their keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from cdk_epc.rules.rule import Evidence, Violation, rule
from cdk_epc.spec import EndpointConfigSpec, EndpointSpec, InferenceComponentSpec, ModelSpec, Tag
from cdk_epc.spec.unresolved import is_resolved, items_of

_TAG: Final = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Tag.html"
_RESERVED: Final = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "aws-properties-resource-tags.html"
)

_Tagged: TypeAlias = EndpointConfigSpec | ModelSpec | EndpointSpec | InferenceComponentSpec
_TAGGED: Final = (EndpointConfigSpec, ModelSpec, EndpointSpec, InferenceComponentSpec)


def _keys(spec: _Tagged) -> Iterator[tuple[int, str]]:
    """Yield each known key with the index of its tag."""
    for index, tag in enumerate(items_of(spec.tags)):
        if isinstance(tag, Tag) and isinstance(tag.key, str) and is_resolved(tag.key):
            yield index, tag.key


@rule(
    id="tag-keys-repeated",
    title="Tags must have different keys",
    why="A resource has one value for a key.",
    fix="Remove or rename one of the tags.",
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
                must="differ from the key of every other tag",
                fix="Remove or rename one of the tags.",
            )
        seen.add(key)


@rule(
    id="tag-key-reserved",
    title="A tag key must not begin with aws:",
    why="AWS reserves the prefix for its own tags, in upper and lower case.",
    fix="Begin the key with another word.",
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
                must="not begin with 'aws:', which AWS reserves in upper and lower case",
                fix="Rename the tag.",
            )


RULES: Final = (
    tag_keys_repeated,
    tag_key_reserved,
)
