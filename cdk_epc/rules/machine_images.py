"""Rules of machine images: each is made for one kind of accelerator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from cdk_epc.catalog import instances
from cdk_epc.catalog.instances import Accelerator
from cdk_epc.rules.rule import Evidence, Severity, Violation, rule
from cdk_epc.spec import EndpointConfigSpec
from cdk_epc.spec.endpoint_config import types_of
from cdk_epc.spec.unresolved import is_unresolved

_VARIANT: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html"
)
_FIRST_INFERENTIA: Final = "Inferentia"


def _unfit(
    spec: EndpointConfigSpec, part: str, fits: Callable[[Accelerator], bool], allowed: str
) -> Iterator[Violation]:
    """The types that an image with this part in its name is not made for."""
    for path, variant in spec.variants():
        image = variant.inference_ami_version
        if not isinstance(image, str) or is_unresolved(image) or part not in image:
            continue
        for place, name in types_of(path, variant):
            if not instances.is_hosting_type(name):
                continue  # newer than the catalogue: nothing is known of it
            accelerator = instances.InstanceType.of(name).accelerator
            if accelerator is None or not fits(accelerator):
                yield Violation(
                    path=place,
                    got=name,
                    must=f"be {allowed} because the image is {image}",
                    fix="Take the image out, or one that fits the type.",
                )


@rule(
    id="ami-neuron-mismatch",
    title="A Neuron image runs on Inferentia2 or Trainium",
    why="It brings their drivers; other types have nothing to drive.",
    fix="Leave the image out, or take a type of the Inf2, Trn1 or Trn2 family.",
    evidence=Evidence.DOCUMENTED,
    source_url=_VARIANT,
    requires=("inference_ami_version",),
    severity=Severity.WARNING,
    eager=True,
    facts=("AMI.NEURON",),
)
def ami_neuron_mismatch(spec: EndpointConfigSpec) -> Iterator[Violation]:
    return _unfit(
        spec,
        "-neuron-",
        lambda each: each.kind == "neuron" and each.name != _FIRST_INFERENTIA,
        "a type with Inferentia2 or Trainium",
    )


@rule(
    id="ami-gpu-mismatch",
    title="A GPU image runs on a type with an NVIDIA GPU",
    why="It brings NVIDIA's drivers; other types have nothing to drive.",
    fix="Leave the image out, or take a type with an NVIDIA GPU.",
    evidence=Evidence.DOCUMENTED,
    source_url=_VARIANT,
    requires=("inference_ami_version",),
    severity=Severity.WARNING,
    eager=True,
    facts=("AMI.GPU",),
)
def ami_gpu_mismatch(spec: EndpointConfigSpec) -> Iterator[Violation]:
    return _unfit(spec, "-gpu-", lambda each: each.kind == "gpu", "a type with an NVIDIA GPU")


RULES: Final = (
    ami_neuron_mismatch,
    ami_gpu_mismatch,
)
