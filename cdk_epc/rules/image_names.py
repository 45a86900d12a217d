"""Rule on the names of repositories and tags in the URIs of images in Amazon ECR."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from cdk_epc.catalog.image_references import ImageHost, parse_image
from cdk_epc.rules._container_images import images_in
from cdk_epc.rules.rule import Evidence, Violation, rule
from cdk_epc.spec import InferenceComponentSpec, ModelSpec

_REPOSITORY: Final = re.compile(r"[a-z0-9._/-]+", re.ASCII)
_TAG: Final = re.compile(r"\w[\w.-]{0,127}", re.ASCII)
_BLANK: Final = re.compile(r"\s")


@rule(
    id="model-image-name-invalid",
    title="The repository and the tag of an image must be names that Amazon ECR accepts",
    why="ECR has no repository with capitals and no tag with a colon, so that SageMaker cannot "
    "find the image.",
    fix="Write the repository in lower case, and one tag after it.",
    evidence=Evidence.DOCUMENTED,
    source_url="https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html",
    about=(ModelSpec, InferenceComponentSpec),
)
def model_image_name_invalid(spec: ModelSpec | InferenceComponentSpec) -> Iterator[Violation]:
    for path, image in images_in(spec):
        repository, tag = image.repository, image.tag
        if image.kind is not ImageHost.ECR or _BLANK.search(f"{repository}{tag}"):
            continue  # value-pattern-mismatch reports a blank
        if repository is not None and not _REPOSITORY.fullmatch(repository):
            yield Violation(
                path=path,
                got=repository,
                sentence=f"the repository {repository!r} is no name of Amazon ECR, which accepts "
                "lower-case letters, digits and ._-/ only",
                fix=f"Did you mean {repository.lower()}?"
                if _REPOSITORY.fullmatch(repository.lower())
                else "Remove the other characters.",
            )
        if tag is not None and not _TAG.fullmatch(tag):
            yield Violation(
                path=path,
                got=tag,
                sentence=f"{tag!r} is no tag of Amazon ECR, which accepts letters, digits and _.- "
                "only",
                fix="Write one tag after the repository.",
            )


def has_invalid_name(uri: str) -> bool:
    """Return whether the repository or the tag in the URI of an image in ECR is invalid."""
    image = parse_image(uri)
    if image is None or image.kind is not ImageHost.ECR:
        return False
    named = ((image.repository, _REPOSITORY), (image.tag, _TAG))
    return any(text is not None and not form.fullmatch(text) for text, form in named)


RULES: Final = (model_image_name_invalid,)
