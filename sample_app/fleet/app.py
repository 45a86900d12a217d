"""App of the fleet, with one stage for each region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk

from cdk_epc import EndpointValidator
from sample_app.app import stage_id
from sample_app.environments import ACCOUNTS
from sample_app.fleet.endpoints import FleetEndpoint, read_endpoints
from sample_app.fleet.stacks import FleetStage
from sample_app.policy import INSTANCE_FAMILY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def build(
    context: Mapping[str, Any] | None = None,
    *,
    endpoints: Sequence[FleetEndpoint] | None = None,
    regions: Sequence[str] = tuple(ACCOUNTS),
    outdir: str | None = None,
) -> cdk.App:
    """Return the app.

    Args:
        context: Context of `cdk.json`, for tests; the CDK CLI passes it by itself.
        endpoints: Endpoints of each region; those of the data file by default.
        regions: Regions of the fleet.
        outdir: Folder of the templates.
    """
    app = cdk.App(context=context, outdir=outdir)
    cdk.Validations.of(app).add_plugins(EndpointValidator(rules=[INSTANCE_FAMILY]))
    for region in regions:
        FleetStage(
            app,
            stage_id(region),
            endpoints=read_endpoints() if endpoints is None else endpoints,
            env=cdk.Environment(account=ACCOUNTS[region], region=region),
        )
    return app
