"""Subjects of the rules about updates, from the comparison of two apps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from cdk_epc.spec import (
    EndpointConfigSpec,
    EndpointSpec,
    InferenceComponentSpec,
    ModelSpec,
    Path,
    Spec,
)
from cdk_epc.spec.context import EndpointContext
from cdk_epc.spec.fields import aws_steps
from cdk_epc.spec.scaling import ScalingPolicySpec
from cdk_epc.spec.unresolved import is_list, is_mapping, items_of
from cdk_epc.spec.updates import (
    ComponentUpdate,
    EndpointUpdate,
    FleetUpdate,
    LiveVariant,
    PolicyUpdate,
    ResourceReplacement,
    ScaledVariant,
    StaleName,
    UpdateSubject,
)
from cdk_epc.templates.app import COMPONENT, CONFIG, ENDPOINT, MODEL, NAME_PROPERTIES
from cdk_epc.templates.context.iam import referenced_role
from cdk_epc.templates.context.models import model_names
from cdk_epc.templates.context.scaled_resources import (
    POLICY,
    is_of_sagemaker,
    named_component,
    targets_on_variants,
)
from cdk_epc.templates.context.scaling import policy_target, referenced_target
from cdk_epc.templates.expressions import names_in
from cdk_epc.templates.positions import expression_at
from cdk_epc.templates.references import (
    ResourceKey,
    ResourceRef,
    is_weak_import,
    named_resource,
    properties_of,
    spec_of,
)
from cdk_epc.templates.scenarios import Evaluation
from cdk_epc.updates.comparison import (
    IMPORT,
    STACK_OUTPUT,
    Comparison,
    has_key,
    referenced_key,
)

Located: TypeAlias = tuple[ResourceKey, UpdateSubject]
"""A subject with the new resource at which its findings are reported."""

_SPECS: Final[Mapping[str, type[Spec]]] = {CONFIG: EndpointConfigSpec, MODEL: ModelSpec}
_NAME_OF_CONFIG: Final[Path] = ("endpoint_config_name",)
_KEY_MEMBERS: Final = ("EndpointName", "VariantName", NAME_PROPERTIES[COMPONENT])
_OF_STACK: Final = frozenset(
    {"AWS::StackName", "AWS::StackId", "AWS::Region", "AWS::AccountId", "AWS::Partition"}
)
"""Pseudo parameters that no update of a stack changes."""
_BASE: Final[Path] = ("Specification", "BaseInferenceComponentName")


class Live:
    """Facts about running endpoints that no template has, by logical id in the old app.

    Attributes:
        status: Status of each endpoint.
        variants: Variants of each endpoint by name.
    """

    def __init__(self) -> None:
        """Create facts about no endpoint."""
        self.status: dict[str, str] = {}
        self.variants: dict[str, dict[str, LiveVariant]] = {}


def subjects_of_update(comparison: Comparison, live: Live) -> Iterator[Located]:
    """Yield every subject, without the moved resources."""
    new = comparison.pairs.new
    for template, logical_id in new.of_type(ENDPOINT):
        yield from _of_endpoint(comparison, (template.index, logical_id), live)
    importers = _importers(comparison)
    for type_ in (CONFIG, MODEL):
        for template, logical_id in new.of_type(type_):
            yield from _of_replacement(comparison, (template.index, logical_id), type_, importers)
    for template, logical_id in new.of_type(COMPONENT):
        yield from _of_component(comparison, (template.index, logical_id))
    for template, logical_id in new.of_type(POLICY):
        yield from _of_policy(comparison, (template.index, logical_id))


def config_of(evaluation: Evaluation, endpoint: str) -> ResourceRef | None:
    """Return the configuration of an endpoint, if it is a resource of the app."""
    read = spec_of(evaluation, endpoint, EndpointSpec)
    if read is None:
        return None
    name = read[0].endpoint_config_name
    return named_resource(evaluation, CONFIG, name, (endpoint, (NAME_PROPERTIES[CONFIG],)))


def _of_endpoint(comparison: Comparison, key: ResourceKey, live: Live) -> Iterator[Located]:
    changes = comparison.changes(key)
    old_key = comparison.updated(key)
    if old_key is None:
        return
    old, new = comparison.old_evaluation(old_key[0]), comparison.new_evaluation(key[0])
    left, right = spec_of(old, old_key[1], EndpointSpec), spec_of(new, key[1], EndpointSpec)
    if left is None or right is None:
        return
    yield from _stale_config(comparison, (old, old_key[1]), (new, key[1]), right[0])
    old_config, new_config = config_of(old, old_key[1]), config_of(new, key[1])
    if new_config is not None:
        yield from _stale_models(comparison, new_config)
    if not changes:
        return
    before, after = config_spec(old_config), config_spec(new_config)
    fleet = None
    is_replaced = bool(comparison.replacing(key))
    is_new_config = any(each.path[0] == NAME_PROPERTIES[CONFIG] for each in changes)
    # A replaced endpoint is another one, with a fleet of its own.
    if (
        is_new_config
        and not is_replaced
        and before is not None
        and after is not None
        and new_config is not None
    ):
        scaling = targets_on_variants(ResourceRef(new, key[1]))
        fleet = FleetUpdate(
            endpoint=right[0],
            old_endpoint=left[0],
            old=before,
            new=after,
            scaled=_scaled(ResourceRef(old, old_key[1]), before, after),
            stays_scaled=frozenset(name for name, _ in scaling),
            live=live.variants.get(old_key[1], {}),
            has_only_default_changes=_has_only_default_changes(comparison, new_config.key),
        )
        yield new_config.key, fleet
    yield (
        key,
        EndpointUpdate(
            old=EndpointContext(endpoint=left[0]),
            new=EndpointContext(endpoint=right[0]),
            fleet=fleet,
            is_replaced=is_replaced,
            status=live.status.get(old_key[1]),
            removed_roles=tuple(_removed_roles(comparison, old_config)),
            removed_network=tuple(_removed_network(comparison, old_config)),
        ),
    )


def config_spec(config: ResourceRef | None) -> EndpointConfigSpec | None:
    """Return the spec of a configuration; ``None`` if it is not known."""
    read = spec_of(config.evaluation, config.logical_id, EndpointConfigSpec) if config else None
    return read[0] if read is not None else None


def _has_only_default_changes(comparison: Comparison, config: ResourceKey) -> bool:
    changes = comparison.replacing(config)
    if any(each.cause is None and not each.is_default for each in changes):
        return False
    causes = {each.cause for each in changes if each.cause is not None}
    return bool(changes) and all(_has_only_default_changes(comparison, key) for key in causes)


def _scaled(
    endpoint: ResourceRef, before: EndpointConfigSpec, after: EndpointConfigSpec
) -> dict[str, ScaledVariant]:
    """Return the variants of the old configuration with a scalable target, by name."""
    variants = {
        each.variant_name: each
        for _, each in before.production()
        if isinstance(each.variant_name, str)
    }
    later = {
        each.variant_name: (path[1], each)
        for path, each in after.production()
        if isinstance(each.variant_name, str)
    }
    found: dict[str, ScaledVariant] = {}
    for name, target in targets_on_variants(endpoint):
        if name in variants:
            index, changed = later.get(name, (None, None))
            found[name] = ScaledVariant(
                variant=variants[name],
                target=referenced_target(target.evaluation, target.logical_id),
                index=index if isinstance(index, int) else None,
                changed=changed,
            )
    return found


def _old_models(config: ResourceRef | None) -> Iterator[tuple[ResourceRef, ModelSpec]]:
    spec = config_spec(config)
    if config is None or spec is None:
        return
    for path, value, _ in model_names(spec):
        at = (config.logical_id, aws_steps(path, EndpointConfigSpec))
        found = named_resource(config.evaluation, MODEL, value, at)
        read = spec_of(found.evaluation, found.logical_id, ModelSpec) if found else None
        if found is not None and read is not None:
            yield found, read[0]


def _removed_roles(comparison: Comparison, config: ResourceRef | None) -> Iterator[str]:
    """Yield the execution roles of the old configuration and its models that the update removes."""
    spec = config_spec(config)
    if config is None or spec is None:
        return
    values = [(config.evaluation, spec.execution_role_arn)]
    values += [(each.evaluation, model.execution_role_arn) for each, model in _old_models(config)]
    seen: set[ResourceKey] = set()
    for evaluation, value in values:
        role = referenced_role(evaluation, value)
        if role is not None and role.key not in seen and comparison.is_deleted(role.key):
            seen.add(role.key)
            yield role.logical_id


def _removed_network(comparison: Comparison, config: ResourceRef | None) -> Iterator[str]:
    """Yield the subnets and security groups of the old models that the update removes."""
    seen: set[ResourceKey] = set()
    for found, model in _old_models(config):
        network = model.vpc_config
        values = (
            *items_of(getattr(network, "subnets", None)),
            *items_of(getattr(network, "security_group_ids", None)),
        )
        for value in values:
            key = referenced_key(found.evaluation, value)
            if key is not None and key not in seen and comparison.is_deleted(key):
                seen.add(key)
                yield key[1]


def _stale_config(
    comparison: Comparison,
    old: tuple[Evaluation, str],
    new: tuple[Evaluation, str],
    endpoint: EndpointSpec,
) -> Iterator[Located]:
    name = endpoint.endpoint_config_name
    node = new[0].template.raw_property(new[1], NAME_PROPERTIES[CONFIG])
    if not isinstance(name, str) or not isinstance(node, str) or comparison.pairs.is_described:
        return
    before = named_resource(old[0], CONFIG, name, (old[1], (NAME_PROPERTIES[CONFIG],)))
    after = named_resource(new[0], CONFIG, name, (new[1], (NAME_PROPERTIES[CONFIG],)))
    if before is not None and after is None:
        stale = StaleName(
            new=endpoint, path=_NAME_OF_CONFIG, name=name, logical_id=before.logical_id
        )
        yield (new[0].template.index, new[1]), stale


def _stale_models(comparison: Comparison, config: ResourceRef) -> Iterator[Located]:
    spec = config_spec(config)
    old_key = comparison.updated(config.key)
    if spec is None or old_key is None or comparison.pairs.is_described:
        return
    old = comparison.old_evaluation(old_key[0])
    for path, name, _ in model_names(spec):
        at = (config.logical_id, aws_steps(path, EndpointConfigSpec))
        if isinstance(name, str) and isinstance(expression_at(config.evaluation, *at), str):
            before = named_resource(old, MODEL, name)
            if before is not None and named_resource(config.evaluation, MODEL, name) is None:
                yield (
                    config.key,
                    StaleName(new=spec, path=path, name=name, logical_id=before.logical_id),
                )


def _importers(comparison: Comparison) -> dict[ResourceKey, tuple[list[str], list[str]]]:
    """Return the resources of other stacks that import or read the name of each resource."""
    found: dict[ResourceKey, tuple[list[str], list[str]]] = {}
    new = comparison.pairs.new
    for type_ in (ENDPOINT, CONFIG, COMPONENT):
        for template, logical_id in new.of_type(type_):
            raw = template.raw_properties(logical_id)
            if not has_key(raw, IMPORT) and not has_key(raw, STACK_OUTPUT):
                continue
            key = (template.index, logical_id)
            old_key = comparison.updated(key)
            if old_key is None:
                continue
            old, evaluation = (
                comparison.old_evaluation(old_key[0]),
                comparison.new_evaluation(template.index),
            )
            before = {
                referenced_key(old, value) for value in _leaves(properties_of(old, old_key[1]))
            }
            for value in _leaves(properties_of(evaluation, logical_id)):
                target = referenced_key(evaluation, value)
                # A resource that the deployed app does not read yet may change.
                is_read = target is not None and comparison.pairs.old_of(target) in before
                if target is not None and is_read and target[0] != template.index:
                    strong, weak = found.setdefault(target, ([], []))
                    if is_weak_import(value):
                        weak.append(logical_id)
                    elif has_key(getattr(value, "expression", None), IMPORT):
                        strong.append(logical_id)
    return found


def _leaves(value: object) -> Iterator[object]:
    pending = [value]
    while pending:
        each = pending.pop()
        if is_mapping(each):
            pending.extend(each.values())
        elif is_list(each):
            pending.extend(each)
        else:
            yield each


def _of_replacement(
    comparison: Comparison,
    key: ResourceKey,
    type_: str,
    importers: Mapping[ResourceKey, tuple[list[str], list[str]]],
) -> Iterator[Located]:
    changes = comparison.replacing(key)
    if not changes:
        return
    evaluation = comparison.new_evaluation(key[0])
    read = spec_of(evaluation, key[1], _SPECS[type_])
    properties = properties_of(evaluation, key[1])
    if read is None or not is_mapping(properties):
        return
    member = NAME_PROPERTIES[type_]
    name = properties.get(member)
    is_kept = _is_fixed(evaluation.template.raw_property(key[1], member)) and all(
        each.path[0] != member for each in changes
    )
    strong, weak = importers.get(key, ([], []))
    yield (
        key,
        ResourceReplacement(
            new=read[0],
            name=(name if isinstance(name, str) else "its name") if is_kept else None,
            changed=tuple(each.name for each in changes),
            importers=tuple(dict.fromkeys(strong)),
            weak_readers=tuple(dict.fromkeys(weak)),
            is_retained=not comparison.deletes_old(key),
        ),
    )


def _is_fixed(node: object) -> bool:
    """Return whether a name is a literal, or consists of literals and facts about the stack."""
    if isinstance(node, str):
        return True
    is_text = is_mapping(node) and node.keys() <= {"Fn::Sub", "Fn::Join", "Ref"}
    return is_text and {name for _, name in names_in(node)} <= _OF_STACK


def _of_component(comparison: Comparison, key: ResourceKey) -> Iterator[Located]:
    old_key = comparison.updated(key)
    if old_key is None:
        return
    old, new = comparison.old_evaluation(old_key[0]), comparison.new_evaluation(key[0])
    left = spec_of(old, old_key[1], InferenceComponentSpec)
    right = spec_of(new, key[1], InferenceComponentSpec)
    if left is None or right is None:
        return
    changed = {
        str(each.path[-1])
        for each in comparison.changes(key)
        if each.path[0] in _KEY_MEMBERS or each.path == _BASE
    }
    base = _deleted_base(comparison, old, left[0])
    endpoint = named_resource(old, ENDPOINT, left[0].endpoint_name)
    is_deleted = endpoint is not None and comparison.is_deleted(endpoint.key)
    if changed or base is not None or is_deleted:
        yield (
            key,
            ComponentUpdate(
                old=left[0],
                new=right[0],
                changed=frozenset(changed),
                deleted_base=base,
                deleted_endpoint=endpoint.logical_id if endpoint and is_deleted else None,
            ),
        )


def _of_policy(comparison: Comparison, key: ResourceKey) -> Iterator[Located]:
    """Yield a policy that loses its target: policies of another stack name it by a literal."""
    old_key = comparison.updated(key)
    if old_key is None or comparison.replacing(key):
        return
    target = policy_target(comparison.old_evaluation(old_key[0]), old_key[1])
    if target is None or not is_of_sagemaker(target.evaluation.template, target.logical_id):
        return
    remaining = comparison.remaining(target.key)
    new = comparison.new_evaluation(key[0])
    is_gone = comparison.deletes_old(remaining) if remaining else comparison.is_deleted(target.key)
    if is_gone and policy_target(new, key[1]) is None:
        read = spec_of(new, key[1], ScalingPolicySpec)
        if read is not None:
            yield key, PolicyUpdate(new=read[0], removed_target=target.logical_id)


def _deleted_base(
    comparison: Comparison, old: Evaluation, component: InferenceComponentSpec
) -> str | None:
    name = getattr(component.specification, "base_inference_component_name", None)
    base = named_component(old, name) if name is not None else None
    return base.logical_id if base is not None and comparison.is_deleted(base.key) else None
