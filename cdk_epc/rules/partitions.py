"""Rules of accelerators that are divided for inference components. Only the API has them."""

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

# The gigabytes that a profile's name gives to one, two, four and all eight slices of the memory,
# by family. NVIDIA's MIG user guide (Supported MIG Profiles) has the sizes and the slices, and the
# API's shape AcceleratorPartitionConfig the same names.
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
"""Slices of compute and of memory that one accelerator has."""
# GPUs that NVIDIA's list of those that can be divided does not have.
_WHOLE: Final = frozenset(f"NVIDIA {name}" for name in ("K80", "V100", "T4", "A10G", "L4", "L40S"))


def _profiles_of(family: str) -> dict[str, tuple[int, int]]:
    """The profiles of a family's GPU with the slices of compute and memory that each takes."""
    one, two, four, eight = _MEMORY[family]
    taken = ((1, one, 1), (1, two, 2), (2, two, 2), (3, four, 4), (4, four, 4), (7, eight, 8))
    return {f"mig-{compute}g.{size}gb": (compute, memory) for compute, size, memory in taken}


def _layouts(
    spec: EndpointConfigSpec,
) -> Iterator[tuple[Path, ProductionVariant, list[tuple[int, AcceleratorPartitionLayout]]]]:
    """The layouts that are known of each variant with such, and their indices."""
    for path, variant in spec.variants():
        layouts = [
            (index, layout)
            for index, layout in enumerate(items_of(variant.accelerator_partition_layouts))
            if isinstance(layout, AcceleratorPartitionLayout)
        ]
        if layouts:
            yield (*path, "accelerator_partition_layouts"), variant, layouts


def _profiles(layout: AcceleratorPartitionLayout) -> list[tuple[int, str]]:
    return [
        (index, profile)
        for index, profile in enumerate(items_of(layout.accelerator_partition_types))
        if isinstance(profile, str) and not is_unresolved(profile)
    ]


@rule(
    id="partition-layouts-several",
    title="A variant has one partition layout",
    why="The list must contain exactly one entry, which SageMaker applies to every accelerator.",
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
                must="be one layout, which holds for every accelerator",
                fix="Put all partitions of an accelerator into one layout.",
            )


@rule(
    id="partition-with-media",
    title="A partition has no media extensions",
    why="SageMaker does not support NVIDIA's profiles that end in +me.",
    fix="Take the profile without the suffix.",
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
                        fix=f"Take {profile.removesuffix(_MEDIA)}.",
                    )


@rule(
    id="partition-does-not-fit",
    title="The partitions exist for the type's GPU, and fit on one",
    why="Otherwise the service answers with an error that says what the accelerator provides "
    "and what was requested.",
    fix="Take profiles of the type's GPU, and no more than fit on it.",
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
        place = (*path, number, "accelerator_partition_types")
        for _, name in instance_types_of(path, variant):
            yield from _fits_on(name, place, profiles)


def _fits_on(name: str, place: Path, profiles: list[tuple[int, str]]) -> Iterator[Violation]:
    if not instances.is_hosting_type(name):
        return
    accelerator = instances.InstanceType.of(name).accelerator
    if accelerator is None or accelerator.kind != "gpu" or accelerator.name in _WHOLE:
        allowed = f"nothing, for the accelerators of {name} cannot be divided"
        fix = "Take a type whose GPU can be divided, for example one of the P5 family."
        yield Violation(path=place, got=Words("partitions"), must=f"be {allowed}", fix=fix)
    elif (family := name.split(".")[1]) in _MEMORY:
        yield from _fits_one(name, _profiles_of(family), place, profiles)


def _fits_one(
    name: str, known: Mapping[str, tuple[int, int]], place: Path, profiles: list[tuple[int, str]]
) -> Iterator[Violation]:
    for index, profile in profiles:
        if profile not in known:
            allowed = f"one of {', '.join(known)}, for the type is {name}"
            fix = "Take one of these profiles."
            yield Violation(path=(*place, index), got=profile, must=f"be {allowed}", fix=fix)
    taken = [known[profile] for _, profile in profiles if profile in known]
    compute, memory = (sum(slices[kind] for slices in taken) for kind in (0, 1))
    if compute > _SLICES[0] or memory > _SLICES[1]:
        yield Violation(
            path=place,
            got=Words(f"{compute} slices of compute and {memory} of memory"),
            must=f"be {_SLICES[0]} of compute and {_SLICES[1]} of memory, on one accelerator",
            fix="Take a partition out, or smaller ones.",
        )


@rule(
    id="partition-with-model",
    title="Partitions are for inference components",
    why="Each partition takes one inference component, and a variant with a model has none.",
    fix="Take the model out, or the layout.",
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
                not_allowed="because the variant has a model and hosts no inference components",
                fix="Take the model out and host inference components, or take the layout out.",
            )


RULES: Final = (
    partition_layouts_several,
    partition_with_media,
    partition_does_not_fit,
    partition_with_model,
)
