"""Whether a copy of an inference component fits on an instance, by the catalogue of types."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import attrs

from cdk_epc.catalog.instances import InstanceType
from cdk_epc.rules.components import compute_of
from cdk_epc.rules.rule import Fault
from cdk_epc.spec import InferenceComponentSpec, InstanceTypeSpecification
from cdk_epc.spec.unresolved import is_number, is_text

_MIB: Final = 1024  # of a GiB


def _memory(type_: InstanceType) -> float | None:
    return None if type_.memory_gib is None else type_.memory_gib * _MIB


def _gpus(type_: InstanceType) -> float | None:
    """The GPUs; nobody says whether Neuron is counted in devices or in cores."""
    accelerator = type_.accelerator
    return type_.gpus if accelerator is None or accelerator.kind == "gpu" else None


@attrs.frozen
class _Resource:
    """Something that a copy takes and an instance has.

    Attributes:
        member: What a copy takes of it.
        has: How much an instance has; ``None`` if that is not known.
        words: What it is counted in.
    """

    member: str
    has: Callable[[InstanceType], float | None]
    words: str


_RESOURCES: Final = (
    _Resource("number_of_cpu_cores_required", lambda type_: type_.vcpus, "vCPUs"),
    _Resource("number_of_accelerator_devices_required", _gpus, "accelerators"),
    _Resource("min_memory_required_in_mb", _memory, "MiB"),
)


def fits(component: InferenceComponentSpec, types: Sequence[str]) -> Iterator[Fault]:
    """A fault for all that a copy takes too much of.

    Args:
        component: It.
        types: The types of the instances that it may be placed on; none if they are not known.
    """
    for path, specification, compute in compute_of(component):
        names = list(types)
        if isinstance(specification, InstanceTypeSpecification):
            own = specification.instance_type
            names = [own] if is_text(own) else []
        for resource in _RESOURCES:
            takes = getattr(compute, resource.member)
            best = _best(resource, names)
            if is_number(takes) and best is not None and takes > best[0]:
                most, name = best
                yield Fault(
                    path=(*path, resource.member),
                    got=takes,
                    allowed=f"at most {most:g} {resource.words}, which is what {name} has",
                    fix="Take a larger instance type, or lower what a copy takes.",
                )


def _best(resource: _Resource, names: Sequence[str]) -> tuple[float, str] | None:
    """The most that one of these types has, if that is known of all of them."""
    found = [(resource.has(InstanceType.of(name)), name) for name in names]
    known = [(amount, name) for amount, name in found if amount is not None]
    return max(known) if known and len(known) == len(found) else None
