"""What recommended alarms watch of instances, and of what components use of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs

from cdk_epc.catalog.instances import InstanceType
from cdk_epc.catalog.metrics import (
    Feature,
    Per,
    PublishedMetric,
    is_published_by,
)
from cdk_epc.catalog.metrics import (
    instances as hosts,
)
from cdk_epc.monitoring.alarm_definition import Watch, reading
from cdk_epc.monitoring.alarm_thresholds import AlarmKind, AlarmThresholds
from cdk_epc.monitoring.machine import Machine
from cdk_epc.monitoring.place import Place
from cdk_epc.spec import Hosting

_DISK: Final = 0.85
_DISK_CAPTURING: Final = 0.7


@attrs.frozen
class LeftOut:
    """An alarm that was not made.

    Attributes:
        kind: What it would have been about.
        of: Whom.
        reason: Why there is none.
    """

    kind: AlarmKind
    of: str
    reason: str


_OF_COMPONENTS: Final = {
    AlarmKind.CPU: hosts.CPU_UTILIZATION_NORMALIZED,
    AlarmKind.GPU: hosts.GPU_UTILIZATION_NORMALIZED,
    AlarmKind.GPU_MEMORY: hosts.GPU_MEMORY_UTILIZATION_NORMALIZED,
}
_METRICS: Final = {
    AlarmKind.CPU: hosts.CPU_UTILIZATION,
    AlarmKind.MEMORY: hosts.MEMORY_UTILIZATION,
    AlarmKind.DISK: hosts.DISK_UTILIZATION,
    AlarmKind.GPU: hosts.GPU_UTILIZATION,
    AlarmKind.GPU_MEMORY: hosts.GPU_MEMORY_UTILIZATION,
}
# The load of all instances is one thing; the memory of one of them runs out alone.
_OF_ALL: Final = frozenset({AlarmKind.CPU, AlarmKind.GPU})
_TOLD: Final = {
    AlarmKind.CPU: "of all vCPUs is in use",
    AlarmKind.MEMORY: "of the memory is in use",
    AlarmKind.DISK: "of the disk is in use",
    AlarmKind.GPU: "of all GPUs is in use",
    AlarmKind.GPU_MEMORY: "of the GPUs' memory is in use",
}


def watched_hosts(
    place: Place, of: str, machine: Machine, thresholds: AlarmThresholds
) -> Iterator[Watch | LeftOut]:
    """What a variant uses of its instances, or a serverless one of its memory."""
    shares = _shares(machine, thresholds)
    for kind, share in shares.items():
        metric = _metric_of(kind, place)
        if not is_published_by(metric, place.hosting, place.by):
            continue
        if metric.needs is not None and metric.needs in place.lacks:
            continue
        most = _most(metric, machine)
        if isinstance(most, str):
            yield LeftOut(kind, of, most)
        else:
            yield watched_use(place, of, kind, metric, (share, most), thresholds)


def _shares(machine: Machine, thresholds: AlarmThresholds) -> dict[AlarmKind, float]:
    disk = thresholds.disk
    if disk is None:
        disk = _DISK_CAPTURING if machine.is_capturing else _DISK
    return {
        AlarmKind.CPU: thresholds.cpu,
        AlarmKind.MEMORY: thresholds.memory,
        AlarmKind.DISK: disk,
        AlarmKind.GPU: thresholds.gpu,
        AlarmKind.GPU_MEMORY: thresholds.gpu_memory,
    }


def _metric_of(kind: AlarmKind, place: Place) -> PublishedMetric:
    if place.hosting is Hosting.INFERENCE_COMPONENTS:
        return _OF_COMPONENTS.get(kind, _METRICS[kind])
    return _METRICS[kind]


def _most(metric: PublishedMetric, machine: Machine) -> float | str:
    """The number that stands for all of it, or why that is not known."""
    most = metric.range.most or 0
    if metric.range.per is None:
        if metric.needs is Feature.GPU and not machine.types:
            return "the instance type is not known, so neither is whether it has GPUs"
        return most
    unit = "vCPUs" if metric.range.per is Per.VCPU else "GPUs"
    if not machine.types or not all(each.is_known for each in machine.types):
        return f"the instance type is not known, so neither is its number of {unit}"
    counts = {_count(metric.range.per, each) for each in machine.types}
    if len(counts) > 1:
        return f"the instance types differ in their number of {unit}"
    return most * counts.pop()


def _count(per: Per, instance_type: InstanceType) -> int:
    return (instance_type.vcpus if per is Per.VCPU else instance_type.gpus) or 0


def watched_use(  # noqa: PLR0913, PLR0917 - what an alarm needs
    place: Place,
    of: str,
    kind: AlarmKind,
    metric: PublishedMetric,
    part: tuple[float, float],
    thresholds: AlarmThresholds,
) -> Watch:
    """The use of something: more than a share of the number that stands for all of it."""
    share, most = part
    statistic = "Average" if kind in _OF_ALL else "Maximum"
    intervals, bad = thresholds.utilization_intervals, thresholds.bad_utilization_intervals
    return Watch(
        kind=kind,
        of=of,
        metric=reading(place, metric, statistic),
        threshold=round(share * most, 6),
        periods=intervals,
        bad_periods=bad,
        seconds=place.period_of(metric),
        told=f"more than {share * 100:g}% {_TOLD[kind]}",
    )
