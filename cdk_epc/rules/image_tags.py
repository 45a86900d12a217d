"""Rule of the tags of images that AWS publishes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, TypeAlias

from cdk_epc.catalog.image_references import ImageReference
from cdk_epc.catalog.images import data, is_known_tag, nearest_tags
from cdk_epc.rules._container_images import has_published_image, images_in
from cdk_epc.rules.rule import Evidence, Severity, Violation, rule
from cdk_epc.spec import InferenceComponentSpec, ModelSpec

_Subject: TypeAlias = ModelSpec | InferenceComponentSpec
# SageMaker's SDK lists neither the short tags of these repositories nor all of their first
# releases; from the list of images of https://github.com/aws/deep-learning-containers of
# 2026-08-21.
_UNLISTED_TAG: Final = re.compile(
    r"\d+(?:\.\d+)*-[cg]pu-py\d+|(?:server|omni)-sagemaker-cuda-v1(?:\.\d+)*"
)
_WITH_UNLISTED_TAGS: Final = frozenset({"vllm", "sglang"})


@rule(
    id="model-image-tag-unpublished",
    title="The tag of an image that AWS publishes should be a known one",
    why="The model or the endpoint fails if the repository has no image with the tag. A tag can "
    "also be newer than the data of this library.",
    fix="Correct the tag, or acknowledge the finding for an image that you have seen.",
    evidence=Evidence.INFERRED,
    source_url="https://github.com/aws/sagemaker-python-sdk",
    about=(ModelSpec, InferenceComponentSpec),
    when=has_published_image,
    severity=Severity.WARNING,
)
def model_image_tag_unpublished(subject: _Subject) -> Iterator[Violation]:
    for path, image in images_in(subject):
        if _is_unknown(image):
            nearest = " or ".join(nearest_tags(str(image.tag), _tags(image)))
            yield Violation(
                path=path,
                got=image.tag,
                sentence=f"the tag {image.tag} of repository {image.repository} is not one that "
                "SageMaker's SDK knows",
                fix=f"Correct the tag, for example to {nearest}, or acknowledge the finding if the "
                "image exists.",
            )


def _is_unknown(image: ImageReference) -> bool:
    """Return whether the whole tag is known, and no published image has it."""
    if not image.is_published or image.tag is None or image.has_unknown_tag:
        return False
    if _is_for_ec2(image.tag_parts):
        return False  # these have a rule of their own
    if image.repository in _WITH_UNLISTED_TAGS and _UNLISTED_TAG.fullmatch(image.tag):
        return False
    known = _tags(image)
    return image.digest is None and bool(known) and not is_known_tag(image.tag, known)


def _is_for_ec2(parts: tuple[str, ...]) -> bool:
    is_server = parts[:1] in {("server",), ("serve",), ("omni",)}
    return "ec2" in parts or (is_server and "sagemaker" not in parts)


def _tags(image: ImageReference) -> tuple[str, ...]:
    repository = data().repositories.get(str(image.repository))
    return () if repository is None else repository.tags


RULES: Final = (model_image_tag_unpublished,)
