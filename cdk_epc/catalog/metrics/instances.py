"""Metrics of the resources of instances, by variant and by inference component.

The sample count of these metrics is the number of instances; source: developer guide, page
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
    dimension_sets=BY_HOST,
    endpoint_kinds=INSTANCES,
    unit=Unit.PERCENT,
    statistics=SPREAD | {Statistic.SAMPLE_COUNT},
    default=Statistic.AVERAGE,
    range=PER_VCPU,
    description="CPU in use, 100 for each vCPU.",
)
MEMORY_UTILIZATION: Final = attrs.evolve(
    CPU_UTILIZATION,
    name="MemoryUtilization",
    endpoint_kinds=INSTANCES | SERVERLESS,
    range=PERCENT,
    description="Memory in use.",
)
DISK_UTILIZATION: Final = attrs.evolve(
    MEMORY_UTILIZATION,
    name="DiskUtilization",
    dimension_sets=BY_VARIANT,
    endpoint_kinds=INSTANCES,
    statistics=SPREAD,
    description="Disk space in use. Above 75 percent, data capture stops.",
)
GPU_UTILIZATION: Final = attrs.evolve(
    DISK_UTILIZATION,
    name="GPUUtilization",
    range=PER_GPU,
    requires=Feature.GPU,
    description="GPU in use, 100 for each GPU.",
)
GPU_MEMORY_UTILIZATION: Final = attrs.evolve(
    GPU_UTILIZATION,
    name="GPUMemoryUtilization",
    description="GPU memory in use, 100 for each GPU.",
)
CPU_RESERVATION: Final = PublishedMetric(
    name="CPUReservation",
    namespace=Namespace.ENDPOINTS,
    dimension_sets=BY_VARIANT,
    endpoint_kinds=COMPONENTS,
    unit=Unit.PERCENT,
    statistics=SPREAD,
    default=Statistic.AVERAGE,
    range=PERCENT,
    description="CPU reserved by inference components.",
)
MEMORY_RESERVATION: Final = attrs.evolve(
    CPU_RESERVATION,
    name="MemoryReservation",
    description=("Memory reserved by inference components."),
)
GPU_RESERVATION: Final = attrs.evolve(
    CPU_RESERVATION,
    name="GPUReservation",
    requires=Feature.GPU,
    description="GPUs reserved by inference components.",
)
CPU_UTILIZATION_NORMALIZED: Final = attrs.evolve(
    CPU_RESERVATION,
    name="CPUUtilizationNormalized",
    description="CPU in use, 100 for all vCPUs together.",
)
GPU_UTILIZATION_NORMALIZED: Final = attrs.evolve(
    GPU_RESERVATION,
    name="GPUUtilizationNormalized",
    description="GPU in use, 100 for all GPUs together.",
)
GPU_MEMORY_UTILIZATION_NORMALIZED: Final = attrs.evolve(
    GPU_RESERVATION,
    name="GPUMemoryUtilizationNormalized",
    description="GPU memory in use, 100 for all GPUs together.",
)
COMPONENT_CPU_UTILIZATION: Final = attrs.evolve(
    CPU_UTILIZATION_NORMALIZED,
    namespace=Namespace.COMPONENTS,
    dimension_sets=BY_COMPONENT,
    description="CPU in use by a component, as a share of its reservation.",
)
COMPONENT_MEMORY_UTILIZATION: Final = attrs.evolve(
    COMPONENT_CPU_UTILIZATION,
    name="MemoryUtilizationNormalized",
    description="Memory in use by a component, as a share of its reservation.",
)
COMPONENT_GPU_UTILIZATION: Final = attrs.evolve(
    GPU_UTILIZATION_NORMALIZED,
    namespace=Namespace.COMPONENTS,
    dimension_sets=BY_COMPONENT,
    description="GPU in use by a component, as a share of its reservation.",
)
COMPONENT_GPU_MEMORY_UTILIZATION: Final = attrs.evolve(
    GPU_MEMORY_UTILIZATION_NORMALIZED,
    namespace=Namespace.COMPONENTS,
    dimension_sets=BY_COMPONENT,
    description="GPU memory in use by a component, as a share of its reservation.",
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
