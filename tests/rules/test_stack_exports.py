"""Rules on names that are imported from other stacks."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from cdk_epc.rules import Finding, Severity, check
from cdk_epc.spec import (
    EndpointConfigSpec,
    EndpointSpec,
    InferenceComponentSpec,
    Path,
    ProductionVariant,
)
from cdk_epc.spec.context import ConfigContext, EndpointContext, InferenceComponentContext
from cdk_epc.spec.unresolved import Unresolved

UNRESOLVED: Any = Unresolved({"Fn::ImportValue": "name"})
URL = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html"
WEAK_URL = (
    "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
    "intrinsic-function-reference-getstackoutput.html"
)
VARIANT = ProductionVariant(variant_name="main", model_name="m", instance_type="ml.m5.large")


def found(subject: Any, rule: str) -> list[Finding]:
    return [each for each in check(subject) if each.rule_id == rule]


def test_a_configuration_of_another_stack() -> None:
    subject = EndpointContext(
        endpoint=EndpointSpec(endpoint_config_name=UNRESOLVED), is_config_imported=True
    )
    assert found(subject, "endpoint-config-imported") == [
        Finding(
            rule_id="endpoint-config-imported",
            severity=Severity.WARNING,
            path="EndpointConfigName",
            got="an export of another stack",
            allowed="a configuration in the same stack, because this strong reference blocks each "
            "update that replaces the configuration",
            message="EndpointConfigName is an export of another stack; must be a configuration in "
            "the same stack, because this strong reference blocks each update that replaces the "
            "configuration",
            fix="Create the configuration and its models in the stack of the endpoint.",
            source_url=URL,
        )
    ]
    local = attrs.evolve(subject, is_config_imported=False)
    assert found(local, "endpoint-config-imported") == []


@pytest.mark.parametrize(
    ("subject", "path", "words"),
    [
        (
            ConfigContext(config=EndpointConfigSpec(production_variants=[VARIANT])),
            ("production_variants", 0, "model_name"),
            "ProductionVariants[0].ModelName",
        ),
        (
            InferenceComponentContext(component=InferenceComponentSpec(endpoint_name="shared")),
            ("specification", "model_name"),
            "Specification.ModelName",
        ),
    ],
)
def test_a_model_of_another_stack(subject: Any, path: Path, words: str) -> None:
    assert found(subject, "model-imported") == []
    imported = attrs.evolve(subject, imported_models=frozenset({path}))
    assert found(imported, "model-imported") == [
        Finding(
            rule_id="model-imported",
            severity=Severity.WARNING,
            path=words,
            got="an export of another stack",
            allowed="a model in the same stack, because this strong reference blocks each update "
            "that replaces the model",
            message=f"{words} is an export of another stack; must be a model in the same stack, "
            "because this strong reference blocks each update that replaces the model",
            fix="Create the model in the same stack; its artifacts can come from another one.",
            source_url=URL,
        )
    ]
    weak = attrs.evolve(imported, weak_references=frozenset({path}))
    (finding,) = found(weak, "model-imported")
    assert finding.message == (
        f"{words} is an output of another stack; must be a model in the same stack, because with "
        "this weak reference an update of the other stack deletes a model that is still in use"
    )
    assert finding.fix.endswith("set the UpdateReplacePolicy of the model to Retain.")
    assert finding.source_url == WEAK_URL
