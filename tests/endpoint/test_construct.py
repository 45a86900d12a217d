"""`Endpoint`: attributes, variants, dependencies, acknowledgements, requests and summary."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.aws_sagemaker import CfnEndpoint, CfnEndpointConfig, IEndpoint
from kit.cdk import new_stack, template_of
from kit.endpoints import (
    FEATURES,
    config_of,
    endpoint_in,
    on_instances,
    refused,
    rollback_on_own_metrics,
    with_a_model,
)

from cdk_epc import (
    Deployment,
    Endpoint,
    EndpointConfig,
    EndpointVariant,
    Rule,
    Severity,
    Violation,
)
from cdk_epc.spec import EndpointSpec

NAME = {"Fn::GetAtt": ["EndpointEEF1FD8F", "EndpointName"]}
ARN = {"Fn::GetAtt": ["EndpointEEF1FD8F", "EndpointArn"]}


def endpoint(stack: cdk.Stack, **options: Any) -> Endpoint:
    return Endpoint(stack, "Endpoint", endpoint_config=config_of(stack), **options)


def test_default_child_is_the_l1() -> None:
    it = endpoint(new_stack())
    assert isinstance(it.node.default_child, CfnEndpoint)
    assert it.node.default_child.node.id == "Resource"


def test_name_is_an_attribute_and_not_ref() -> None:
    stack = new_stack()
    it = endpoint(stack)
    seen = (it.endpoint_arn, it.endpoint_name, it.name_in_metrics, it.endpoint_ref.endpoint_arn)
    assert [stack.resolve(each) for each in seen] == [ARN, NAME, NAME, ARN]


def takes(given: IEndpoint) -> list[str]:
    """Return the attributes that a construct of CDK reads of an ``IEndpoint``."""
    return [given.endpoint_arn, given.endpoint_name, CfnEndpoint.arn_for_endpoint(given)]


def test_endpoint_is_accepted_as_iendpoint() -> None:
    stack = new_stack()
    it = endpoint(stack)
    assert [stack.resolve(each) for each in takes(it)] == [ARN, NAME, ARN]
    imported = Endpoint.from_endpoint_name(stack, "Imported", "fraud")
    assert takes(imported)[1:] == ["fraud", imported.endpoint_arn]


def test_arn_in_another_account_has_the_name_in_lower_case() -> None:
    app = cdk.App()
    env = cdk.Environment(account="111122223333", region="eu-west-1")
    it = endpoint(cdk.Stack(app, "Stack", env=env), endpoint_name="Fraud")
    other = cdk.Stack(app, "Other", env=cdk.Environment(account="444455556666", region="eu-west-1"))
    cdk.CfnOutput(other, "Arn", value=it.endpoint_arn)
    cdk.CfnOutput(other, "Name", value=it.endpoint_name)
    outputs = app.synth().get_stack_by_name("Other").template["Outputs"]
    arn = ["arn:", {"Ref": "AWS::Partition"}, ":sagemaker:eu-west-1:111122223333:endpoint/fraud"]
    assert outputs == {"Arn": {"Value": {"Fn::Join": ["", arn]}}, "Name": {"Value": "Fraud"}}


def own(stack: cdk.Stack) -> Any:
    return config_of(stack)


def imported_by_name(stack: cdk.Stack) -> Any:
    return EndpointConfig.from_endpoint_config_name(stack, "Config", "fraud-7")


def imported_by_arn(stack: cdk.Stack) -> Any:
    arn = "arn:aws:sagemaker:eu-west-1:111122223333:endpoint-config/fraud-7"
    return EndpointConfig.from_endpoint_config_arn(stack, "Config", arn)


def l1(stack: cdk.Stack) -> Any:
    return CfnEndpointConfig(
        stack,
        "Config",
        production_variants=[
            CfnEndpointConfig.ProductionVariantProperty(
                variant_name="main",
                model_name="fraud-7",
                instance_type="ml.m5.large",
                initial_instance_count=1,
            )
        ],
    )


def reference_alone(stack: cdk.Stack) -> Any:
    class Reference:
        """An `IEndpointConfigRef` without other members."""

        endpoint_config_ref = imported_by_arn(stack).endpoint_config_ref

    return Reference()


def name_alone(_: cdk.Stack) -> Any:
    return "fraud-7"


@pytest.mark.parametrize(
    ("config", "name"),
    [
        (own, {"Fn::GetAtt": ["Config57D1D894", "EndpointConfigName"]}),
        (l1, {"Fn::GetAtt": ["Config", "EndpointConfigName"]}),
        (imported_by_name, "fraud-7"),
        (imported_by_arn, "fraud-7"),
        (reference_alone, "fraud-7"),
        (name_alone, "fraud-7"),
    ],
)
def test_every_type_of_configuration(config: Callable[[cdk.Stack], Any], name: object) -> None:
    stack = new_stack()
    it = Endpoint(stack, "Endpoint", endpoint_config=config(stack))
    assert endpoint_in(template_of(stack))["Properties"] == {"EndpointConfigName": name}
    is_known = config is own
    assert (it.config is not None, len(it.variants)) == (is_known, 1 if is_known else 0)
    assert it.endpoint_kind == ("real-time" if is_known else None)


def test_wrong_configuration_is_refused() -> None:
    stack = new_stack()
    arn = "arn:aws:sagemaker:eu-west-1:111122223333:endpoint-config/fraud-7"
    messages = {
        case: refused(lambda given=given: Endpoint(stack, "Endpoint", endpoint_config=given))  # type: ignore[misc]
        for case, given in (("number", 7), ("none", None), ("arn", arn))
    }
    assert messages == {
        "number": [
            (
                "error argument-type-wrong: endpoint_config is 7; must be an endpoint "
                "configuration (IEndpointConfigRef) or its name"
            )
        ],
        "none": ["error value-missing: endpoint_config is required by the API"],
        "arn": [
            f"error value-length-wrong: endpoint_config is {arn!r}; must have 1 to 63 characters",
            (
                f"error value-pattern-mismatch: endpoint_config is {arn!r}; must match "
                "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}"
            ),
        ],
    }


def test_variants_are_those_of_the_configuration() -> None:
    stack = new_stack()
    config = config_of(stack)
    it = Endpoint(stack, "Endpoint", endpoint_config=config)
    main = config.variants[0]
    shadow = config.add_shadow_variant(
        "copy", model="m", instance_type=on_instances().instance_type, initial_instance_count=1
    )
    assert [(each.variant_name, each.is_shadow) for each in it.variants] == [
        ("main", False),
        ("copy", True),
    ]
    for variant in (it.variant("main"), it.variant(main)):
        assert isinstance(variant, EndpointVariant)
        assert (variant.endpoint, variant.path) == (it, main.path)
    assert it.variant(shadow).path == shadow.path


def test_unknown_variant_is_refused_with_the_known_ones() -> None:
    stack = new_stack()
    it = endpoint(stack)
    other = EndpointConfig(stack, "Other", production_variants=[on_instances()])
    unknown = Endpoint(stack, "Unresolved", endpoint_config="fraud-7")
    assert refused(lambda: it.variant("mian")) == [
        "error endpoint-variant-unknown: variant is 'mian'; must be 'main'"
    ]
    assert refused(lambda: it.variant(other.variants[0])) == [
        "error endpoint-variant-unknown: variant is 'main' of another configuration; must be 'main'"
    ]
    assert refused(lambda: unknown.variant("main")) == [
        (
            "error endpoint-variant-unknown: the variants of this endpoint are unknown because its "
            "configuration is not an EndpointConfig of this app"
        )
    ]


@pytest.mark.parametrize(
    ("given", "rules"),
    [
        ("-a", {"value-pattern-mismatch"}),
        ("a_b", {"value-pattern-mismatch"}),
        ("a/b", {"value-pattern-mismatch"}),
        ("\u00e9", {"value-pattern-mismatch"}),
        ("a" * 64, {"value-length-wrong", "value-pattern-mismatch"}),
        ("", {"value-length-wrong"}),
    ],
)
def test_invalid_name_is_refused(given: str, rules: set[str]) -> None:
    messages = refused(lambda: endpoint(new_stack(), endpoint_name=given))
    assert {each.removeprefix("error ").partition(":")[0] for each in messages} == rules
    value = f"{given[:60]!r}"[:20] if given else "empty"
    assert all(f": endpoint_name is {value}" in each for each in messages)


def test_names_that_differ_in_case_only_are_reported_without_the_validator() -> None:
    stack = new_stack()
    config = config_of(stack)
    Endpoint(stack, "A", endpoint_config=config, endpoint_name="Fraud")
    lower = Endpoint(stack, "B", endpoint_config=config, endpoint_name="fraud")
    (finding,) = lower.findings_at_synth()
    assert finding.message == (
        "endpoint_name is 'fraud'; must differ from 'Fraud', the name of another endpoint, in more "
        "than capitals"
    )


def test_names_in_other_regions_may_differ_in_case_only() -> None:
    app = cdk.App()
    found = []
    for region, name in (("eu-west-1", "Fraud"), ("eu-west-2", "fraud")):
        env = cdk.Environment(account="111122223333", region=region)
        it = endpoint(cdk.Stack(app, region, env=env), endpoint_name=name)
        found += it.findings_at_synth()
    assert found == []


def test_endpoint_depends_on_the_policies_of_the_roles() -> None:
    stack = new_stack()
    Endpoint(stack, "Endpoint", endpoint_config=with_a_model(stack))
    assert endpoint_in(template_of(stack))["DependsOn"] == [
        "ModelExecutionRoleDefaultPolicy0D703335",
        "ModelExecutionRoleB8BE4D0D",
    ]


def test_warnings_are_errors_in_the_strict_profile_only() -> None:
    stack = new_stack()
    it = endpoint(stack, rollback_alarms=["errors"])
    assert [each.rule_id for each in it.findings_at_synth()] == ["rollback-alarms-without-wait"]
    template_of(stack)
    messages = refused(lambda: endpoint(new_stack(), rollback_alarms=["errors"], profile="strict"))
    assert messages == [
        (
            "error rollback-alarms-without-wait: the deployment has rollback alarms, but no wait "
            "in which they can trigger a rollback"
        )
    ]


def test_acknowledged_finding_has_its_reason() -> None:
    stack = new_stack()
    reason = "the alarms are tried out first"
    it = endpoint(
        stack,
        rollback_alarms=["errors"],
        acknowledge={"rollback-alarms-without-wait": reason},
    )
    assert it.findings_at_synth() == []
    assert [(each.rule_id, each.acknowledged) for each in it.acknowledged] == [
        ("rollback-alarms-without-wait", reason)
    ]
    assert reason in str(endpoint_in(template_of(stack))["Metadata"])


def test_custom_rule_about_endpoints() -> None:
    def unnamed(spec: EndpointSpec) -> list[Violation]:
        if spec.endpoint_name is not None:
            return []
        return [
            Violation(path=("endpoint_name",), got=None, required="by the team", fix="Name it.")
        ]

    rule = Rule(
        id="team-endpoint-name",
        title="An endpoint has a name",
        why="The team says so.",
        about=(EndpointSpec,),
        check=unnamed,
        severity=Severity.ERROR,
    )
    assert refused(lambda: endpoint(new_stack(), rules=[rule])) == [
        "error team-endpoint-name: endpoint_name is required by the team"
    ]
    endpoint(new_stack(), rules=[rule], endpoint_name="fraud")


def test_request_for_boto3() -> None:
    stack = new_stack()
    deployment = Deployment.all_at_once(termination_wait=cdk.Duration.minutes(5))
    it = Endpoint(
        stack,
        "Endpoint",
        endpoint_config="fraud-7",
        endpoint_name="fraud",
        deployment=deployment,
        rollback_alarms=["errors"],
        tags={"team": "risk"},
    )
    assert it.to_request() == {
        "EndpointName": "fraud",
        "EndpointConfigName": "fraud-7",
        "DeploymentConfig": {
            "BlueGreenUpdatePolicy": {
                "TrafficRoutingConfiguration": {
                    "Type": "ALL_AT_ONCE",
                    "WaitIntervalInSeconds": 0,
                },
                "TerminationWaitInSeconds": 300,
            },
            "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "errors"}]},
        },
        "Tags": [{"Key": "team", "Value": "risk"}],
    }


def test_summary() -> None:
    assert str(rollback_on_own_metrics(new_stack())).splitlines() == [
        "Endpoint Stack/Endpoint",
        "  name: Stack-Endpoint-7DC50680",
        "  variant main: 4 x ml.m5.large, model (known at deployment), 100.0% of the traffic",
        "  updates: blue/green with a canary of 10%",
        "  rollback alarms: (known at deployment), (known at deployment)",
    ]
    assert str(FEATURES["rolling"](new_stack())).splitlines()[-2:] == [
        "  updates: rolling batches of 25%",
        "  rollback alarms: fraud-errors",
    ]
    assert str(FEATURES["retains_everything"](new_stack())).splitlines()[-1] == (
        "  updates retain instance counts and weights"
    )
    assert str(FEATURES["of_an_imported_configuration"](new_stack())).splitlines() == [
        "Endpoint Stack/Endpoint",
        "  configuration: fraud-7",
    ]


def test_endpoint_does_not_import_large_cdk_modules() -> None:
    """CloudWatch would add a tenth of a second to every app; EC2 and S3 add more."""
    program = (
        "import sys, cdk_epc.endpoint\n"
        "names = ('aws_cloudwatch', 'aws_ec2', 'aws_s3', 'aws_kms', 'aws_ecr')\n"
        "print([name for name in names if f'aws_cdk.{name}' in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)  # noqa: S603 - our own program
    assert ast.literal_eval(done.stdout.decode()) == []
