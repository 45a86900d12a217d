"""Rows: what is used of instances, by variants and by inference components.

That the count of samples is the number of instances is on the page
``async-inference-troubleshooting``.
"""

from __future__ import annotations

from typing import Final

import attrs

from cdk_epc.catalog.metrics._shorthands import (
    BY_COMPONENT,
    BY_HOST,
    BY_VARIANT,
    COMPONENTS,
    INSTANCES,
    PER_GPU,
    PER_VCPU,
    PERCENT,
    SERVERLESS,
    SPREAD,
)
from cdk_epc.catalog.metrics.published_metric import (
    Feature,
    Namespace,
    PublishedMetric,
    Statistic,
    Unit,
)

CPU_UTILIZATION: Final = PublishedMetric(
    name="CPUUtilization",
    namespace=Namespace.ENDPOINTS,
    by=BY_HOST,
    hosting=INSTANCES,
    unit=Unit.PERCENT,
    statistics=SPREAD | {Statistic.SAMPLE_COUNT},
    default=Statistic.AVERAGE,
    range=PER_VCPU,
    about="CPU in use, 100 for each vCPU.",
)
MEMORY_UTILIZATION: Final = attrs.evolve(
    CPU_UTILIZATION,
    name="MemoryUtilization",
    hosting=INSTANCES | SERVERLESS,
    range=PERCENT,
    about="Memory in use.",
)
DISK_UTILIZATION: Final = attrs.evolve(
    MEMORY_UTILIZATION,
    name="DiskUtilization",
    by=BY_VARIANT,
    hosting=INSTANCES,
    statistics=SPREAD,
    about="Disk space in use. Above 75 percent nothing is captured.",
)
GPU_UTILIZATION: Final = attrs.evolve(
    DISK_UTILIZATION,
    name="GPUUtilization",
    range=PER_GPU,
    needs=Feature.GPU,
    about="GPU in use, 100 for each GPU.",
)
GPU_MEMORY_UTILIZATION: Final = attrs.evolve(
    GPU_UTILIZATION,
    name="GPUMemoryUtilization",
    about="GPU memory in use, 100 for each GPU.",
)
CPU_RESERVATION: Final = PublishedMetric(
    name="CPUReservation",
    namespace=Namespace.ENDPOINTS,
    by=BY_VARIANT,
    hosting=COMPONENTS,
    unit=Unit.PERCENT,
    statistics=SPREAD,
    default=Statistic.AVERAGE,
    range=PERCENT,
    about="CPU that components have reserved.",
)
MEMORY_RESERVATION: Final = attrs.evolve(
    CPU_RESERVATION, name="MemoryReservation", about="Memory that components have reserved."
)
GPU_RESERVATION: Final = attrs.evolve(
    CPU_RESERVATION,
    name="GPUReservation",
    needs=Feature.GPU,
    about="GPUs that components have reserved.",
)
CPU_UTILIZATION_NORMALIZED: Final = attrs.evolve(
    CPU_RESERVATION,
    name="CPUUtilizationNormalized",
    about="CPU in use, 100 for all vCPUs together.",
)
GPU_UTILIZATION_NORMALIZED: Final = attrs.evolve(
    GPU_RESERVATION,
    name="GPUUtilizationNormalized",
    about="GPU in use, 100 for all GPUs together.",
)
GPU_MEMORY_UTILIZATION_NORMALIZED: Final = attrs.evolve(
    GPU_RESERVATION,
    name="GPUMemoryUtilizationNormalized",
    about="GPU memory in use, 100 for all GPUs together.",
)
COMPONENT_CPU_UTILIZATION: Final = attrs.evolve(
    CPU_UTILIZATION_NORMALIZED,
    namespace=Namespace.COMPONENTS,
    by=BY_COMPONENT,
    about="CPU that a component uses of what it reserved.",
)
COMPONENT_MEMORY_UTILIZATION: Final = attrs.evolve(
    COMPONENT_CPU_UTILIZATION,
    name="MemoryUtilizationNormalized",
    about="Memory that a component uses of what it reserved.",
)
COMPONENT_GPU_UTILIZATION: Final = attrs.evolve(
    GPU_UTILIZATION_NORMALIZED,
    namespace=Namespace.COMPONENTS,
    by=BY_COMPONENT,
    about="GPU that a component uses of what it reserved.",
)
COMPONENT_GPU_MEMORY_UTILIZATION: Final = attrs.evolve(
    GPU_MEMORY_UTILIZATION_NORMALIZED,
    namespace=Namespace.COMPONENTS,
    by=BY_COMPONENT,
    about="GPU memory that a component uses of what it reserved.",
)
ROWS: Final = (
    CPU_UTILIZATION,
    MEMORY_UTILIZATION,
    DISK_UTILIZATION,
    GPU_UTILIZATION,
    GPU_MEMORY_UTILIZATION,
    CPU_RESERVATION,
    MEMORY_RESERVATION,
    GPU_RESERVATION,
    CPU_UTILIZATION_NORMALIZED,
    GPU_UTILIZATION_NORMALIZED,
    GPU_MEMORY_UTILIZATION_NORMALIZED,
    COMPONENT_CPU_UTILIZATION,
    COMPONENT_MEMORY_UTILIZATION,
    COMPONENT_GPU_UTILIZATION,
    COMPONENT_GPU_MEMORY_UTILIZATION,
)
