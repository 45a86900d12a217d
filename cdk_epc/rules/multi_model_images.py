"""Rules on the images of multi-model containers: the label that SageMaker requires."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cdk_epc.rules._container_images import image_of
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import ContainerMode, ModelSpec

_LABEL: Final = "com.amazonaws.sagemaker.capabilities.multi-models=true"
_GUIDE: Final = "https://docs.aws.amazon.com/sagemaker/latest/dg/multi-model-support.html"
# Images of these repositories were seen to be refused, or their Dockerfiles were read.
_REFUSED: Final = (
    "tensorflow-inference",
    "huggingface-pytorch-inference",
    "huggingface-tensorflow-inference",
)
_FIX: Final = "Use an image with the label, or one container for each model."


def _without_label(spec: ModelSpec, *, is_refused: bool) -> Iterator[Violation]:
    for path, container in spec.every_container():
        image = image_of(container)
        if container.mode != ContainerMode.MULTI_MODEL or image is None or image.traits is None:
            continue
        is_seen = str(image.repository).startswith(_REFUSED)
        if image.traits.has_multi_model_label is False and is_seen is is_refused:
            yield Violation(
                path=(*path, "image"),
                got=Words(f"{image.repository}:{image.tag}"),
                must=f"have the label {_LABEL} because `mode` is MultiModel",
                fix="Use an image with the label, such as pytorch-inference:2.6.0-cpu-py312 or a "
                "newer version of the same image; or one container for each model.",
            )


@rule(
    id="multi-model-image-refused",
    title="The image of a multi-model container must have the label for several models",
    why=f"CreateModel fails with: Your Ecr Image does not contain required {_LABEL} Docker "
    "label(s).",
    fix=_FIX,
    evidence=Evidence.REAL_ERROR,
    source_url="https://github.com/aws/deep-learning-containers/issues/2465",
    about=(ModelSpec,),
    requires=("mode",),
)
def multi_model_image_refused(spec: ModelSpec) -> Iterator[Violation]:
    yield from _without_label(spec, is_refused=True)


@rule(
    id="multi-model-image-without-label",
    title="The image of a multi-model container should have the label for several models",
    why=f"CreateModel refuses an image without {_LABEL}. The Dockerfile of this image does not set "
    "the label.",
    fix=_FIX,
    evidence=Evidence.DOCUMENTED,
    source_url=_GUIDE,
    about=(ModelSpec,),
    requires=("mode",),
    severity=Severity.WARNING,
)
def multi_model_image_without_label(spec: ModelSpec) -> Iterator[Violation]:
    yield from _without_label(spec, is_refused=False)


RULES: Final = (
    multi_model_image_refused,
    multi_model_image_without_label,
)
