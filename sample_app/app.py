"""The app: one stage for each region, in the account of the deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk

from cdk_epc import EndpointValidator
from sample_app.policy import INSTANCE_FAMILY
from sample_app.stage import ShopStage

if TYPE_CHECKING:
    from collections.abc import Mapping

REGIONS: Final = ("eu-west-1", "us-east-1")


def build(context: Mapping[str, Any] | None = None) -> cdk.App:
    """Return the app.

    Args:
        context: Context of `cdk.json`, for tests; the CDK CLI passes it by itself.
    """
    app = cdk.App(context=context)
    # The validator also checks L1 constructs and included templates.
    cdk.Validations.of(app).add_plugins(EndpointValidator(rules=[INSTANCE_FAMILY]))
    for region in REGIONS:
        ShopStage(app, stage_id(region), env=cdk.Environment(region=region))
    return app


def stage_id(region: str) -> str:
    """Return the id of a region's stage, for example ``EuWest1`` for ``eu-west-1``."""
    return "".join(word.capitalize() for word in region.split("-"))
