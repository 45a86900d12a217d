"""Rules of machine images: the accelerators whose drivers they contain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from cdk_epc.catalog import instances
from cdk_epc.catalog.instances import Accelerator
from cdk_epc.rules.rule import Evidence, Severity, Violation, rule
from cdk_epc.spec import EndpointConfigSpec
from cdk_epc.spec.endpoint_config import instance_types_of
from cdk_epc.spec.unresolved import is_unresolved

_VARIANT: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html"
)
_FIRST_INFERENTIA: Final = "Inferentia"


def _violations(
    spec: EndpointConfigSpec,
    infix: str,
    has_drivers: Callable[[Accelerator], bool],
    types: str,
) -> Iterator[Violation]:
    """Yield a violation for each instance type on which an image has nothing to drive.

    Args:
        spec: Configuration.
        infix: Part of the name of the images.
        has_drivers: Whether the images contain the drivers of an accelerator.
        types: Instance types for these images, as a phrase.
    """
    for path, variant in spec.variants():
        image = variant.inference_ami_version
        if not isinstance(image, str) or is_unresolved(image) or infix not in image:
            continue
        for type_path, name in instance_types_of(path, variant):
            if not instances.is_hosting_type(name):
                continue  # the type may be newer than the catalog
            accelerator = instances.InstanceType.of(name).accelerator
            if accelerator is None or not has_drivers(accelerator):
                yield Violation(
                    path=type_path,
                    got=name,
                    must=f"be {types} because the machine image is {image}",
                    fix="Remove `inference_ami_version`, or use an image for this instance type.",
                )


@rule(
    id="ami-neuron-mismatch",
    title="A Neuron image should run on Inferentia2 or Trainium",
    why="The image contains the drivers of these accelerators only.",
    fix="Remove the image, or use a type of the Inf2, Trn1 or Trn2 family.",
    evidence=Evidence.DOCUMENTED,
    source_url=_VARIANT,
    requires=("inference_ami_version",),
    severity=Severity.WARNING,
    eager=True,
    facts=("AMI.NEURON",),
)
def ami_neuron_mismatch(spec: EndpointConfigSpec) -> Iterator[Violation]:
    return _violations(
        spec,
        "-neuron-",
        lambda each: each.kind == "neuron" and each.name != _FIRST_INFERENTIA,
        "a type with Inferentia2 or Trainium",
    )


@rule(
    id="ami-gpu-mismatch",
    title="A GPU image should run on an instance type with an NVIDIA GPU",
    why="The image contains NVIDIA's drivers only.",
    fix="Remove the image, or use an instance type with an NVIDIA GPU.",
    evidence=Evidence.DOCUMENTED,
    source_url=_VARIANT,
    requires=("inference_ami_version",),
    severity=Severity.WARNING,
    eager=True,
    facts=("AMI.GPU",),
)
def ami_gpu_mismatch(spec: EndpointConfigSpec) -> Iterator[Violation]:
    return _violations(spec, "-gpu-", lambda each: each.kind == "gpu", "a type with an NVIDIA GPU")


RULES: Final = (ami_neuron_mismatch,)
PEDANTIC: Final = (ami_gpu_mismatch,)
"""Rules of the pack `pedantic`."""
