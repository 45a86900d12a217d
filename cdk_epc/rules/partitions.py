"""Rules of accelerator partitions for inference components, which only the API supports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from cdk_epc.catalog import instances
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import AcceleratorPartitionLayout, EndpointConfigSpec, Path, ProductionVariant
from cdk_epc.spec.endpoint_config import instance_types_of
from cdk_epc.spec.unresolved import is_set, is_unresolved, items_of

_CREATE: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/dg/"
    "inference-components-accelerator-partitioning-create.html"
)
_TROUBLE: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/dg/"
    "inference-components-accelerator-partitioning-troubleshoot.html"
)
_LAYOUT: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AcceleratorPartitionLayout.html"
)
_MEDIA: Final = "+me"

# Gigabytes of one, two, four and eight slices of memory in the names of the profiles, by family.
# Sizes and slices are those of NVIDIA's MIG user guide (Supported MIG Profiles); the API's shape
# AcceleratorPartitionConfig has the same names.
_MEMORY: Final[Mapping[str, tuple[int, int, int, int]]] = {
    "p4d": (5, 10, 20, 40),
    "p4de": (10, 20, 40, 80),
    "p5": (10, 20, 40, 80),
    "p5e": (18, 35, 71, 141),
    "p5en": (18, 35, 71, 141),
    "p6-b200": (23, 45, 90, 180),
    "p6e-gb200": (23, 47, 93, 186),
}
_SLICES: Final = (7, 8)
"""Slices of compute and of memory of one accelerator."""
# Hosting types have these GPUs, which are not in NVIDIA's list of GPUs with MIG.
_WITHOUT_MIG: Final = frozenset(
    f"NVIDIA {name}" for name in ("K80", "V100", "T4", "A10G", "L4", "L40S")
)


def _profiles_of(family: str) -> dict[str, tuple[int, int]]:
    """Return the slices of compute and memory of each profile of a family's GPU."""
    one, two, four, eight = _MEMORY[family]
    slices = ((1, one, 1), (1, two, 2), (2, two, 2), (3, four, 4), (4, four, 4), (7, eight, 8))
    return {f"mig-{compute}g.{size}gb": (compute, memory) for compute, size, memory in slices}


def _layouts(
    spec: EndpointConfigSpec,
) -> Iterator[tuple[Path, ProductionVariant, list[tuple[int, AcceleratorPartitionLayout]]]]:
    """Yield the path of the layouts, the variant and its known layouts with their indices."""
    for path, variant in spec.variants():
        layouts = [
            (index, layout)
            for index, layout in enumerate(items_of(variant.accelerator_partition_layouts))
            if isinstance(layout, AcceleratorPartitionLayout)
        ]
        if layouts:
            yield (*path, "accelerator_partition_layouts"), variant, layouts


def _profiles(layout: AcceleratorPartitionLayout) -> list[tuple[int, str]]:
    """Return the known profiles of a layout with their indices."""
    return [
        (index, profile)
        for index, profile in enumerate(items_of(layout.accelerator_partition_types))
        if isinstance(profile, str) and not is_unresolved(profile)
    ]


@rule(
    id="partition-layouts-several",
    title="A variant must have only one partition layout",
    why="SageMaker applies one layout to every accelerator, so that the list must contain exactly "
    "one entry.",
    fix="Put all partitions of an accelerator into one layout.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CREATE,
    requires=("accelerator_partition_layouts",),
    eager=True,
    facts=("MIG.ONE_LAYOUT",),
)
def partition_layouts_several(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, _, layouts in _layouts(spec):
        if len(layouts) > 1:
            yield Violation(
                path=path,
                got=Words(f"{len(layouts)} layouts"),
                must="have only one, which SageMaker applies to every accelerator",
                fix="Put all partitions of an accelerator into one layout.",
            )


@rule(
    id="partition-with-media",
    title="A partition must not have media extensions",
    why="SageMaker does not support the profiles of NVIDIA that end in +me.",
    fix="Use the profile without the suffix.",
    evidence=Evidence.DOCUMENTED,
    source_url=_CREATE,
    requires=("accelerator_partition_layouts",),
    eager=True,
    facts=("MIG.NO_ME",),
)
def partition_with_media(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, _, layouts in _layouts(spec):
        for number, layout in layouts:
            for index, profile in _profiles(layout):
                if profile.endswith(_MEDIA):
                    yield Violation(
                        path=(*path, number, "accelerator_partition_types", index),
                        got=profile,
                        must="be a profile without media extensions",
                        fix=f"Use {profile.removesuffix(_MEDIA)}.",
                    )


@rule(
    id="partition-does-not-fit",
    title="The partitions should exist for the GPU of the instance type, and fit on one GPU",
    why="The deployment fails with an error about the slices that the accelerator provides and "
    "those that were requested.",
    fix="Use profiles of the GPU, and no more than fit on it.",
    evidence=Evidence.DOCUMENTED,
    source_url=_TROUBLE,
    requires=("accelerator_partition_layouts",),
    severity=Severity.WARNING,
    eager=True,
    facts=("MIG.FITS",),
)
def partition_does_not_fit(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, variant, layouts in _layouts(spec):
        if len(layouts) > 1:
            continue
        ((number, layout),) = layouts
        profiles = [each for each in _profiles(layout) if not each[1].endswith(_MEDIA)]
        layout_path = (*path, number, "accelerator_partition_types")
        for _, name in instance_types_of(path, variant):
            yield from _violations_on(name, layout_path, profiles)


def _violations_on(name: str, path: Path, profiles: list[tuple[int, str]]) -> Iterator[Violation]:
    """Yield the violations of a layout on an instance type."""
    if not instances.is_hosting_type(name):
        return
    accelerator = instances.InstanceType.of(name).accelerator
    if accelerator is None or accelerator.kind != "gpu" or accelerator.name in _WITHOUT_MIG:
        yield Violation(
            path=path,
            got=Words("partitions"),
            not_allowed=f"with {name}, which has no accelerator that can be partitioned",
            fix="Use a type whose GPU can be partitioned, for example of the P5 family.",
        )
    elif (family := name.split(".")[1]) in _MEMORY:
        yield from _violations_of_slices(name, _profiles_of(family), path, profiles)


def _violations_of_slices(
    name: str, known: Mapping[str, tuple[int, int]], path: Path, profiles: list[tuple[int, str]]
) -> Iterator[Violation]:
    *others, last = known
    for index, profile in profiles:
        if profile not in known:
            yield Violation(
                path=(*path, index),
                got=profile,
                must=f"be {', '.join(others)} or {last} because the instance type is {name}",
                fix="Use one of these profiles.",
            )
    slices = [known[profile] for _, profile in profiles if profile in known]
    compute, memory = (sum(each[index] for each in slices) for index in (0, 1))
    if compute > _SLICES[0] or memory > _SLICES[1]:
        yield Violation(
            path=path,
            got=Words(f"{compute} slices of compute and {memory} of memory"),
            must=f"have at most {_SLICES[0]} of compute and {_SLICES[1]} of memory, which one "
            "accelerator has",
            fix="Remove a partition, or use smaller ones.",
        )


@rule(
    id="partition-with-model",
    title="Partitions should only be used for inference components",
    why="A partition hosts one inference component, and a variant with a model hosts none.",
    fix="Remove the model, or remove the layout.",
    evidence=Evidence.DOCUMENTED,
    source_url=_LAYOUT,
    requires=("accelerator_partition_layouts",),
    severity=Severity.WARNING,
    eager=True,
    facts=("MIG.IC",),
)
def partition_with_model(spec: EndpointConfigSpec) -> Iterator[Violation]:
    for path, variant, _ in _layouts(spec):
        if is_set(variant.model_name) and variant.serverless_config is None:
            yield Violation(
                path=path,
                got=Words("partitions"),
                not_allowed="on a variant with a model, which hosts no inference components",
                fix="Remove the model and host inference components, or remove the layout.",
            )


RULES: Final = (
    partition_layouts_several,
    partition_with_media,
    partition_does_not_fit,
    partition_with_model,
)
