"""Settings that model servers check at their start: pairs of limits, ids of models, scripts."""

from __future__ import annotations

from typing import Any

import pytest
from kit.subjects import model

from cdk_epc.rules import check

DLC = "763104351884.dkr.ecr.eu-west-1.amazonaws.com/"
TGI_1 = f"{DLC}huggingface-pytorch-tgi-inference:2.1.1-tgi1.4.5-gpu-py310-cu121-ubuntu22.04"
TGI_3 = f"{DLC}huggingface-pytorch-tgi-inference:2.7.0-tgi3.3.6-gpu-py311-cu124-ubuntu22.04"
TGI_0 = f"{DLC}huggingface-pytorch-tgi-inference:2.0.1-tgi0.9.3-gpu-py39-cu118-ubuntu20.04"
TOOLKIT = f"{DLC}huggingface-pytorch-inference:2.6.0-transformers4.51.3-cpu-py312-ubuntu22.04"
LMI = f"{DLC}djl-inference:0.33.0-lmi15.0.0-cu128"
SKLEARN = "141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"
IDS = ("token-limits-mismatch", "hub-model-is-url", "inference-script-missing")


def found(image: str, environment: Any, **container: Any) -> list[str]:
    """Return the messages of the rules of this module, without their path, and the fixes."""
    given = {"Image": image, **container}
    if environment is not None:
        given["Environment"] = environment
    return [
        f"{each.message.rpartition('Environment.')[2]} | {each.fix}"
        for each in check(model({"PrimaryContainer": given}))
        if each.rule_id in IDS
    ]


def limits(**values: Any) -> dict[str, Any]:
    return {"HF_MODEL_ID": "acme/fraud-7", **values}


TOO_LONG = (
    "MAX_INPUT_LENGTH is 4096; must be less than MAX_TOTAL_TOKENS (4096), which includes the "
    "generated tokens | Lower MAX_INPUT_LENGTH, or raise MAX_TOTAL_TOKENS."
)


@pytest.mark.parametrize(
    ("image", "environment", "expected"),
    [
        (TGI_1, limits(MAX_INPUT_LENGTH="4096", MAX_TOTAL_TOKENS="4096"), [TOO_LONG]),
        (TGI_3, limits(MAX_INPUT_LENGTH=4096, MAX_TOTAL_TOKENS=4096), [TOO_LONG]),
        (TGI_0, limits(MAX_INPUT_LENGTH="4096", MAX_TOTAL_TOKENS="4096"), []),
        (TGI_1, limits(MAX_INPUT_LENGTH="4095", MAX_TOTAL_TOKENS="4096"), []),
        (TGI_1, limits(MAX_INPUT_LENGTH="4k", MAX_TOTAL_TOKENS="4096"), []),
        (
            TGI_1,
            limits(MAX_INPUT_TOKENS="1", MAX_INPUT_LENGTH="4096", MAX_TOTAL_TOKENS="4096"),
            [],
        ),
        (
            TGI_1,
            limits(MAX_INPUT_LENGTH="8000", MAX_BATCH_PREFILL_TOKENS="4096"),
            [
                (
                    "MAX_BATCH_PREFILL_TOKENS is 4096; must not be less than "
                    "MAX_INPUT_LENGTH (8000) | "
                    "Raise MAX_BATCH_PREFILL_TOKENS to 8000 or more, or lower MAX_INPUT_LENGTH."
                )
            ],
        ),
        (TGI_3, limits(MAX_INPUT_LENGTH="8000", MAX_BATCH_PREFILL_TOKENS="4096"), []),
        (
            TGI_1,
            limits(
                MAX_TOTAL_TOKENS="8192",
                MAX_BATCH_PREFILL_TOKENS="4096",
                MAX_BATCH_TOTAL_TOKENS="2048",
            ),
            [
                (
                    "MAX_BATCH_TOTAL_TOKENS is 2048; must not be less than "
                    "MAX_BATCH_PREFILL_TOKENS "
                    "(4096) | Raise MAX_BATCH_TOTAL_TOKENS to 4096 or more, or lower "
                    "MAX_BATCH_PREFILL_TOKENS."
                ),
                (
                    "MAX_BATCH_TOTAL_TOKENS is 2048; must not be less than "
                    "MAX_TOTAL_TOKENS (8192) | "
                    "Raise MAX_BATCH_TOTAL_TOKENS to 8192 or more, or lower MAX_TOTAL_TOKENS."
                ),
            ],
        ),
    ],
)
def test_token_limits(image: str, environment: Any, expected: list[str]) -> None:
    assert found(image, environment) == expected


@pytest.mark.parametrize(
    ("image", "value", "fix"),
    [
        (TGI_1, "https://huggingface.co/acme/fraud-7", "Set HF_MODEL_ID to acme/fraud-7."),
        (
            TGI_1,
            "s3://amzn-s3-demo-bucket/fraud/",
            "Give the S3 URI as model data, and set HF_MODEL_ID to /opt/ml/model.",
        ),
        (
            TOOLKIT,
            "s3://amzn-s3-demo-bucket/fraud/",
            "Give the S3 URI as model data, and remove HF_MODEL_ID.",
        ),
        (
            TOOLKIT,
            "https://huggingface.co/acme/fraud-7/tree/main",
            "Set HF_MODEL_ID to the id of the model, such as organisation/name.",
        ),
        (LMI, "s3://amzn-s3-demo-bucket/fraud/", None),
        (TGI_1, "acme/fraud-7", None),
        (TGI_1, "/opt/ml/model", None),
    ],
)
def test_id_of_a_model(image: str, value: str, fix: str | None) -> None:
    messages = found(image, {"HF_MODEL_ID": value})
    expected = (
        f"HF_MODEL_ID is {value!r}; must be the id of a model of the Hugging Face Hub, not a URL | "
    )
    assert messages == ([] if fix is None else [f"{expected}{fix}"])


@pytest.mark.parametrize(
    ("image", "environment", "container", "expected"),
    [
        (SKLEARN, None, {}, 1),
        (SKLEARN, {"LOG_LEVEL": "20"}, {"Mode": "MultiModel", "ModelDataUrl": "s3://b/m/"}, 1),
        (SKLEARN, {"SAGEMAKER_PROGRAM": "inference.py"}, {}, 0),
        (SKLEARN.replace("141502667606", "111122223333"), None, {}, 0),
        (TOOLKIT, None, {}, 0),
    ],
)
def test_inference_script(
    image: str, environment: Any, container: dict[str, Any], expected: int
) -> None:
    messages = found(image, environment, **container)
    assert [each.partition(" has no ")[2].partition(",")[0] for each in messages] == [
        "SAGEMAKER_PROGRAM"
    ] * expected
