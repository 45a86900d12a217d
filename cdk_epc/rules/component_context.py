"""Rules of an inference component and what stands around it: endpoint, base, models, scaling."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import attrs

from cdk_epc.catalog.instances import InstanceType
from cdk_epc.rules.adapters import same
from cdk_epc.rules.components import compute_of
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import (
    ComponentRuntimeConfig,
    InferenceComponentSpec,
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


def fits(component: InferenceComponentSpec, types: Sequence[str]) -> Iterator[Violation]:
    """A fault for all that a copy takes too much of.

    Args:
        component: It.
        types: The types of the instances that it may be placed on; none if they are not known.
    """
    for path, specification, compute in compute_of(component):
        names = list(types)
        if isinstance(specification, InstanceTypeSpecification):
            own = specification.instance_type
            names = [own] if is_string(own) else []
        for resource in _RESOURCES:
            takes = getattr(compute, resource.member)
            best = _best(resource, names)
            if is_number(takes) and best is not None and takes > best[0]:
                most, name = best
                yield Violation(
                    path=(*path, resource.member),
                    got=takes,
                    must=f"be at most {most:g} {resource.words}, which is what {name} has",
                    fix="Take a larger instance type, or lower what a copy takes.",
                )


def _best(resource: _Resource, names: Sequence[str]) -> tuple[float, str] | None:
    """The most that one of these types has, if that is known of all of them."""
    found = [(resource.has(InstanceType.of(name)), name) for name in names]
    known = [(amount, name) for amount, name in found if amount is not None]
    return max(known) if known and len(known) == len(found) else None


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
_ABOUT: Final = (InferenceComponentContext,)


def hosts(subject: InferenceComponentContext) -> list[tuple[Path, ProductionVariant]]:
    """The variants that the component may be placed on, as far as the endpoint is in sight."""
    if subject.config is None:
        return []
    name, every = subject.component.variant_name, list(subject.config.config.production())
    if name is None:
        return every
    if not is_resolved(name):
        return []
    return [(path, each) for path, each in every if each.variant_name == name]


@rule(
    id="component-endpoint-with-model",
    title="A component is placed on an endpoint whose variants name no model",
    why="The service answers: Inference Components are not supported in this Endpoint.",
    fix="Leave the models out of the configuration's variants, and give it an execution role.",
    evidence=Evidence.REAL_ERROR,
    source_url=_NOT_SUPPORTED,
    about=_ABOUT,
)
def component_endpoint_with_model(subject: InferenceComponentContext) -> Iterator[Violation]:
    variants = hosts(subject)
    with_model = [each for _, each in variants if is_set(each.model_name)]
    if variants and len(with_model) == len(variants):
        yield Violation(
            path=("endpoint_name",),
            got=Words(f"an endpoint whose variant {with_model[0].variant_name} has a model"),
            must="be one of a configuration whose variants name no model",
            fix="Take the model out of the variant, and give the configuration an execution role.",
        )


@rule(
    id="component-variant-unknown",
    title="A component is placed on a production variant of its endpoint",
    why="The reference: the name of an existing production variant.",
    fix="Name a production variant of the endpoint's configuration.",
    evidence=Evidence.DOCUMENTED,
    source_url=_API,
    about=_ABOUT,
)
def component_variant_unknown(subject: InferenceComponentContext) -> Iterator[Violation]:
    name = subject.component.variant_name
    if subject.config is None or not isinstance(name, str) or is_unresolved(name):
        return
    variants = subject.config.config.production_variants
    names = [each.variant_name for _, each in subject.config.config.production()]
    if not names or len(names) < len(items_of(variants)) or any(map(_is_open, names)):
        return
    if name not in names:
        known = ", ".join(map(str, names))
        yield Violation(
            path=("variant_name",),
            got=name,
            must=f"be a production variant of the endpoint: {known}",
            fix="Name one of these.",
        )


def _is_open(name: object) -> bool:
    return name is None or is_unresolved(name)


@rule(
    id="component-type-unknown",
    title="A component says what it runs on types that its variant has",
    why="What it says of another type is never used.",
    fix="Take the item out, or add the type to the variant's pools.",
    evidence=Evidence.INFERRED,
    source_url=_API,
    about=_ABOUT,
    severity=Severity.WARNING,
)
def component_type_unknown(subject: InferenceComponentContext) -> Iterator[Violation]:
    types = _types(subject)
    for path, name in subject.component.instance_types():
        if types and name not in types:
            yield Violation(
                path=path,
                got=name,
                must=f"be a type of the variant's instances: {', '.join(types)}",
                fix="Take the item out, or add the type to the variant's pools.",
            )


def _types(subject: InferenceComponentContext) -> list[str]:
    """The types of all instances that the component may be placed on; none if one is not known."""
    variants = dict(hosts(subject))
    places = {path: variant.instance_type for path, variant in variants.items()}
    if subject.config is None or not variants:
        return []
    found = [
        (path[:2], name)
        for path, name in subject.config.config.instance_types()
        if path[:2] in places
    ]
    counted = sum(max(1, len(items_of(each.instance_pools))) for each in variants.values())
    return list(dict.fromkeys(name for _, name in found)) if len(found) == counted else []


@rule(
    id="component-does-not-fit",
    title="A copy of a component takes no more than an instance has",
    why="No copy would ever be placed, and the component would wait in vain for an instance.",
    fix="Take a larger instance type, or lower what a copy takes.",
    evidence=Evidence.INFERRED,
    source_url=_API,
    about=_ABOUT,
    severity=Severity.WARNING,
)
def component_does_not_fit(subject: InferenceComponentContext) -> Iterator[Violation]:
    yield from fits(subject.component, _types(subject))


@rule(
    id="component-endpoint-not-awaited",
    title="A component waits for its endpoint",
    why="A literal name is no reference: the component may be made first, which fails, and the "
    "endpoint may be deleted first, which SageMaker refuses while it has a component.",
    fix="Refer to the endpoint, or add DependsOn.",
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
            must="be a reference to the endpoint, so that it is there first and is deleted last",
            fix="Take Fn::GetAtt EndpointName of the endpoint, or add DependsOn.",
        )


@rule(
    id="component-model-mismatch",
    title="A component's model agrees with its endpoint on role, network and isolation",
    why="The guide has models chosen so: the endpoint's configuration says with what role and "
    "in what network the component runs.",
    fix="Give the model and the configuration the same role, network and isolation.",
    evidence=Evidence.DOCUMENTED,
    source_url=_GUIDE,
    about=_ABOUT,
    severity=Severity.WARNING,
)
def component_model_mismatch(subject: InferenceComponentContext) -> Iterator[Violation]:
    if subject.config is None:
        return
    for path, placed in subject.models.items():
        for what in _disagreements(subject.config, placed):
            yield Violation(
                path=path,
                got=Words(f"a model with another {what} than the endpoint's configuration"),
                must=f"be a model with the same {what}",
                fix=f"Give the model and the configuration the same {what}.",
            )


def _disagreements(config: ConfigContext, placed: ReferencedModel) -> Iterator[str]:
    ours, model = config.config, placed.model
    role, of_model = ours.execution_role_arn, model.execution_role_arn
    if role is not None and of_model is not None and same(role, of_model) is False:
        yield "execution role"
    if _networks_differ(ours.vpc_config, model.vpc_config):
        yield "network"
    isolated, model_isolated = ours.enable_network_isolation, model.enable_network_isolation
    if (
        not is_unresolved(isolated)
        and not is_unresolved(model_isolated)
        and bool(isolated) != bool(model_isolated)
    ):
        yield "isolation"


def _networks_differ(one: object, other: object) -> bool:
    if isinstance(one, VpcConfig) and isinstance(other, VpcConfig):
        known = _networks(one), _networks(other)
        return None not in known and known[0] != known[1]
    return (one is None and isinstance(other, VpcConfig)) or (
        other is None and isinstance(one, VpcConfig)
    )


def _networks(vpc: VpcConfig) -> tuple[frozenset[str], ...] | None:
    """Subnets and security groups, if all of them are known."""
    lists = (vpc.subnets, vpc.security_group_ids)
    items = [items_of(each) for each in lists]
    if any(is_unresolved(each) for each in lists) or any(
        map(is_unresolved, (i for x in items for i in x))
    ):
        return None
    return tuple(frozenset(map(str, each)) for each in items)


@rule(
    id="component-copies-outside-scaling",
    title="A component that is scaled begins within the bounds of the scaling",
    why="Scaling would correct the number at once, and an update of the stack that touches it "
    "would set it back.",
    fix="Begin within the bounds, and leave the number as it is from then on.",
    evidence=Evidence.INFERRED,
    source_url=_SCALING,
    about=_ABOUT,
    severity=Severity.WARNING,
)
def component_copies_outside_scaling(subject: InferenceComponentContext) -> Iterator[Violation]:
    runtime, scaled = subject.component.runtime_config, subject.scalable_target
    if scaled is None or not isinstance(runtime, ComponentRuntimeConfig):
        return
    copies, low = runtime.copy_count, scaled.min_capacity
    if scaled.dimension not in (None, _COPIES) or not is_integer(copies) or not is_integer(low):
        return
    if copies < low:
        yield Violation(
            path=("runtime_config", "copy_count"),
            got=copies,
            must=f"be {low} or more, the least number of {scaled.logical_id}",
            fix="Begin within the bounds of the scaling, and leave the number alone from then on: "
            "a change sets the copies back to it.",
        )


RULES: Final = (
    component_endpoint_with_model,
    component_variant_unknown,
    component_type_unknown,
    component_does_not_fit,
    component_endpoint_not_awaited,
    component_model_mismatch,
    component_copies_outside_scaling,
)
