"""Rules of the region that the models of a configuration take their images from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from cdk_epc.rules.rule import Evidence, Fault, Rule, Words
from cdk_epc.spec import patterns
from cdk_epc.spec.context import ConfigInPlace
from cdk_epc.spec.unresolved import is_text

_CONTAINER: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html"
)
_ECR: Final = re.compile(patterns.ECR_IMAGE, re.ASCII)


def _image(subject: ConfigInPlace) -> Iterator[Fault]:
    for path, model in subject.models.items():
        for _, container in model.model.every_container():
            uri = container.image
            found = _ECR.fullmatch(uri) if is_text(uri) else None
            if found is not None and subject.region not in (None, found["region"]):
                yield Fault(
                    path=path,
                    got=Words(f"{model.logical_id}, whose image is in {found['region']}"),
                    allowed=f"a model whose image is in {subject.region}",
                    fix="Copy the image into a repository of this region; ECR can replicate it.",
                )


RULES: Final = (
    Rule(
        id="model-image-region",
        title="An image is in the region of the endpoint",
        why="SageMaker takes images of its own region's ECR alone.",
        mend="Copy the image into a repository of the region, or let ECR replicate it.",
        evidence=Evidence.DOCUMENTED,
        source_url=_CONTAINER,
        about=(ConfigInPlace,),
        check=_image,
    ),
)
