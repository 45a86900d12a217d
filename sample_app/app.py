"""The shop's models in every region that it sells in. No account is named."""

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
    """The app; the CDK CLI hands in the context of `cdk.json`, a test has to do it itself."""
    app = cdk.App(context=context)
    # Whatever writes a configuration, a raw L1 or an included template too, is held to the rules.
    cdk.Validations.of(app).add_plugins(EndpointValidator(rules=[INSTANCE_FAMILY]))
    for region in REGIONS:
        ShopStage(app, stage_id(region), env=cdk.Environment(region=region))
    return app


def stage_id(region: str) -> str:
    """``EuWest1`` for ``eu-west-1``."""
    return "".join(word.capitalize() for word in region.split("-"))
