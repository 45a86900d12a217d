"""A configuration or an endpoint together with what stands around it in the same template or app.

Rules that need a neighbour are about these. What is not in sight is absent here, and then such a
rule finds nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

import attrs

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


Subject: TypeAlias = EndpointConfigSpec | ModelSpec | EndpointSpec | ConfigInPlace | EndpointInPlace
"""What a rule can be about."""

ROOTS: Final[Mapping[type, type[Spec]]] = {
    EndpointConfigSpec: EndpointConfigSpec,
    ModelSpec: ModelSpec,
    EndpointSpec: EndpointSpec,
    ConfigInPlace: EndpointConfigSpec,
    EndpointInPlace: EndpointSpec,
}
"""The class that the path of a fault starts from, for each kind of subject."""
