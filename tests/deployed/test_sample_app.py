"""The sample app's stacks of one region, deployed to moto one after the other.

The expectations name the limits of moto for each use case. An endpoint that moto refuses is left
out with its configuration, and the rest of its stack is deployed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import aws_cdk as cdk
import pytest
from kit.differences import difference
from kit.moto_server import Cloud, accept_every_type, description_of, violations_of
from kit.references import APART, CONFIG, ENDPOINT, MODEL, REGION, Resource, with_outputs
from kit.service_calls import create_by_api, policy_differences

from cdk_epc.testing import project_context
from sample_app.stage import USE_CASES, ShopStage

pytestmark = [
    pytest.mark.pin_only,
    # moto warns of the resources that it ignores; a test below lists them.
    pytest.mark.filterwarnings("ignore:Tried to parse AWS.:UserWarning"),
]

ROOT: Final = Path(__file__).parents[2]
# moto runs no functions, so nothing that CDK does by one.
BY_FUNCTION: Final = frozenset({"AWS::Lambda::Function", "Custom::VpcRestrictDefaultSG"})
PASSED_OVER: Final = {"AWS::S3::BucketPolicy", "AWS::SNS::TopicPolicy"}
# Instance pools and inference components: see the tests of what moto refuses.
WITHOUT_ENDPOINT: Final = {"Ranking", "Assistant"}
LOST: Final[dict[str, dict[str, list[str]]]] = {
    "QuestionAnswering": {
        ENDPOINT: ["ExcludeRetainedVariantProperties", "RetainAllVariantProperties"]
    },
    "Assistant": {},
    "Churn": {CONFIG: ["ExplainerConfig"], ENDPOINT: ["DeploymentConfig"]},
    "Fraud": {
        ENDPOINT: [
            "DeploymentConfig",
            "ExcludeRetainedVariantProperties",
            "RetainAllVariantProperties",
        ]
    },
    "Moderation": {ENDPOINT: ["ExcludeRetainedVariantProperties", "RetainAllVariantProperties"]},
    "Ranking": {},
}
# moto gives everything a name of its own.
NAMES: Final = {"EndpointConfigName", "EndpointName", "ModelName"}

Shop = dict[str, dict[str, Resource]]


@pytest.fixture(scope="module")
def shop(server: Cloud) -> Iterator[Shop]:
    """Return the resources of each stack, by its name in the stage."""
    server.reset()
    server.client("ssm").put_parameter(
        Name="/cdk-bootstrap/hnb659fds/version", Value="30", Type="String"
    )
    with pytest.MonkeyPatch.context() as patch:
        accept_every_type(patch)
        yield deployed_shop(server)


def deployed_shop(cloud: Cloud) -> Shop:
    # As app.build does it, for one region.
    context = project_context(ROOT / "cdk.json")
    app = cdk.App(analytics_reporting=False, context=context)
    stage = ShopStage(app, "EuWest1", env=cdk.Environment(region=REGION))
    templates = {each.stack_name: template(each.template) for each in stage.synth().stacks}
    foundation = stage.foundation.stack_name
    deployed = {
        "Foundation": cloud.deploy(templates[foundation], apart=BY_FUNCTION, name=foundation)
    }
    outputs = {foundation: cloud.outputs(foundation)}
    for use_case, stack in stage.use_cases.items():
        filled = with_outputs(templates[stack.stack_name], outputs)
        apart = APART | {CONFIG, ENDPOINT} if use_case in WITHOUT_ENDPOINT else APART
        deployed[use_case] = cloud.deploy(filled, apart=apart, name=stack.stack_name)
    return deployed


def template(given: dict[str, Any]) -> dict[str, Any]:
    """Return a template without CDK's rule of the bootstrap version, which moto cannot evaluate."""
    return {key: each for key, each in given.items() if key != "Rules"}


def test_every_use_case_has_an_expectation() -> None:
    assert LOST.keys() == USE_CASES.keys()
    assert USE_CASES.keys() > WITHOUT_ENDPOINT


@pytest.mark.parametrize("use_case", ["Foundation", *LOST])
def test_ignored_types_are_known(shop: Shop, use_case: str) -> None:
    passed_over = {each.type for each in shop[use_case].values() if each.id is None}
    assert passed_over <= PASSED_OVER


@pytest.mark.parametrize("use_case", LOST)
def test_read_back(server: Cloud, shop: Shop, use_case: str) -> None:
    left_out = {CONFIG, ENDPOINT} if use_case in WITHOUT_ENDPOINT else set()
    found: dict[str, list[str]] = {}
    for each in shop[use_case].values():
        if each.type in {MODEL, CONFIG, ENDPOINT} - left_out:
            one = difference(each.properties, description_of(server, each))
            assert set(one.changed) <= NAMES
            found |= {each.type: one.lost} if one.lost else {}
    assert found == LOST[use_case]


@pytest.mark.parametrize("use_case", sorted(WITHOUT_ENDPOINT))
def test_requests_that_moto_refuses_are_valid(shop: Shop, use_case: str) -> None:
    (config,) = (each for each in shop[use_case].values() if each.type == CONFIG)
    (endpoint,) = (each for each in shop[use_case].values() if each.type == ENDPOINT)
    declared = {"EndpointConfigName": config.name, **config.properties}
    assert violations_of("CreateEndpointConfig", declared) == ""
    update = {k: each for k, each in endpoint.properties.items() if k != "Tags"}
    assert violations_of("UpdateEndpoint", {"EndpointName": endpoint.name, **update}) == ""


@pytest.mark.parametrize("use_case", LOST)
def test_scaling_alarms_and_roles(server: Cloud, shop: Shop, use_case: str) -> None:
    assert create_by_api(server, shop[use_case]) == {}
    assert policy_differences(server, shop[use_case]) == []


def test_captured_requests_go_to_the_bucket_of_the_foundation(server: Cloud, shop: Shop) -> None:
    buckets = [each.id for each in shop["Foundation"].values() if each.type == "AWS::S3::Bucket"]
    (config,) = (each for each in shop["Fraud"].values() if each.type == CONFIG)
    target = description_of(server, config)["DataCaptureConfig"]["DestinationS3Uri"]
    assert target in {f"s3://{bucket}/captured/" for bucket in buckets}
