"""Rules on an inference component with its endpoint, base component, models and scalable target."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Final

import attrs

from cdk_epc._records import Record
from cdk_epc.catalog.instances import InstanceType
from cdk_epc.rules.adapters import is_same
from cdk_epc.rules.components import compute_of
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import (
    ComponentRuntimeConfig,
    InstanceTypeSpecification,
    Path,
    ProductionVariant,
    VpcConfig,
)
from cdk_epc.spec.context import ConfigContext, InferenceComponentContext, ReferencedModel
from cdk_epc.spec.unresolved import (
    is_integer,
    is_number,
    is_resolved,
    is_set,
    is_string,
    is_unresolved,
    items_of,
)

_API: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateInferenceComponent.html"
)
_GUIDE: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints-deploy-models.html"
)
_NOT_SUPPORTED: Final = "https://github.com/pulumi/pulumi-aws/issues/4940"
_NOT_DELETED: Final = "https://github.com/gruntwork-io/cloud-nuke/issues/1142"
_SCALING: Final = (
    "https://docs.aws.amazon.com/autoscaling/application/userguide/"
    "services-that-can-integrate-sagemaker.html"
)
_COPIES: Final = "sagemaker:inference-component:DesiredCopyCount"
_MIB: Final = 1024  # in a GiB
_ABOUT: Final = (InferenceComponentContext,)


def hosts_of(subject: InferenceComponentContext) -> list[tuple[Path, ProductionVariant]]:
    """Return the known variants on which SageMaker may place the component."""
    if subject.config is None:
        return []
    name, variants = subject.component.variant_name, list(subject.config.config.production())
    if name is None:
        return variants
    if not is_resolved(name):
        return []
    return [(path, each) for path, each in variants if each.variant_name == name]


def _host_types(subject: InferenceComponentContext) -> list[str]:
    """Return the instance types of these variants; none if one of them is not known."""
    variants = dict(hosts_of(subject))
    if subject.config is None or not variants:
        return []
    types = [name for path, name in subject.config.config.instance_types() if path[:2] in variants]
    expected = sum(max(1, len(items_of(each.instance_pools))) for each in variants.values())
    return list(dict.fromkeys(types)) if len(types) == expected else []


@rule(
    id="component-endpoint-with-model",
    title="A component must be on an endpoint whose variants have no model",
    why="The deployment fails with: Inference Components are not supported in this Endpoint.",
    fix="Remove the models from the configuration's variants, and set its execution role.",
    evidence=Evidence.REAL_ERROR,
    source_url=_NOT_SUPPORTED,
    about=_ABOUT,
    requires=("config",),
)
def component_endpoint_with_model(subject: InferenceComponentContext) -> Iterator[Violation]:
    variants = hosts_of(subject)
    with_model = [each for _, each in variants if is_set(each.model_name)]
    if variants and len(with_model) == len(variants):
        name = with_model[0].variant_name
        variant = f"its variant {name!r}" if is_string(name) else "a variant"
        yield Violation(
            path=("endpoint_name",),
            got=Words("an endpoint whose variants have models"),
            sentence=f"the endpoint cannot host inference components, because {variant} has a "
            "model",
            fix="Remove the model from the variant, and set the execution role of the "
            "configuration.",
            python_fix="Add the variant with add_inference_component_variant().",
        )


@rule(
    id="component-variant-unknown",
    title="A component must name a production variant of its endpoint",
    why="The API reference requires the name of an existing production variant.",
    fix="Use the name of a production variant of the endpoint's configuration.",
    evidence=Evidence.DOCUMENTED,
    source_url=_API,
    about=_ABOUT,
    requires=("config",),
)
def component_variant_unknown(subject: InferenceComponentContext) -> Iterator[Violation]:
    name = subject.component.variant_name
    if subject.config is None or not isinstance(name, str) or is_unresolved(name):
        return
    config = subject.config.config
    names = [each.variant_name for _, each in config.production()]
    # The name may be that of a variant that is not known.
    is_partial = not names or len(names) < len(items_of(config.production_variants))
    if is_partial or not all(map(is_resolved, names)):
        return
    if name not in names:
        known = ", ".join(map(str, names))
        yield Violation(
            path=("variant_name",),
            got=name,
            must=f"be a production variant of the endpoint: {known}",
            fix="Use the name of one of these variants.",
        )


@rule(
    id="component-type-unknown",
    title="A component should have specifications only for instance types of its variant",
    why="SageMaker never uses a specification for another type.",
    fix="Remove the item, or add the type to the variant's instance pools.",
    evidence=Evidence.INFERRED,
    source_url=_API,
    about=_ABOUT,
    requires=("config",),
    severity=Severity.WARNING,
)
def component_type_unknown(subject: InferenceComponentContext) -> Iterator[Violation]:
    types = _host_types(subject)
    for path, name in subject.component.instance_types():
        if types and name not in types:
            yield Violation(
                path=path,
                got=name,
                must=f"be an instance type of the variant: {', '.join(types)}",
                fix="Remove the item, or add the type to the variant's instance pools.",
            )


def _memory(type_: InstanceType) -> float | None:
    return None if type_.memory_gib is None else type_.memory_gib * _MIB


def _gpus(type_: InstanceType) -> float | None:
    """Return the number of GPUs; ``None`` for Neuron.

    AWS does not document whether a component counts Neuron in devices or in cores.
    """
    accelerator = type_.accelerator
    return type_.gpus if accelerator is None or accelerator.kind == "gpu" else None


@attrs.frozen(eq=False, repr=False)
class _Resource(Record):
    """Resource of an instance that a copy of a component requires.

    Attributes:
        member: Compute requirement of a copy.
        capacity: Capacity of an instance type; ``None`` if it is not known.
        unit: Unit of both.
    """

    member: str
    capacity: Callable[[InstanceType], float | None]
    unit: str


RESOURCES: Final = (
    _Resource("number_of_cpu_cores_required", lambda type_: type_.vcpus, "vCPUs"),
    _Resource("number_of_accelerator_devices_required", _gpus, "accelerators"),
    _Resource("min_memory_required_in_mb", _memory, "MiB"),
)


@rule(
    id="component-does-not-fit",
    title="A copy of a component should fit on an instance",
    why="SageMaker can never place a copy, and the component never comes into service.",
    fix="Use a larger instance type, or lower the compute requirements.",
    evidence=Evidence.INFERRED,
    source_url=_API,
    about=_ABOUT,
    requires=("compute_resource_requirements",),
    severity=Severity.WARNING,
)
def component_does_not_fit(subject: InferenceComponentContext) -> Iterator[Violation]:
    for path, specification, compute in compute_of(subject.component):
        types = host_types_of(subject, specification)
        for resource in RESOURCES:
            required = getattr(compute, resource.member)
            largest = largest_capacity(resource, types)
            if is_number(required) and largest is not None and required > largest[0]:
                capacity, name = largest
                yield Violation(
                    path=(*path, resource.member),
                    got=required,
                    must=f"not exceed the {capacity:g} {resource.unit} of {name}",
                    fix="Use a larger instance type, or lower the compute requirements.",
                )


@rule(
    id="component-uses-every-vcpu",
    title="A copy of a component should leave a part of a vCPU free",
    why="SageMaker uses a part of the instance itself. One guide saw copies that require every "
    "vCPU fail with: Not enough hardware resources.",
    fix="Require fewer vCPUs than the instance has.",
    evidence=Evidence.REAL_ERROR,
    source_url=_GUIDE,
    about=_ABOUT,
    requires=("compute_resource_requirements",),
    severity=Severity.WARNING,
)
def component_uses_every_vcpu(subject: InferenceComponentContext) -> Iterator[Violation]:
    for path, specification, compute in compute_of(subject.component):
        types = host_types_of(subject, specification)
        required = compute.number_of_cpu_cores_required
        if len(types) == 1 and is_number(required):
            vcpus = InstanceType.of(types[0]).vcpus
            if vcpus is not None and required == vcpus:
                yield Violation(
                    path=(*path, "number_of_cpu_cores_required"),
                    got=required,
                    must=f"be less than the {vcpus:g} vCPUs of {types[0]}, because SageMaker uses "
                    "a part of them",
                    fix="Require fewer vCPUs than the instance has.",
                )


def host_types_of(subject: InferenceComponentContext, specification: object) -> list[str]:
    """Return the instance types to which a specification applies; none if they are unknown."""
    if isinstance(specification, InstanceTypeSpecification):
        type_ = specification.instance_type
        return [type_] if is_string(type_) else []
    return _host_types(subject)


def largest_capacity(resource: _Resource, types: Sequence[str]) -> tuple[float, str] | None:
    """Return the largest capacity with its type; ``None`` if that of one type is not known."""
    capacities = [(resource.capacity(InstanceType.of(name)), name) for name in types]
    known = [(capacity, name) for capacity, name in capacities if capacity is not None]
    return max(known) if known and len(known) == len(capacities) else None


@rule(
    id="component-endpoint-not-awaited",
    title="A component should be created after its endpoint",
    why="A literal name creates no dependency. CloudFormation creates both at the same time, and "
    "the component fails because its endpoint does not exist. On deletion, SageMaker refuses to "
    "delete an endpoint that still has a component.",
    fix="Use Fn::GetAtt with EndpointName of the endpoint, or add DependsOn.",
    evidence=Evidence.REAL_ERROR,
    source_url=_NOT_DELETED,
    about=_ABOUT,
    severity=Severity.WARNING,
    of_templates=True,
)
def component_endpoint_not_awaited(subject: InferenceComponentContext) -> Iterator[Violation]:
    name = subject.component.endpoint_name
    if not subject.depends_on_endpoint and is_resolved(name):
        yield Violation(
            path=("endpoint_name",),
            got=name,
            must="be a reference to the endpoint because a literal name creates no dependency",
            fix="Use Fn::GetAtt with EndpointName of the endpoint, or add DependsOn.",
            python_fix="Pass the Endpoint construct instead of its name.",
        )


@rule(
    id="component-model-mismatch",
    title="The model of a component should have the role, VPC and isolation of its endpoint",
    why="The developer guide asks for it, because the endpoint's configuration decides with which "
    "role and in which network the component runs.",
    fix="Set the same role, VPC and network isolation on the model and the configuration.",
    evidence=Evidence.DOCUMENTED,
    source_url=_GUIDE,
    about=_ABOUT,
    requires=("config", "models"),
    severity=Severity.WARNING,
)
def component_model_mismatch(subject: InferenceComponentContext) -> Iterator[Violation]:
    if subject.config is None:
        return
    for path, found in subject.models.items():
        for setting in _differences(subject.config, found):
            yield Violation(
                path=path,
                got=Words(f"a model with another {setting}"),
                sentence=f"the {setting} of model {found.logical_id} differs from that of the "
                "endpoint's configuration",
                fix=f"Set the same {setting} on the model and the configuration.",
            )


def _differences(subject: ConfigContext, found: ReferencedModel) -> Iterator[str]:
    """Yield the settings that surely differ between a configuration and a model."""
    config, model = subject.config, found.model
    role, model_role = config.execution_role_arn, model.execution_role_arn
    if role is not None and model_role is not None and is_same(role, model_role) is False:
        yield "execution role"
    if _is_other_vpc(config.vpc_config, model.vpc_config):
        yield "VPC"
    isolated, model_isolated = config.enable_network_isolation, model.enable_network_isolation
    if (
        not is_unresolved(isolated)
        and not is_unresolved(model_isolated)
        and bool(isolated) != bool(model_isolated)
    ):
        yield "network isolation"


def _is_other_vpc(one: object, other: object) -> bool:
    if isinstance(one, VpcConfig) and isinstance(other, VpcConfig):
        known = _network(one), _network(other)
        return None not in known and known[0] != known[1]
    return (one is None and isinstance(other, VpcConfig)) or (
        other is None and isinstance(one, VpcConfig)
    )


def _network(vpc: VpcConfig) -> tuple[frozenset[str], ...] | None:
    """Return subnets and security groups; ``None`` if one of them is not known."""
    lists = (vpc.subnets, vpc.security_group_ids)
    items = [items_of(each) for each in lists]
    if any(map(is_unresolved, lists)) or any(map(is_unresolved, chain(*items))):
        return None
    return tuple(frozenset(map(str, each)) for each in items)


@rule(
    id="component-copies-outside-scaling",
    title="A component should start with at least the minimum capacity of its scaling",
    why="Application Auto Scaling raises the number at once, and a stack update that changes the "
    "copy count sets it back.",
    fix="Start with the minimum capacity or more, and do not change the number later.",
    evidence=Evidence.INFERRED,
    source_url=_SCALING,
    about=_ABOUT,
    requires=("scalable_target",),
    severity=Severity.WARNING,
)
def component_copies_outside_scaling(subject: InferenceComponentContext) -> Iterator[Violation]:
    runtime, scaled = subject.component.runtime_config, subject.scalable_target
    if scaled is None or not isinstance(runtime, ComponentRuntimeConfig):
        return
    copies, minimum = runtime.copy_count, scaled.min_capacity
    if scaled.dimension not in (None, _COPIES) or not is_integer(copies) or not is_integer(minimum):
        return
    # `component-copies-zero` already reports 0 copies.
    if 0 < copies < minimum:
        yield Violation(
            path=("runtime_config", "copy_count"),
            got=copies,
            must=f"be {minimum} or more, the minimum capacity of {scaled.logical_id}",
            fix=f"Start with {minimum} copies or more, and do not change the number later: a "
            "change resets the copies to it.",
        )


RULES: Final = (
    component_endpoint_with_model,
    component_variant_unknown,
    component_type_unknown,
    component_does_not_fit,
    component_uses_every_vcpu,
    component_endpoint_not_awaited,
    component_model_mismatch,
    component_copies_outside_scaling,
)
