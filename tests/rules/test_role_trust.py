"""Trust policy, account and path of execution roles."""

from __future__ import annotations

from typing import Any

from kit.requests import changed
from kit.subjects import model, spec_of

from cdk_epc import check_request
from cdk_epc.rules import Severity, check
from cdk_epc.spec import EndpointConfigSpec
from cdk_epc.spec.context import ConfigContext, ModelContext
from cdk_epc.spec.role import Role
from cdk_epc.spec.unresolved import Unresolved

ARN = "arn:aws:iam::111122223333:role/fraud"
CONSOLE = "arn:aws:iam::111122223333:role/AmazonSageMaker-ExecutionRole-20260401T093000"
CONTAINER = {"Image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/fraud:7"}
VARIANT = {
    "VariantName": "main",
    "InstanceType": "ml.g5.xlarge",
    "InitialInstanceCount": 1,
}
CONFIG = {
    "EndpointConfigName": "fraud-1",
    "ExecutionRoleArn": ARN,
    "ProductionVariants": [VARIANT],
}


def of_model(arn: str = ARN, **more: Any) -> ModelContext:
    spec = model({"PrimaryContainer": CONTAINER, "ExecutionRoleArn": arn})
    return ModelContext(model=spec, **more)


def of_config(arn: str = ARN, **more: Any) -> ConfigContext:
    spec = spec_of(EndpointConfigSpec, {**CONFIG, "ExecutionRoleArn": arn})
    return ConfigContext(config=spec, **more)


def found(subject: Any) -> list[str]:
    return [each.rule_id for each in check(subject) if each.rule_id.startswith("role-")]


def test_services_that_may_assume_a_role() -> None:
    for services, expected in (
        (None, []),
        ({"sagemaker.amazonaws.com"}, []),
        ({"lambda.amazonaws.com", "sagemaker.amazonaws.com"}, []),
        ({"sagemaker.eu-west-1.amazonaws.com"}, []),
        ({"sagemaker.amazonaws.com.cn"}, []),
        ({"*"}, []),
        ({"lambda.amazonaws.com"}, ["role-not-assumable"]),
        ({"sagemaker.example.com"}, ["role-not-assumable"]),
        (set[str](), ["role-not-assumable"]),
    ):
        trusted = None if services is None else frozenset(services)
        role = Role(logical_id="Role", trusted_services=trusted)
        assert found(of_model(execution_role=role)) == expected, services
        assert found(of_config(execution_role=role)) == expected, services


def test_words_of_a_role_for_other_services() -> None:
    services = frozenset({"lambda.amazonaws.com", "edgelambda.amazonaws.com"})
    for trusted, words in (
        (services, "edgelambda.amazonaws.com and lambda.amazonaws.com"),
        (frozenset[str](), "no service"),
    ):
        role = Role(logical_id="Role", trusted_services=trusted)
        (finding,) = check(of_model(execution_role=role))
        assert finding.severity is Severity.ERROR
        assert finding.path == "ExecutionRoleArn"
        assert finding.message == (
            f"role Role can be assumed by {words}; must allow sagemaker.amazonaws.com to assume it"
        )


def test_a_role_of_several_models_is_reported_once() -> None:
    role = Role(logical_id="Role", trusted_services=frozenset())
    assert found(of_model(execution_role=role, earlier_models=(of_model(),))) == []


def test_account_of_a_role() -> None:
    for account, arn, expected in (
        ("111122223333", ARN, []),
        (None, ARN, []),
        ("444455556666", ARN, ["role-account-mismatch"]),
        ("444455556666", ARN.replace(":aws:", ":aws-cn:"), ["role-account-mismatch"]),
        ("444455556666", "arn:aws:iam::${Token[Account]}:role/fraud", []),
    ):
        assert found(of_model(arn, account=account)) == expected
        assert found(of_config(arn, account=account)) == expected
    parameter: Any = Unresolved({"Ref": "Role"})
    assert found(of_model(parameter, account="444455556666")) == []
    unknown = {("execution_role_arn",): "arn:*:iam::*:role/fraud"}
    assert found(of_model(account="444455556666", texts=unknown)) == []


def test_path_of_a_role_of_the_console() -> None:
    with_path = CONSOLE.replace(":role/", ":role/service-role/")
    for arn, expected in (
        (CONSOLE, ["role-path-missing"]),
        (with_path, []),
        (f"{CONSOLE}-ours", []),
        (CONSOLE.replace("20260401T", "2026T"), []),
    ):
        assert found(of_model(arn)) == expected
        assert found(of_config(arn)) == expected
    (finding,) = check(of_model(CONSOLE))
    assert finding.severity is Severity.WARNING
    assert finding.fix == f"Write {with_path}."
    # A role of the app may have such a name.
    assert found(of_model(CONSOLE, execution_role=Role(logical_id="Role"))) == []
    unknown = {("execution_role_arn",): CONSOLE.replace("111122223333", "*")}
    assert found(of_model(texts=unknown)) == ["role-path-missing"]


def test_path_of_a_role_in_a_request() -> None:
    request = changed(CONFIG, ("ExecutionRoleArn",), CONSOLE)
    ids = {each.rule_id for each in check_request(request)}
    assert ids - {each.rule_id for each in check_request(CONFIG)} == {"role-path-missing"}
