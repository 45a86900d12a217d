"""References and tokens: a reference to a resource counts as a value, a token may be none."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from kit.requests import FULL_REQUESTS, changed

from cdk_epc.rules import check
from cdk_epc.spec import EndpointConfigSpec, ProductionVariant
from cdk_epc.spec.unresolved import (
    Reference,
    ReferenceToken,
    Unresolved,
    is_set,
)
from cdk_epc.spec.wire import from_json

KEY = Unresolved({"Ref": "Key"}, Reference(type="AWS::KMS::Key", logical_id="Key"))
MODEL = Unresolved(
    {"Fn::GetAtt": ["Model", "ModelName"]},
    Reference(type="AWS::SageMaker::Model", logical_id="Model", attribute="ModelName"),
)
MAYBE = Unresolved({"Fn::If": ["IsProd", "a", {"Ref": "AWS::NoValue"}]})
TOKEN = "${Token[TOKEN.7]}"  # noqa: S105 - CDK's own way of writing one
VARIANT = "ProductionVariants[0]"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, False),
        (0, True),
        ("", True),
        (TOKEN, False),
        (ReferenceToken(TOKEN), True),
        (ReferenceToken("name"), True),
        (KEY, True),
        (MAYBE, False),
    ],
)
def test_is_set(value: object, expected: bool) -> None:  # noqa: FBT001 - a table
    assert is_set(value) is expected


def spec_of(request: dict[str, Any]) -> EndpointConfigSpec:
    return from_json(request)[0]


@pytest.mark.parametrize("key", [KEY, ReferenceToken(TOKEN)])
def test_a_key_by_reference_is_a_key(key: Any) -> None:
    request = changed(FULL_REQUESTS["shadow"], f"{VARIANT}.InstanceType", "ml.g5.xlarge")
    (finding,) = [
        each
        for each in check(attrs.evolve(spec_of(request), kms_key_id=key))
        if each.rule_id == "kms-key-with-local-storage"
    ]
    assert finding.message == (
        "KmsKeyId is not allowed with ml.g5.xlarge, which has local NVMe storage"
    )


@pytest.mark.parametrize("key", [TOKEN, MAYBE])
def test_a_key_that_may_be_none_is_not_reported(key: Any) -> None:
    request = changed(FULL_REQUESTS["shadow"], f"{VARIANT}.InstanceType", "ml.g5.xlarge")
    found = check(attrs.evolve(spec_of(request), kms_key_id=key))
    assert "kms-key-with-local-storage" not in {each.rule_id for each in found}


@pytest.mark.parametrize(
    ("model", "refused"),
    [(MODEL, True), (ReferenceToken(TOKEN), True), (MAYBE, False), (TOKEN, False)],
)
def test_a_model_by_reference_is_a_model(model: Any, refused: bool) -> None:  # noqa: FBT001
    spec = spec_of(FULL_REQUESTS["components"])
    assert spec.production_variants is not None
    variants = tuple(
        attrs.evolve(variant, model_name=model)
        for variant in spec.production_variants
        if isinstance(variant, ProductionVariant)
    )
    found = {each.rule_id for each in check(attrs.evolve(spec, production_variants=variants))}
    assert ("managed-scaling-with-model" in found) is refused
