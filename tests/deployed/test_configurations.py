"""Every feature of a configuration, deployed to moto and read back.

The expectations name the members that moto loses or refuses, so that no member is ignored by
mistake. botocore checks these against SageMaker's API model.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Final

import pytest
from attrs import evolve
from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError
from kit.differences import Differences, difference
from kit.features import FEATURES
from kit.moto_server import Cloud, description_of, template_from, violations_of
from kit.references import ACCOUNT, CONFIG, MODEL, REGION

pytestmark = [pytest.mark.pin_only, pytest.mark.usefixtures("every_type")]

# What SageMaker, and moto with it, adds to what is declared.
KEPT: Final = Differences(added=["CreationTime", "EndpointConfigArn", "EndpointConfigName"])
BY_FEATURE: Final = {
    "ab_test": KEPT,
    "constructor": KEPT,
    "every_instance_setting": KEPT,
    "serverless": KEPT,
    "shadow_test": evolve(KEPT, lost=["ShadowProductionVariants"]),
    "asynchronous": KEPT,
    "data_capture": KEPT,
    "clarify": evolve(KEPT, lost=["ExplainerConfig"]),
    "clarify_csv": evolve(KEPT, lost=["ExplainerConfig"]),
    "metrics": evolve(KEPT, lost=["MetricsConfig"]),
    "tags_and_key": KEPT,
    # moto gives every configuration a name of its own.
    "hashed_name": evolve(
        KEPT, changed=["EndpointConfigName"], added=["CreationTime", "EndpointConfigArn"]
    ),
}
REFUSED: Final = {
    "instance_pools": (ClientError, "Invalid Keys for ProductionVariant: received dict_keys"),
    # moto's response is not about the request: it looks for ModelName, see the test below.
    "inference_components": (ResponseParserError, "Unable to parse response"),
}


def template(feature: str) -> dict[str, Any]:
    """Return the template of a feature, with containers in the models, which moto requires."""
    found = deepcopy(template_from(FEATURES[feature]))
    for row in found["Resources"].values():
        if row["Type"] == MODEL:
            row["Properties"].setdefault("PrimaryContainer", {"Image": "image"})
    return found


def have_models(cloud: Cloud) -> None:
    """Create the models that the features refer to by name."""
    for name in ("model", "challenger", "live", "next"):
        cloud.client("sagemaker").create_model(
            ModelName=name, ExecutionRoleArn="arn:aws:iam::123456789012:role/sagemaker"
        )


def test_every_feature_has_an_expectation() -> None:
    assert BY_FEATURE.keys() | REFUSED.keys() == FEATURES.keys()
    assert BY_FEATURE.keys().isdisjoint(REFUSED)


@pytest.mark.parametrize(("feature", "expected"), BY_FEATURE.items())
def test_read_back(cloud: Cloud, feature: str, expected: Differences) -> None:
    have_models(cloud)

    deployed = cloud.deploy(template(feature))

    assert [each.type for each in deployed.values() if each.id is None] == []
    (config,) = (each for each in deployed.values() if each.type == CONFIG)
    assert difference(config.properties, description_of(cloud, config)) == expected
    name = {"EndpointConfigName": config.name}
    assert violations_of("CreateEndpointConfig", {**name, **config.properties}) == ""


@pytest.mark.parametrize(("feature", "error", "message"), [(k, *v) for k, v in REFUSED.items()])
def test_features_that_moto_refuses(
    cloud: Cloud, feature: str, error: type[Exception], message: str
) -> None:
    have_models(cloud)

    with pytest.raises(error, match=message):
        cloud.deploy(template(feature))


def test_moto_requires_a_model_in_every_variant() -> None:
    from moto.sagemaker.models import FakeEndpointConfig

    rows = template("inference_components")["Resources"].values()
    (config,) = (row for row in rows if row["Type"] == CONFIG)

    # The cause of that response.
    with pytest.raises(KeyError, match="ModelName"):
        FakeEndpointConfig.create_from_cloudformation_json(
            "Name", config, account_id=ACCOUNT, region_name=REGION
        )
    (variant,) = config["Properties"]["ProductionVariants"]
    assert "ModelName" not in variant
