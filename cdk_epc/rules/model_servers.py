"""Rules on the settings that model servers in AWS's images check at their start."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from cdk_epc.rules._container_environments import (
    ContainerOwner,
    RunContainer,
    Server,
    containers_of,
)
from cdk_epc.rules._container_images import has_published_image
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import InferenceComponentSpec, ModelSpec
from cdk_epc.spec.unresolved import is_integer

_ABOUT: Final = (ModelSpec, InferenceComponentSpec)

_HUB: Final = "https://huggingface.co/docs/huggingface_hub/package_reference/utilities"
_SKLEARN: Final = "https://github.com/aws/sagemaker-scikit-learn-container/issues/82"

_VERSION: Final = re.compile(r"tgi(\d+)\..*", re.ASCII)
_NUMBER: Final = re.compile(r"\d{1,9}", re.ASCII)
_CHECKED_SINCE: Final = 1
"""Version of Text Generation Inference with all checks of the limits."""
_CHUNKED_SINCE: Final = 3
"""Version of Text Generation Inference that divides long inputs into smaller parts."""
_INPUT: Final = ("MAX_INPUT_TOKENS", "MAX_INPUT_LENGTH")
_TOTAL: Final = ("MAX_TOTAL_TOKENS",)
_PREFILL: Final = ("MAX_BATCH_PREFILL_TOKENS",)
_BATCH: Final = ("MAX_BATCH_TOTAL_TOKENS",)


def _limit(container: RunContainer, names: tuple[str, ...]) -> tuple[str, int] | None:
    """Return the variable and the value of a limit, if it is given once and known."""
    given = [name for name in names if name in container.environment]
    if len(given) != 1:
        return None
    value = container.environment[given[0]]
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return given[0], int(value)
    return (given[0], value) if is_integer(value) else None


def _major_version(container: RunContainer) -> int | None:
    """Return the major version of Text Generation Inference in an image that AWS publishes."""
    image = container.reference
    if image is None or container.server() is not Server.TGI:
        return None
    found = next(filter(None, map(_VERSION.fullmatch, image.tag_parts)), None)
    return int(found[1]) if found else None


@rule(
    id="token-limits-mismatch",
    title="The token limits of Text Generation Inference must fit each other",
    why="The server ends at its start with: `max_input_tokens` must be < `max_total_tokens`, or "
    "with the words for another pair, and the container never passes its health check.",
    fix="Lower the limit of the input, or raise the other one.",
    evidence=Evidence.REAL_ERROR,
    source_url="https://github.com/bytedance/UI-TARS/issues/153",
    about=_ABOUT,
    requires=("environment",),
)
def token_limits_mismatch(spec: ContainerOwner) -> Iterator[Violation]:
    for container in containers_of(spec):
        version = _major_version(container) if container.environment else None
        if version is None or version < _CHECKED_SINCE:
            continue
        given, total = _limit(container, _INPUT), _limit(container, _TOTAL)
        if given and total and given[1] >= total[1]:
            yield Violation(
                path=container.place(given[0]),
                got=given[1],
                must=f"be less than {total[0]} ({total[1]}), which includes the generated tokens",
                fix=f"Lower {given[0]}, or raise {total[0]}.",
            )
        if version >= _CHUNKED_SINCE:
            continue
        prefill, batch = _limit(container, _PREFILL), _limit(container, _BATCH)
        for small, large in ((given, prefill), (prefill, batch), (total, batch)):
            if small and large and small[1] > large[1]:
                yield Violation(
                    path=container.place(large[0]),
                    got=large[1],
                    must=f"not be less than {small[0]} ({small[1]})",
                    fix=f"Raise {large[0]} to {small[1]} or more, or lower {small[0]}.",
                )


_MODEL_ID: Final = "HF_MODEL_ID"
_URL: Final = re.compile(r"(https?|s3)://.*", re.DOTALL)
_HUB_URL: Final = re.compile(r"https?://(?:www\.)?huggingface\.co/([\w.-]+/[\w.-]+)/?", re.ASCII)
_HUB_ONLY: Final = (Server.TGI, Server.TEI, Server.TOOLKIT)


@rule(
    id="hub-model-is-url",
    title="HF_MODEL_ID must be the id of a model, not a URL",
    why="The server asks the Hugging Face Hub for the model and ends with: Repo id must be in the "
    "form 'repo_name' or 'namespace/repo_name'. The container never passes its health check.",
    fix="Set HF_MODEL_ID to the id of the model; give artifacts in S3 as model data.",
    evidence=Evidence.DOCUMENTED,
    source_url=_HUB,
    about=_ABOUT,
    requires=("environment",),
)
def hub_model_is_url(spec: ContainerOwner) -> Iterator[Violation]:
    for container in containers_of(spec):
        value = container.value(_MODEL_ID)
        if value is None or not _URL.fullmatch(value) or container.server() not in _HUB_ONLY:
            continue
        if container.may_be_multi_model:
            continue
        yield Violation(
            path=container.place(_MODEL_ID),
            got=value,
            must="be the id of a model of the Hugging Face Hub, not a URL",
            fix=_id_fix(container, value),
        )


def _id_fix(container: RunContainer, value: str) -> str:
    if found := _HUB_URL.fullmatch(value):
        return f"Set {_MODEL_ID} to {found[1]}."
    if not value.startswith("s3://"):
        return f"Set {_MODEL_ID} to the id of the model, such as organisation/name."
    if container.server() is Server.TOOLKIT:
        return f"Give the S3 URI as model data, and remove {_MODEL_ID}."
    return f"Give the S3 URI as model data, and set {_MODEL_ID} to /opt/ml/model."


_PROGRAM: Final = "SAGEMAKER_PROGRAM"
_SCRIPT_SERVERS: Final[Mapping[str, str]] = {"sagemaker-scikit-learn": "scikit-learn"}
"""Repositories whose server has no model loader of its own, with the name of the framework."""


@rule(
    id="inference-script-missing",
    title="A container with SageMaker's scikit-learn image should name its inference script",
    why="The server imports the script that SAGEMAKER_PROGRAM names, because it cannot load a "
    "model itself. Without the variable it ends with: 'NoneType' object has no attribute "
    "'startswith', and the container never passes its health check.",
    fix="Set SAGEMAKER_PROGRAM to the script, and SAGEMAKER_SUBMIT_DIRECTORY to its folder.",
    evidence=Evidence.REAL_ERROR,
    source_url=_SKLEARN,
    about=_ABOUT,
    severity=Severity.WARNING,
    when=has_published_image,
)
def inference_script_missing(spec: ContainerOwner) -> Iterator[Violation]:
    for container in containers_of(spec):
        image = container.reference
        if (
            image is None
            or not image.is_published
            or image.repository is None
            or image.repository not in _SCRIPT_SERVERS
            or not container.is_environment_known
            or container.is_package
            or _PROGRAM in container.environment
        ):
            continue
        framework = _SCRIPT_SERVERS[image.repository]
        yield Violation(
            path=(*container.path, "environment"),
            got=Words("an environment") if container.environment else None,
            sentence=f"`environment` has no {_PROGRAM}, without which the {framework} server does "
            "not start",
            fix=f"Set {_PROGRAM} to the name of the script, such as inference.py, and "
            "SAGEMAKER_SUBMIT_DIRECTORY to its folder, such as /opt/ml/model/code.",
        )


RULES: Final = (token_limits_mismatch, hub_model_is_url, inference_script_missing)
