"""Requests of one deployment, which name each other's resources: the contexts of rules."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final, TypeVar

from cdk_epc.spec import (
    EndpointConfigSpec,
    EndpointSpec,
    InferenceComponentSpec,
    InstancePool,
    ModelDataSource,
    ModelSpec,
    Path,
    ProductionVariant,
    S3DataSource,
)
from cdk_epc.spec.alarm import AlarmSpec
from cdk_epc.spec.context import (
    AlarmContext,
    ConfigContext,
    EndpointContext,
    InferenceComponentContext,
    ModelContext,
    ReferencedModel,
    ReferencedTarget,
    ScalableTargetContext,
    ScalingPolicyContext,
    Subject,
)
from cdk_epc.spec.fields import Spec
from cdk_epc.spec.scaling import ScalableTargetSpec, ScalingPolicySpec
from cdk_epc.spec.unresolved import is_integer, is_string, items_of

S = TypeVar("S", bound=Spec)
V = TypeVar("V")

_VARIANT: Final = re.compile(r"endpoint/([^/]+)/variant/([^/]+)", re.ASCII)
_COMPONENT: Final = re.compile(r"inference-component/([^/]+)", re.ASCII)


class RelatedRequests:
    """Resources of the requests of one deployment."""

    def __init__(self, specs: Sequence[Spec], region: str | None = None) -> None:
        """Create the resources.

        Args:
            specs: Specs of the requests.
            region: Region of the deployment, if it is known.
        """
        self._specs = specs
        self._region = region
        self._by_type: dict[type[Spec], list[Any]] = {}
        self._by_name: dict[tuple[type[Spec], str], dict[str, Any]] = {}

    def subjects_of(self, spec: Spec) -> Iterator[Subject]:
        """Yield the subjects of a request: its spec, and the spec with its related resources."""
        yield from _of_spec(spec)
        if isinstance(spec, EndpointConfigSpec):
            yield self._config_context(spec)
        elif isinstance(spec, ModelSpec):
            yield self._model_context(spec)
        elif isinstance(spec, EndpointSpec):
            yield self._endpoint_context(spec)
        elif isinstance(spec, InferenceComponentSpec):
            yield self._component_context(spec)
        elif isinstance(spec, AlarmSpec):
            yield self._alarm_context(spec)
        elif isinstance(spec, ScalableTargetSpec):
            yield self._target_context(spec)
        elif isinstance(spec, ScalingPolicySpec):
            yield ScalingPolicyContext(policy=spec, target=self._target_of(spec))

    def _every(self, cls: type[S]) -> Iterator[S]:
        if cls not in self._by_type:
            self._by_type[cls] = [each for each in self._specs if isinstance(each, cls)]
        return iter(self._by_type[cls])

    def _named(self, cls: type[S], member: str, name: object) -> S | None:
        """Return the resource with a name."""
        if not is_string(name):
            return None
        key = (cls, member)
        if key not in self._by_name:
            named = [(getattr(each, member), each) for each in self._every(cls)]
            # In reverse order, so that the first one with a name stays.
            self._by_name[key] = {
                given: each for given, each in reversed(named) if isinstance(given, str)
            }
        found: S | None = self._by_name[key].get(name)
        return found

    def _endpoint(self, name: object) -> EndpointSpec | None:
        return self._named(EndpointSpec, "endpoint_name", name)

    def _config_of(self, endpoint: EndpointSpec | None) -> ConfigContext | None:
        name = None if endpoint is None else endpoint.endpoint_config_name
        config = self._named(EndpointConfigSpec, "endpoint_config_name", name)
        return None if config is None else self._config_context(config)

    def _referenced_models(self, names: Mapping[Path, object]) -> dict[Path, ReferencedModel]:
        return {
            path: ReferencedModel(model=model, logical_id=str(name))
            for path, name in names.items()
            if (model := self._named(ModelSpec, "model_name", name)) is not None
        }

    def _config_context(self, config: EndpointConfigSpec) -> ConfigContext:
        return ConfigContext(
            config=config,
            region=self._region,
            models=self._referenced_models(dict(_model_names(config))),
            scalable_targets=dict(self._variant_targets(config)),
        )

    def _variant_targets(
        self, config: EndpointConfigSpec
    ) -> Iterator[tuple[Path, ReferencedTarget]]:
        name = config.endpoint_config_name
        for variant_name, target in self._targets_by_config[name] if is_string(name) else ():
            for path, variant in config.variants():
                if variant.variant_name == variant_name:
                    yield path, _referenced_target(target)

    @cached_property
    def _targets_by_config(self) -> defaultdict[str, list[tuple[str, ScalableTargetSpec]]]:
        """Scalable targets of variants, with the name of the variant, by configuration."""
        return _grouped(
            (endpoint.endpoint_config_name, (found[2], target))
            for target in self._every(ScalableTargetSpec)
            if (found := _VARIANT.fullmatch(_resource_id(target))) is not None
            and (endpoint := self._endpoint(found[1])) is not None
        )

    @cached_property
    def _targets_by_resource(self) -> defaultdict[str, list[ScalableTargetSpec]]:
        return _grouped((_resource_id(each), each) for each in self._every(ScalableTargetSpec))

    @cached_property
    def _variants_by_model(self) -> defaultdict[str, list[ProductionVariant]]:
        return _grouped(
            (name, variant)
            for config in self._every(EndpointConfigSpec)
            for path, variant in config.variants()
            for name in {each for _, each in _names_of(path, variant) if is_string(each)}
        )

    @cached_property
    def _endpoint_names(self) -> defaultdict[str, list[str]]:
        """Names of endpoints, by the name in lower case."""
        names = [each.endpoint_name for each in self._every(EndpointSpec)]
        return _grouped((each.lower(), each) for each in names if is_string(each))

    def _model_context(self, model: ModelSpec) -> ModelContext:
        name = model.model_name
        variants = self._variants_by_model[name] if is_string(name) else ()
        return ModelContext(
            model=model, variants=tuple(variants), region=self._region, texts=dict(_texts(model))
        )

    def _endpoint_context(self, endpoint: EndpointSpec) -> EndpointContext:
        name = endpoint.endpoint_name
        similar = self._endpoint_names[name.lower()] if is_string(name) else ()
        return EndpointContext(
            endpoint=endpoint,
            config=self._config_of(endpoint),
            other_endpoint_names=frozenset(each for each in similar if each != name),
        )

    def _component_context(self, component: InferenceComponentSpec) -> InferenceComponentContext:
        endpoint = self._endpoint(component.endpoint_name)
        base = getattr(component.specification, "base_inference_component_name", None)
        resource_id = f"inference-component/{component.inference_component_name}"
        targets = map(_referenced_target, self._targets_by_resource[resource_id])
        names = {
            (*path, "model_name"): each.model_name for path, each in component.every_specification()
        }
        return InferenceComponentContext(
            component=component,
            endpoint=endpoint,
            config=self._config_of(endpoint),
            base=self._named(InferenceComponentSpec, "inference_component_name", base),
            models=self._referenced_models(names),
            scalable_target=next(targets, None),
            region=self._region,
        )

    def _alarm_context(self, alarm: AlarmSpec) -> AlarmContext:
        found: dict[Path, EndpointContext] = {}
        for use in alarm.metric_uses():
            for path, name, value in use.dimensions():
                endpoint = self._endpoint(value) if name == "EndpointName" else None
                if endpoint is not None:
                    found[path] = EndpointContext(
                        endpoint=endpoint, config=self._config_of(endpoint)
                    )
        return AlarmContext(alarm=alarm, endpoints=found)

    def _target_context(self, target: ScalableTargetSpec) -> ScalableTargetContext:
        resource_id = _resource_id(target)
        config = variant = component = None
        if (found := _VARIANT.fullmatch(resource_id)) is not None:
            config = self._config_of(self._endpoint(found[1]))
            variants = config.config.variants() if config else ()
            variant = next((path for path, each in variants if each.variant_name == found[2]), None)
        elif (found := _COMPONENT.fullmatch(resource_id)) is not None:
            component = self._named(InferenceComponentSpec, "inference_component_name", found[1])
        return ScalableTargetContext(
            target=target,
            logical_id=resource_id,
            config=config,
            variant=variant,
            component=component,
            resource_id_parts=(resource_id,) if resource_id else (),
        )

    def _target_of(self, policy: ScalingPolicySpec) -> ScalableTargetContext | None:
        members = ("resource_id", "scalable_dimension")
        for target in self._targets_by_resource[_resource_id(policy)]:
            if all(getattr(target, each) == getattr(policy, each) for each in members):
                return self._target_context(target)
        return None


def _of_spec(spec: Spec) -> Iterator[Subject]:
    """Yield a spec as a subject."""
    if isinstance(
        spec,
        EndpointConfigSpec
        | ModelSpec
        | EndpointSpec
        | InferenceComponentSpec
        | AlarmSpec
        | ScalableTargetSpec
        | ScalingPolicySpec,
    ):
        yield spec


def _grouped(pairs: Iterable[tuple[object, V]]) -> defaultdict[str, list[V]]:
    """Return the values by key, in their order; keys that are no known texts are left out."""
    found: defaultdict[str, list[V]] = defaultdict(list)
    for key, value in pairs:
        if is_string(key):
            found[key].append(value)
    return found


def _resource_id(scaling: ScalableTargetSpec | ScalingPolicySpec) -> str:
    return scaling.resource_id if is_string(scaling.resource_id) else ""


def _referenced_target(target: ScalableTargetSpec) -> ReferencedTarget:
    dimension = target.scalable_dimension
    minimum, maximum = target.min_capacity, target.max_capacity
    return ReferencedTarget(
        logical_id=_resource_id(target),
        dimension=dimension if is_string(dimension) else None,
        min_capacity=minimum if is_integer(minimum) else None,
        max_capacity=maximum if is_integer(maximum) else None,
    )


def _model_names(config: EndpointConfigSpec) -> Iterator[tuple[Path, object]]:
    for path, variant in config.variants():
        yield from _names_of(path, variant)


def _names_of(path: Path, variant: ProductionVariant) -> Iterator[tuple[Path, object]]:
    """Yield the names of the models that a variant and its pools run, each with its path."""
    yield (*path, "model_name"), variant.model_name
    for index, pool in enumerate(items_of(variant.instance_pools)):
        if isinstance(pool, InstancePool):
            place = (*path, "instance_pools", index, "model_name_override")
            yield place, pool.model_name_override


def _texts(model: ModelSpec) -> Iterator[tuple[Path, str]]:
    """Yield the ARN of the role, the images and the model data that are texts."""
    values: list[tuple[Path, Any]] = [(("execution_role_arn",), model.execution_role_arn)]
    for path, container in model.every_container():
        source = container.model_data_source
        data = source.s3_data_source if isinstance(source, ModelDataSource) else None
        values += [
            ((*path, "image"), container.image),
            ((*path, "model_data_url"), container.model_data_url),
        ]
        if isinstance(data, S3DataSource):
            values.append(((*path, "model_data_source", "s3_data_source", "s3_uri"), data.s3_uri))
    yield from ((path, value) for path, value in values if is_string(value))
