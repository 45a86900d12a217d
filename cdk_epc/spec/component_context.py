"""Inference component with its related resources."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

import attrs

from cdk_epc.spec.component import InferenceComponentSpec
from cdk_epc.spec.context import ConfigContext, Context, ReferencedModel, ReferencedTarget
from cdk_epc.spec.empty import new_dict
from cdk_epc.spec.endpoint import EndpointSpec
from cdk_epc.spec.endpoint_context import ReferencedAlarm
from cdk_epc.spec.fields import Path


@attrs.frozen(kw_only=True, eq=False, repr=False)
class InferenceComponentContext(Context):
    """Inference component with its endpoint, models, base component and alarms.

    Attributes:
        component: Spec of the component.
        endpoint: Endpoint of the component, if it is known.
        config: Configuration of that endpoint, if it is known.
        base: Base component of an adapter, if it is known.
        models: Named models by the path of the name: ``("specification", "model_name")``, or the
            path below one of ``specifications``.
        imported_models: Paths of model names that are outputs of other stacks.
        weak_references: Paths of the imported names that are weak references
            (``Fn::GetStackOutput``), which the other stack may change at any time.
        scalable_target: Scalable target of the component's copies.
        depends_on_endpoint: Whether the component depends on the endpoint.
        depends_on_base: Whether the component depends on its base component.
        alarms: Rollback alarms by the path of the name.
        similar_endpoint_name: Name of an endpoint that differs from ``endpoint_name`` in letter
            case only.
        region: Region of the deployment, if it is known; a function is called when a rule reads it.
        bucket_regions: Regions of the buckets of the app by name, as far as they are known.
        texts: Images and artifacts by the path of the value, with ``*`` for unknown parts:
            ``("specification", "container", "image")``.
        data_regions: As in `ModelContext`.
        earlier_components: Components before this one on the same endpoint, without their related
            resources; only if the execution role of the configuration is known.
    """

    ROOT: ClassVar = InferenceComponentSpec

    component: InferenceComponentSpec
    endpoint: EndpointSpec | None = None
    config: ConfigContext | None = None
    base: InferenceComponentSpec | None = None
    models: Mapping[Path, ReferencedModel] = attrs.Factory(new_dict)
    imported_models: frozenset[Path] = frozenset()
    weak_references: frozenset[Path] = frozenset()
    scalable_target: ReferencedTarget | None = None
    depends_on_endpoint: bool = True
    depends_on_base: bool = True
    alarms: Mapping[Path, ReferencedAlarm] = attrs.Factory(new_dict)
    similar_endpoint_name: str | None = None
    _region: str | Callable[[], str | None] | None = attrs.field(default=None, alias="region")
    bucket_regions: Mapping[str, str] = attrs.Factory(new_dict)
    texts: Mapping[Path, str] = attrs.Factory(new_dict)
    data_regions: Mapping[Path, Callable[[], str | None]] = attrs.Factory(
        dict[Path, Callable[[], str | None]]
    )
    earlier_components: Sequence[InferenceComponentContext] = ()

    @property
    def region(self) -> str | None:
        """Region of the deployment, if it is known."""
        return self._region() if callable(self._region) else self._region
