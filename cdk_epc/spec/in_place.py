"""A configuration, an endpoint or a component, with what stands around it in its template or app.

Rules that need a neighbour are about these. What is not in sight is absent here, and then such a
rule finds nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

import attrs

from cdk_epc.spec.component import InferenceComponentSpec
from cdk_epc.spec.endpoint import EndpointSpec
from cdk_epc.spec.endpoint_config import EndpointConfigSpec
from cdk_epc.spec.member import Spec
from cdk_epc.spec.model import ModelSpec
from cdk_epc.spec.paths import Path


@attrs.frozen(kw_only=True)
class ModelInPlace:
    """A model that a configuration names.

    Attributes:
        model: It.
        logical_id: Its logical id.
        is_created_first: Whether the configuration waits for it, by a reference or ``DependsOn``.
    """

    model: ModelSpec
    logical_id: str
    is_created_first: bool = True


@attrs.frozen(kw_only=True)
class RoleInPlace:
    """An execution role of which every policy is in sight.

    A role with managed policies, or with a statement that cannot be read, is not one of these.

    Attributes:
        logical_id: Its logical id.
        allowed: The actions that some statement allows, in lower case; ``*`` and ``?`` are IAM's
            wildcards.
    """

    logical_id: str
    allowed: frozenset[str]


@attrs.frozen(kw_only=True)
class ScalableTargetInPlace:
    """A target of Application Auto Scaling on a variant.

    Attributes:
        logical_id: Its logical id.
        dimension: Its ``ScalableDimension``, if that is known.
        min_capacity: Its ``MinCapacity``, if that is known.
    """

    logical_id: str
    dimension: str | None = None
    min_capacity: int | None = None


@attrs.frozen(kw_only=True)
class ConfigInPlace:
    """A configuration with what is known of what stands around it.

    Attributes:
        config: It.
        region: The region it is deployed to, where that is known.
        models: The models that it names, by the place of the name: ``("production_variants", 0,
            "model_name")``, or that of a pool's override.
        roles: The execution roles by the place of the variant that runs with each.
        scaled: The scalable targets by the place of the variant: ``("production_variants", 0)``.
        serverless_before: Serverless variants of the configurations before this one in the same
            app, region and account.
        concurrency_before: The sum of their greatest concurrencies.
    """

    config: EndpointConfigSpec
    region: str | None = None
    models: Mapping[Path, ModelInPlace] = attrs.Factory(dict[Path, ModelInPlace])
    roles: Mapping[Path, RoleInPlace] = attrs.Factory(dict[Path, RoleInPlace])
    scaled: Mapping[Path, ScalableTargetInPlace] = attrs.Factory(dict[Path, ScalableTargetInPlace])
    serverless_before: int = 0
    concurrency_before: int = 0


@attrs.frozen(kw_only=True)
class EndpointInPlace:
    """An endpoint with what is known of what stands around it.

    Attributes:
        endpoint: It.
        config: Its configuration in place, if that stands in the same template or app.
        other_names: The names of the other endpoints of the same app, region and account.
    """

    endpoint: EndpointSpec
    config: ConfigInPlace | None = None
    other_names: frozenset[str] = frozenset()


@attrs.frozen(kw_only=True)
class InferenceComponentInPlace:
    """An inference component with what is known of what stands around it.

    Attributes:
        component: It.
        endpoint: Its endpoint, if that stands in the same template or app.
        config: The configuration of that endpoint in place, if it stands there, too.
        base: The component that an adapter is loaded into, if that is in sight.
        models: The models that it names, by the place of the name: ``("specification",
            "model_name")``, or that of one of its ``specifications``.
        scaled: The scalable target on its copies.
        is_created_after_endpoint: Whether it waits for the endpoint, by a reference or
            ``DependsOn``.
        is_created_after_base: Whether it waits for its base, in the same way.
    """

    component: InferenceComponentSpec
    endpoint: EndpointSpec | None = None
    config: ConfigInPlace | None = None
    base: InferenceComponentSpec | None = None
    models: Mapping[Path, ModelInPlace] = attrs.Factory(dict[Path, ModelInPlace])
    scaled: ScalableTargetInPlace | None = None
    is_created_after_endpoint: bool = True
    is_created_after_base: bool = True


Subject: TypeAlias = (
    EndpointConfigSpec
    | ModelSpec
    | EndpointSpec
    | InferenceComponentSpec
    | ConfigInPlace
    | EndpointInPlace
    | InferenceComponentInPlace
)
"""What a rule can be about."""

ROOTS: Final[Mapping[type, type[Spec]]] = {
    EndpointConfigSpec: EndpointConfigSpec,
    ModelSpec: ModelSpec,
    EndpointSpec: EndpointSpec,
    InferenceComponentSpec: InferenceComponentSpec,
    ConfigInPlace: EndpointConfigSpec,
    EndpointInPlace: EndpointSpec,
    InferenceComponentInPlace: InferenceComponentSpec,
}
"""The class that the path of a fault starts from, for each kind of subject."""
