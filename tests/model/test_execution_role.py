"""Execution roles that a model or a configuration cannot have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from kit.models import IMAGE

from cdk_epc import (
    Container,
    ContainerImage,
    EndpointConfig,
    EndpointConfigError,
    EndpointValidator,
    ExecutionRole,
    Model,
)
from cdk_epc.testing import assert_no_findings

ACCOUNT = "111122223333"
OTHER = "arn:aws:iam::444455556666:role/fraud"
CONSOLE = f"arn:aws:iam::{ACCOUNT}:role/AmazonSageMaker-ExecutionRole-20260401T093000"


def new_stack() -> cdk.Stack:
    env = cdk.Environment(account=ACCOUNT, region="eu-west-1")
    return cdk.Stack(cdk.App(), "Stack", env=env)


def model(stack: cdk.Stack, id: str, role: Any, **more: Any) -> Model:
    container = Container(image=ContainerImage.from_uri(IMAGE))
    return Model(stack, id, container=container, execution_role=role, **more)


def config(stack: cdk.Stack, id: str, role: Any, **more: Any) -> EndpointConfig:
    return EndpointConfig(stack, id, execution_role=role, **more)


def role_for(stack: cdk.Stack, id: str, *services: str) -> iam.Role:
    principals = [cast("iam.IPrincipal", iam.ServicePrincipal(each)) for each in services]
    return iam.Role(
        stack, id, assumed_by=cast("iam.IPrincipal", iam.CompositePrincipal(*principals))
    )


def refused(create: Callable[..., Any], stack: cdk.Stack, role: Any) -> tuple[str, str]:
    with pytest.raises(EndpointConfigError) as caught:
        create(stack, "Refused", role)
    (finding,) = caught.value.findings
    assert stack.node.try_find_child("Refused") is None
    return finding.rule_id, finding.message


@pytest.mark.parametrize("create", [model, config])
def test_roles_that_are_refused(create: Callable[..., Any]) -> None:
    stack = new_stack()
    words = "must allow sagemaker.amazonaws.com to assume it"
    assert refused(create, stack, role_for(stack, "Lambda", "lambda.amazonaws.com")) == (
        "role-not-assumable",
        f"role Stack/Lambda can be assumed by lambda.amazonaws.com; {words}",
    )
    assert refused(create, stack, OTHER) == (
        "role-account-mismatch",
        (
            f"execution_role is '{OTHER}'; must be in account {ACCOUNT}, to which the resource is "
            "deployed"
        ),
    )


@pytest.mark.parametrize("create", [model, config])
def test_roles_that_are_accepted(create: Callable[..., Any]) -> None:
    stack = new_stack()
    both = role_for(stack, "Both", "lambda.amazonaws.com", "sagemaker.amazonaws.com")
    later = role_for(stack, "Later", "lambda.amazonaws.com")
    assert refused(create, stack, later)[0] == "role-not-assumable"
    service = cast("iam.IPrincipal", iam.ServicePrincipal("sagemaker.amazonaws.com"))
    statement = iam.PolicyStatement(actions=["sts:AssumeRole"], principals=[service])
    assert later.assume_role_policy is not None
    later.assume_role_policy.add_statements(statement)
    anyone = iam.Role(stack, "Anyone", assumed_by=cast("iam.IPrincipal", iam.AnyPrincipal()))
    for index, role in enumerate(
        (
            both,
            both,
            later,
            anyone,
            iam.Role.from_role_arn(stack, "Imported", f"arn:aws:iam::{ACCOUNT}:role/fraud"),
            both.without_policy_updates(),
            f"arn:aws:iam::{ACCOUNT}:role/fraud",
            both.role_arn,
        )
    ):
        assert create(stack, f"Accepted{index}", role) is not None


@pytest.mark.parametrize("create", [model, config])
def test_acknowledged_roles(create: Callable[..., Any]) -> None:
    stack = new_stack()
    reasons = {"role-not-assumable": "The stack of the role adds SageMaker."}
    role = role_for(stack, "Lambda", "lambda.amazonaws.com")
    created = create(stack, "Kept", role, acknowledge=reasons)
    acknowledged = {each.rule_id: each.acknowledged for each in created.acknowledged}
    assert acknowledged == reasons


def test_a_role_of_the_console_without_its_path() -> None:
    stack = new_stack()
    found = model(stack, "Model", CONSOLE).findings_at_synth()
    assert [each.rule_id for each in found] == ["role-path-missing"]
    hosting = config(stack, "Config", CONSOLE)
    assert "role-path-missing" in [each.rule_id for each in hosting.findings_at_synth()]
    own = iam.ServicePrincipal("sagemaker.amazonaws.com")
    name = CONSOLE.rpartition("/")[2]
    iam.Role(stack, "Role", role_name=name, assumed_by=cast("iam.IPrincipal", own))
    assert model(stack, "Other", CONSOLE).findings_at_synth() == []
    assert "role-path-missing" not in [each.rule_id for each in hosting.findings_at_synth()]


def test_templates_of_an_app_without_findings() -> None:
    stack = new_stack()
    cdk.Validations.of(stack).add_plugins(EndpointValidator())
    role = role_for(stack, "Role", "sagemaker.amazonaws.com")
    model(stack, "Model", role)
    model(stack, "Second", None)
    app = cast("cdk.App", stack.node.root)
    template = app.synth().get_stack_by_name("Stack").template
    assert_no_findings(template)


def test_the_source_of_requests_can_be_restricted() -> None:
    stack = new_stack()
    role = ExecutionRole(stack, "Role", restrict_source=True)
    model(stack, "Model", role)
    document = stack.resolve(role.assume_role_policy)
    arn = {
        "Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, f":sagemaker:eu-west-1:{ACCOUNT}:*"]]
    }
    assert document["Statement"] == [
        {
            "Action": "sts:AssumeRole",
            "Effect": "Allow",
            "Principal": {"Service": "sagemaker.amazonaws.com"},
            "Condition": {
                "ArnLike": {"aws:SourceArn": arn},
                "StringEquals": {"aws:SourceAccount": ACCOUNT},
            },
        }
    ]
    plain = stack.resolve(ExecutionRole(stack, "Plain").assume_role_policy)
    assert "Condition" not in plain["Statement"][0]
