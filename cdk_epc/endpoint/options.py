"""Optional arguments of `Endpoint`, as a type for subclasses that pass them on."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cdk_epc import spec as specs
    from cdk_epc.endpoint.deployment import Deployment
    from cdk_epc.endpoint.retain import RetainedProperties
    from cdk_epc.endpoint.rollback_alarms import AlarmOrName
    from cdk_epc.rules import Profile, Rule


class EndpointOptions(TypedDict, total=False):
    """Optional arguments of `Endpoint`, for the constructor of a subclass.

    Write ``**options: Unpack[EndpointOptions]``. `Endpoint` describes the arguments.
    The required ``endpoint_config`` is not among them.
    """

    endpoint_name: str | None
    deployment: Deployment | specs.DeploymentConfig | None
    rollback_alarms: Sequence[AlarmOrName]
    retain: RetainedProperties | None
    retain_deployment_config: bool | None
    tags: Mapping[str, str] | None
    rules: Iterable[Rule]
    acknowledge: Mapping[str, str] | None
    profile: Profile | None
