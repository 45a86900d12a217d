"""The app: one stage for each region, and the pipeline that deploys them one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import aws_cdk as cdk

from cdk_epc import EndpointValidator
from sample_app.environments import (
    ACCOUNTS,
    PIPELINE_ACCOUNT,
    PIPELINE_REGION,
    REPOSITORY,
)
from sample_app.pipeline import PipelineStack
from sample_app.policy import INSTANCE_FAMILY
from sample_app.stage import ShopStage

if TYPE_CHECKING:
    from collections.abc import Mapping

REGIONS: Final = tuple(ACCOUNTS)


def build(context: Mapping[str, Any] | None = None) -> cdk.App:
    """Return the app.

    Args:
        context: Context of `cdk.json`, for tests; the CDK CLI passes it by itself.
    """
    app = cdk.App(context=context)
    # The validator also checks L1 constructs and included templates.
    cdk.Validations.of(app).add_plugins(EndpointValidator(rules=[INSTANCE_FAMILY]))
    stages = [
        ShopStage(app, stage_id(region), env=cdk.Environment(account=account, region=region))
        for region, account in ACCOUNTS.items()
    ]
    PipelineStack(
        app,
        "Pipeline",
        repository=REPOSITORY,
        stages=stages,
        env=cdk.Environment(account=PIPELINE_ACCOUNT, region=PIPELINE_REGION),
    )
    return app


def stage_id(region: str) -> str:
    """Return the id of a region's stage, for example ``EuWest1`` for ``eu-west-1``."""
    return "".join(word.capitalize() for word in region.split("-"))
