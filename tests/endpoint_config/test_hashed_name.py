"""Names of configurations: generated, fixed, and hashed over the configuration and its models."""

from __future__ import annotations

import re
from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk.aws_sagemaker import CfnEndpoint, CfnEndpointConfig, CfnModel
from kit.cdk import ENDPOINT_CONFIG, STRICT, new_stack, properties_of, template_of

from cdk_epc import (
    Container,
    EndpointConfig,
    EndpointConfigError,
    InstancePool,
    InstanceType,
    Model,
)

LONGEST = "p" * 50


def model(scope: cdk.Stack, image: str = "image:1", name: str = "Model") -> CfnModel:
    return CfnModel(
        scope,
        name,
        execution_role_arn="arn:aws:iam::111122223333:role/sagemaker",
        primary_container=CfnModel.ContainerDefinitionProperty(image=image),
    )


def config_in(
    stack: cdk.Stack, of: CfnModel | str, prefix: str = "shop", count: int = 1
) -> EndpointConfig:
    config = EndpointConfig(stack, "Config", endpoint_config_name_prefix=prefix)
    config.add_instance_variant(
        "only",
        model=of,
        instance_type=InstanceType.ML_M5_LARGE,
        initial_instance_count=count,
    )
    return config


def name_of(change: Callable[[EndpointConfig, CfnModel], object] = lambda *_: None) -> str:
    """Return the name of a configuration of one model, after a change to either."""
    stack = new_stack()
    of = model(stack)
    change(config_in(stack, of), of)
    return str(properties_of(stack)["EndpointConfigName"])


def _resource(config: EndpointConfig) -> CfnEndpointConfig:
    resource = config.node.default_child
    assert isinstance(resource, CfnEndpointConfig)
    return resource


CHANGES: dict[str, Callable[[EndpointConfig, CfnModel], object]] = {
    "a later call": lambda config, _: config.publish_metrics(enhanced=True),
    "an escape hatch": lambda config, _: _resource(config).add_property_override(
        "ProductionVariants.0.InitialInstanceCount", 2
    ),
    "the model's container": lambda _, of: setattr(
        of, "primary_container", CfnModel.ContainerDefinitionProperty(image="image:2")
    ),
    "the model's escape hatch": lambda _, of: of.add_property_override(
        "PrimaryContainer.Environment", {"LEVEL": "2"}
    ),
}


def test_no_name_by_default() -> None:
    stack = new_stack()
    EndpointConfig(stack, "Config").add_instance_variant(
        "only", model="m", instance_type=InstanceType.ML_M5_LARGE, initial_instance_count=1
    )
    assert "EndpointConfigName" not in properties_of(stack)


def test_hashed_name_is_the_same_each_time() -> None:
    assert name_of() == name_of()
    assert re.fullmatch(r"shop-[0-9a-f]{12}", name_of())


@pytest.mark.parametrize("change", CHANGES)
def test_hashed_name_changes_with(change: str) -> None:
    assert name_of(CHANGES[change]) != name_of()


def test_hashed_name_does_not_cover_tags() -> None:
    """New tags are an update without replacement, for which the old name stays."""
    assert name_of(lambda config, _: cdk.Tags.of(config.stack).add("team", "fraud")) == name_of()


def test_hashed_name_of_equal_content_in_other_places() -> None:
    """Stages, nested stacks, constructs and stack names each have a name of their own."""

    class Nested(cdk.NestedStack):
        pass

    app = cdk.App(analytics_reporting=False, context=STRICT)
    stacks = [
        *(cdk.Stack(cdk.Stage(app, stage), "Stack") for stage in ("Test", "Prod")),
        cdk.Stack(app, "Stack"),
    ]
    stacks += [Nested(stacks[-1], name) for name in ("One", "Two")]
    for stack in stacks:
        config_in(stack, "fraud-7")
    names = {str(properties_of(stack)["EndpointConfigName"]) for stack in stacks}
    for name in ("first", "second"):
        other = cdk.Stack(cdk.App(context=STRICT), "Stack", stack_name=name)
        config_in(other, "fraud-7")
        names.add(str(properties_of(other)["EndpointConfigName"]))
    assert len(names) == len(stacks) + 2


def test_parameters_in_the_content_are_warnings() -> None:
    stack = new_stack()
    image = cdk.CfnParameter(stack, "Image").value_as_string
    count = cdk.CfnParameter(stack, "Count", type="Number").value_as_number
    of = Model(stack, "Model", container=Container(image=image), tags={"image": image})
    config = EndpointConfig(stack, "Config", endpoint_config_name_prefix="shop")
    config.add_instance_variant(
        "only",
        model=of,
        instance_type=InstanceType.ML_M5_LARGE,
        initial_instance_count=count,  # type: ignore[arg-type]
    )
    found = [each for each in config.findings_at_synth() if "hash" in each.rule_id]
    assert [(each.rule_id, each.path, each.message.partition(" is ")[0]) for each in found] == [
        (
            "name-hash-with-parameter",
            'add_instance_variant("only").initial_instance_count',
            "the parameter Count",
        ),
        ("name-hash-with-parameter", 'add_instance_variant("only").model', "the parameter Image"),
    ]


def test_hashed_name_covers_a_model_of_another_stack() -> None:
    names = set()
    for image in ("image:1", "image:2"):
        app = cdk.App(analytics_reporting=False, context=STRICT)
        stack = new_stack("Configs", app)
        config_in(stack, model(new_stack("Models", app), image))
        names.add(properties_of(stack)["EndpointConfigName"])
    assert len(names) == 2


def test_hashed_name_covers_a_model_named_by_its_token() -> None:
    names = set()
    for image in ("image:1", "image:2"):
        stack = new_stack()
        config_in(stack, model(stack, image).attr_model_name)
        names.add(properties_of(stack)["EndpointConfigName"])
    assert len(names) == 2


def test_hashed_name_covers_the_models_of_pools() -> None:
    names = set()
    for image in ("image:1", "image:2"):
        stack = new_stack()
        EndpointConfig(stack, "Config", endpoint_config_name_prefix="shop").add_instance_variant(
            "pooled",
            model="plain",
            instance_type=[
                InstancePool(
                    InstanceType.ML_M5_LARGE, priority=1, model_override=model(stack, image)
                )
            ],
            initial_instance_count=1,
        )
        names.add(properties_of(stack)["EndpointConfigName"])
    assert len(names) == 2


def test_two_hashed_names_in_a_stack_do_not_depend_on_each_other() -> None:
    stack = new_stack()
    for number in (1, 2):
        scope = cdk.Stack.of(stack)
        config = EndpointConfig(scope, f"C{number}", endpoint_config_name_prefix=f"c{number}")
        config.add_instance_variant(
            "only",
            model="m",
            instance_type=InstanceType.ML_M5_LARGE,
            initial_instance_count=number,
        )
    names = [
        r["Properties"]["EndpointConfigName"] for r in template_of(stack)["Resources"].values()
    ]
    assert [name[:3] for name in names] == ["c1-", "c2-"]


def test_longest_prefix_gives_the_longest_name() -> None:
    stack = new_stack()
    config_in(stack, "m", LONGEST)
    name = properties_of(stack)["EndpointConfigName"]
    assert len(name) == 63
    assert not name.endswith("-")


@pytest.mark.parametrize(
    "prefix", ["", "p" * 51, "ends-", "-begins", "under_score", "${Token[A.1]}"]
)
def test_bad_prefix_is_refused(prefix: str) -> None:
    with pytest.raises(EndpointConfigError) as refused:
        config_in(new_stack(), "m", prefix)
    (finding,) = refused.value.findings
    shown = "known at deployment" if "Token" in prefix else repr(prefix) if prefix else "empty"
    assert (finding.rule_id, finding.message) == (
        "name-prefix-invalid",
        (
            f"endpoint_config_name_prefix is {shown}; must be a literal of 1 to 50 letters, digits "
            "and inner hyphens"
        ),
    )


def test_name_and_prefix_together_are_refused() -> None:
    with pytest.raises(EndpointConfigError) as refused:
        EndpointConfig(new_stack(), "C", endpoint_config_name="a", endpoint_config_name_prefix="b")
    assert [(each.rule_id, each.message) for each in refused.value.findings] == [
        (
            "name-with-prefix",
            "endpoint_config_name_prefix 'b' is not allowed with a fixed endpoint_config_name",
        )
    ]


def test_name_attribute_is_accepted_by_an_endpoint() -> None:
    stack = new_stack()
    config = config_in(stack, "m")
    CfnEndpoint(stack, "Endpoint", endpoint_config_name=config.endpoint_config_name)
    resources = template_of(stack)["Resources"]
    logical_id, attribute = resources["Endpoint"]["Properties"]["EndpointConfigName"]["Fn::GetAtt"]
    assert resources[logical_id]["Type"] == ENDPOINT_CONFIG
    assert attribute == "EndpointConfigName"
