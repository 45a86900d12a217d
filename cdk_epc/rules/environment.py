"""Rules on the environment of containers: quotation marks, wrong variables and values."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Final

from cdk_epc.rules._container_environments import (
    ContainerOwner,
    RunContainer,
    Server,
    containers_of,
)
from cdk_epc.rules._model_features import is_marketplace
from cdk_epc.rules.rule import Evidence, Severity, Violation, Words, rule
from cdk_epc.spec import InferenceComponentSpec, ModelSpec
from cdk_epc.spec.unresolved import is_string

_ABOUT: Final = (ModelSpec, InferenceComponentSpec)
_VARIANT: Final = (
    "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html"
)
_JSON_KEYS: Final = ("_JSON", "_CONFIG", "_ARGS", "SAGEMAKER_SPARKML_SCHEMA")


@rule(
    id="environment-value-quoted",
    title="The value of an environment variable should not be in quotation marks",
    why="The container reads the marks as a part of the value: the hub refuses a token in "
    "quotation marks with status 401, for example.",
    fix="Remove the quotation marks.",
    evidence=Evidence.REAL_ERROR,
    source_url="https://github.com/huggingface/text-generation-inference/issues/479",
    about=_ABOUT,
    requires=("environment",),
    severity=Severity.WARNING,
)
def environment_value_quoted(spec: ContainerOwner) -> Iterator[Violation]:
    for container in containers_of(spec):
        for key, value in container.environment.items():
            if is_string(value) and is_string(key) and _is_quoted(key, value):
                yield Violation(
                    path=container.place(key),
                    got=Words("a text in quotation marks"),
                    sentence=f"{key} has quotation marks around its value, which become a part of "
                    "it",
                    fix="Remove the quotation marks.",
                    python_fix="Pass the text itself, without json.dumps().",
                )


def _is_quoted(key: str, value: str) -> bool:
    """Return whether a value is a JSON string of a variable that is not meant as JSON."""
    if not value.startswith('"') or key.endswith(_JSON_KEYS):
        return False
    try:
        json.loads(value)
    except ValueError:
        return False
    return True


_API_MEMBERS: Final[Mapping[str, str]] = {
    **{
        name.lower(): name
        for name in (
            "ContainerStartupHealthCheckTimeoutInSeconds",
            "ModelDataDownloadTimeoutInSeconds",
            "InferenceAmiVersion",
            "InitialInstanceCount",
            "InstanceType",
            "VolumeSizeInGB",
            "EnableSSMAccess",
            "RoutingConfig",
            "EnableNetworkIsolation",
        )
    },
    # Arguments of SageMaker's Python SDK.
    "containerstartuphealthchecktimeout": "ContainerStartupHealthCheckTimeoutInSeconds",
    "modeldatadownloadtimeout": "ModelDataDownloadTimeoutInSeconds",
}
"""Members of the API by their names in lower case."""


def api_member_violations(container: RunContainer) -> Iterator[Violation]:
    """Yield each environment variable with the name of a member of the API."""
    for key in container.environment:
        member = _API_MEMBERS.get(key.replace("_", "").lower()) if is_string(key) else None
        if member is not None:
            owner = _owner_of(container, member)
            yield Violation(
                path=container.place(key),
                got=Words("an environment variable"),
                sentence=f"{key} is an environment variable, which SageMaker does not read; "
                f"{member} is a member of {owner}",
                fix=f"Set {member} of {owner} instead.",
            )


def _owner_of(container: RunContainer, member: str) -> str:
    if container.is_component and member.endswith("TimeoutInSeconds"):
        return "the startup parameters"
    if member == "EnableNetworkIsolation" and not container.is_component:
        return "the model"
    return "the configuration" if member == "EnableNetworkIsolation" else "the variant"


def is_published(container: RunContainer) -> bool:
    """Return whether AWS publishes the image of a container."""
    reference = container.reference
    return reference is not None and reference.is_published


@rule(
    id="environment-variable-ignored",
    title="Settings of a variant or a model should not be environment variables",
    why="SageMaker does not read the environment, and no server in its images knows these "
    "settings, so that the default applies.",
    fix="Set the member of the variant or the model.",
    evidence=Evidence.DOCUMENTED,
    source_url=_VARIANT,
    about=_ABOUT,
    requires=("environment",),
    severity=Severity.WARNING,
)
def environment_variable_ignored(spec: ContainerOwner) -> Iterator[Violation]:
    for container in containers_of(spec):
        if is_published(container):
            yield from api_member_violations(container)


@rule(
    id="environment-with-marketplace",
    title="A container with a package from AWS Marketplace should have no environment",
    why="The deployment fails with: Environment variable map cannot be specified when using a "
    "ModelPackage subscribed from AWS Marketplace. AWS allows it for some listings only.",
    fix="Remove Environment, or acknowledge the finding if the seller supports it.",
    evidence=Evidence.REAL_ERROR,
    source_url="https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-mkt-model-pkg.html",
    about=(ModelSpec,),
    requires=("environment", "model_package_name"),
    severity=Severity.WARNING,
)
def environment_with_marketplace(spec: ModelSpec) -> Iterator[Violation]:
    for path, container in spec.every_container():
        if container.environment and is_marketplace(container):
            yield Violation(
                path=(*path, "environment"),
                got=Words("an environment"),
                not_allowed="with a model package from AWS Marketplace",
                fix="Remove `environment`, or acknowledge the finding if the seller of the "
                "package supports it.",
            )


_WHOLE: Final = (re.compile(r"\s*[+-]?[0-9]+\s*", re.ASCII), "be a whole number")
_POSITIVE: Final = (re.compile(r"[1-9][0-9]*", re.ASCII), "be a whole number above 0")
_POSITIVE_OR_MAX: Final = (
    re.compile(r"[1-9][0-9]*|max", re.ASCII),
    "be a whole number above 0, or max",
)
_FLAG: Final = (
    re.compile("y|yes|t|true|on|1|n|no|f|false|off|0", re.ASCII | re.IGNORECASE),
    "be true or false",
)
_FORMS: Final[Mapping[Server, Mapping[str, tuple[re.Pattern[str], str]]]] = {
    Server.TGI: {"SM_NUM_GPUS": _POSITIVE, "NUM_SHARD": _POSITIVE},
    Server.TOOLKIT: {
        "HF_TRUST_REMOTE_CODE": _FLAG,
        "HF_OPTIMUM_SEQUENCE_LENGTH": _POSITIVE,
        "HF_OPTIMUM_BATCH_SIZE": _POSITIVE,
        "SAGEMAKER_MODEL_SERVER_TIMEOUT": _WHOLE,
        "SAGEMAKER_MODEL_SERVER_TIMEOUT_SECONDS": _WHOLE,
        "SAGEMAKER_STARTUP_TIMEOUT": _WHOLE,
    },
    Server.LMI: {
        "TENSOR_PARALLEL_DEGREE": _POSITIVE_OR_MAX,
        "OPTION_TENSOR_PARALLEL_DEGREE": _POSITIVE_OR_MAX,
    },
    Server.VLLM: {
        "SM_VLLM_TENSOR_PARALLEL_SIZE": _POSITIVE,
        "SM_VLLM_PIPELINE_PARALLEL_SIZE": _POSITIVE,
        "SM_VLLM_DATA_PARALLEL_SIZE": _POSITIVE,
    },
    Server.SGLANG: {
        "SM_SGLANG_TP": _POSITIVE,
        "SM_SGLANG_TP_SIZE": _POSITIVE,
        "SM_SGLANG_TENSOR_PARALLEL_SIZE": _POSITIVE,
    },
}
"""Variables with a form that the server requires, by server."""


@rule(
    id="environment-value-invalid",
    title="The value of an environment variable should have the form that the server requires",
    why="The server in the container raises an error for any other value and does not start.",
    fix="Correct the value.",
    evidence=Evidence.DOCUMENTED,
    source_url="https://github.com/aws/sagemaker-huggingface-inference-toolkit",
    about=_ABOUT,
    requires=("environment",),
    severity=Severity.WARNING,
)
def environment_value_invalid(spec: ContainerOwner) -> Iterator[Violation]:
    for container in containers_of(spec):
        server = container.server()
        for variable, (form, must) in _FORMS.get(server, {}).items() if server else ():
            value = container.value(variable)
            if value is not None and not form.fullmatch(value):
                yield Violation(
                    path=container.place(variable),
                    got=value,
                    must=must,
                    fix=f"Correct the value, or remove {variable} to use the default.",
                )


_PORT: Final = "8080"
_LOOPBACK: Final = ("127.0.0.1", "localhost")
_ADDRESSES: Final[Mapping[Server, tuple[str, str]]] = {
    Server.VLLM: ("SM_VLLM_PORT", "SM_VLLM_HOST"),
    Server.SGLANG: ("SM_SGLANG_PORT", "SM_SGLANG_HOST"),
}
"""Variables of the port and the host of a server."""


@rule(
    id="server-address-unreachable",
    title="The server in a container should listen on port 8080 of all addresses",
    why="SageMaker sends health checks and requests to port 8080 of the container, so that a "
    "server at another address never passes its health check.",
    fix="Remove the variable of the port or the host.",
    evidence=Evidence.DOCUMENTED,
    source_url="https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html",
    about=_ABOUT,
    requires=("environment",),
    severity=Severity.WARNING,
)
def server_address_unreachable(spec: ContainerOwner) -> Iterator[Violation]:
    for container in containers_of(spec):
        server = container.server()
        if server is None or server not in _ADDRESSES:
            continue
        port, host = _ADDRESSES[server]
        given = container.value(port)
        if given is not None and given != _PORT:
            yield Violation(
                path=container.place(port),
                got=given,
                must=f"be {_PORT}, the port to which SageMaker sends health checks",
                fix=f"Remove {port}.",
            )
        given = container.value(host)
        if given in _LOOPBACK:
            yield Violation(
                path=container.place(host),
                got=given,
                must="be 0.0.0.0 because SageMaker sends health checks from outside the container",
                fix=f"Remove {host}.",
            )


RULES: Final = (
    environment_value_quoted,
    environment_variable_ignored,
    environment_with_marketplace,
    environment_value_invalid,
    server_address_unreachable,
)
