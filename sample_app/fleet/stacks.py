"""Stacks of the fleet: each has the endpoints that the data file or the hash assigns to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk

from cdk_epc import (
    Container,
    ContainerImage,
    Deployment,
    Endpoint,
    InstanceType,
    Model,
    ModelData,
    S3Location,
)
from sample_app.foundation import Foundation
from sample_app.policy import CompanyEndpointConfig

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from constructs import Construct

    from sample_app.fleet.endpoints import FleetEndpoint


class FleetStage(cdk.Stage):
    """All stacks of the fleet in one region.

    Attributes:
        stacks: Stacks with endpoints, by number.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        endpoints: Sequence[FleetEndpoint],
        **options: Any,  # noqa: ANN401 - arguments of `Stage`
    ) -> None:
        """Create a stack for each number in the endpoints."""
        super().__init__(scope, construct_id, **options)
        foundation = Foundation(self, "Foundation")
        self.stacks = {
            number: FleetStack(
                self,
                f"Fleet{number:02}",
                foundation=foundation,
                endpoints=[each for each in endpoints if each.stack == number],
            )
            for number in sorted({each.stack for each in endpoints})
        }


class FleetStack(cdk.Stack):
    """Some endpoints of the fleet, which share nothing with each other.

    A shared role would change for all endpoints of the stack with each new one.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        foundation: Foundation,
        endpoints: Iterable[FleetEndpoint],
    ) -> None:
        """Create the endpoints."""
        super().__init__(scope, construct_id)
        self._foundation = foundation
        for each in endpoints:
            self._add(each)

    def _add(self, given: FleetEndpoint) -> None:
        config = CompanyEndpointConfig(
            self, f"{given.store}-config", foundation=self._foundation, product="forecast"
        )
        variant = config.add_instance_variant(
            "main",
            model=self._model(given),
            instance_type=InstanceType.of(given.instance_type),
            initial_instance_count=given.minimum,
        )
        endpoint = Endpoint(
            self,
            given.store,
            endpoint_config=config,
            endpoint_name=f"forecast-{given.store}",
            deployment=Deployment.all_at_once(termination_wait=cdk.Duration.minutes(10)),
        )
        scaled = variant.auto_scale(given.minimum, given.maximum)
        scaled.scale_on_invocations(max_requests_per_second=given.requests_per_second)
        endpoint.roll_back_on(endpoint.add_recommended_alarms())

    def _model(self, given: FleetEndpoint) -> Model:
        container = Container(
            image=ContainerImage.from_dlc("sklearn", "1.2-1-cpu-py3"),
            model_data=ModelData.from_s3(
                S3Location(self._foundation.bucket, given.artifact),
                grant_prefix=f"forecasts/{given.store}/",
            ),
        )
        return Model(self, f"{given.store}-model", container=container)
