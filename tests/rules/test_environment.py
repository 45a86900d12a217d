"""Rules on environments and models of the Hugging Face Hub: a container and all of its findings."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from kit.subjects import component, model

from cdk_epc.rules import check
from cdk_epc.rules.security import SECURITY_CONTROLS
from cdk_epc.spec import EndpointConfigSpec, ModelSpec
from cdk_epc.spec.context import ConfigContext, InferenceComponentContext, ReferencedModel
from cdk_epc.spec.unresolved import Unresolved

DLC = "763104351884.dkr.ecr.eu-west-1.amazonaws.com/"
OWN = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/scorer:1"
TGI = f"{DLC}huggingface-pytorch-tgi-inference:2.7.0-tgi3.3.6-gpu-py311-cu124-ubuntu22.04"
TEI = "141502667606.dkr.ecr.eu-west-1.amazonaws.com/tei-cpu:2.0.1-tei1.2.3-cpu-py310-ubuntu22.04"
TOOLKIT = f"{DLC}huggingface-pytorch-inference:2.6.0-transformers4.51.3-cpu-py312-ubuntu22.04"
TRANSFORMERS_5 = TOOLKIT.replace("4.51.3", "5.5.3")
VLLM = f"{DLC}vllm:0.19-gpu-py312"
SGLANG = f"{DLC}sglang:0.5.10-gpu-py312"
LMI = f"{DLC}djl-inference:0.36.0-lmi27.0.0-cu130"
PYTORCH = f"{DLC}pytorch-inference:2.6.0-cpu-py312"
DATA = "s3://b/model.tar.gz"
HUB = "acme/fraud-7"
UNKNOWN = "${Token[TOKEN.7]}"
MARKETPLACE = "arn:aws:sagemaker:eu-west-1:985815980388:model-package/seller-model"

WITH_ISOLATION = ["hub-model-with-isolation"]
MAYBE_WITH_ISOLATION = ["hub-variable-with-isolation"]


def rules_of(image: str, environment: Any, *, isolated: bool = False, **others: Any) -> list[str]:
    container = {"Image": image, "Environment": environment, **others}
    spec = model({"PrimaryContainer": container, "EnableNetworkIsolation": isolated})
    return [each.rule_id for each in check(spec)]


ISOLATED: dict[str, tuple[str, dict[str, str], dict[str, Any], list[str]]] = {
    "TGI": (TGI, {"HF_MODEL_ID": HUB}, {}, WITH_ISOLATION),
    "TGI with artifacts": (TGI, {"HF_MODEL_ID": "/opt/ml/model"}, {"ModelDataUrl": DATA}, []),
    "TGI with a token": (TGI, {"HF_MODEL_ID": UNKNOWN}, {}, []),
    "TEI": (TEI, {"HF_MODEL_ID": "bge-m3"}, {}, WITH_ISOLATION),
    "the toolkit": (TOOLKIT, {"HF_MODEL_ID": HUB}, {}, WITH_ISOLATION),
    "the toolkit with many models": (
        TOOLKIT,
        {"HF_MODEL_ID": HUB},
        {"Mode": "MultiModel", "ModelDataUrl": "s3://b/a/"},
        [],
    ),
    "vLLM": (VLLM, {"HF_MODEL_ID": HUB}, {}, WITH_ISOLATION),
    "vLLM with artifacts": (VLLM, {"HF_MODEL_ID": HUB}, {"ModelDataUrl": DATA}, []),
    "vLLM that ignores the id": (VLLM, {"HF_MODEL_ID": HUB, "SM_VLLM_MODEL": "/opt/ml"}, {}, []),
    "vLLM that ignores artifacts": (
        VLLM,
        {"SM_VLLM_MODEL": HUB},
        {"ModelDataUrl": DATA},
        WITH_ISOLATION,
    ),
    "SGLang": (SGLANG, {"SM_SGLANG_MODEL_PATH": HUB}, {}, WITH_ISOLATION),
    "SGLang, another variable": (SGLANG, {"HF_MODEL_ID": HUB}, {}, []),
    "TGI with many models": (
        TGI,
        {"HF_MODEL_ID": HUB},
        {"Mode": "MultiModel", "ModelDataUrl": "s3://b/a/"},
        WITH_ISOLATION,
    ),
    "TGI that is offline": (
        TGI,
        {"HF_MODEL_ID": HUB, "HF_HUB_OFFLINE": "1"},
        {},
        WITH_ISOLATION,
    ),
    "TGI with its cache in the artifacts": (
        TGI,
        {"HF_MODEL_ID": HUB, "HF_HUB_OFFLINE": "1", "HF_HOME": "/opt/ml/model/cache"},
        {"ModelDataUrl": DATA},
        [],
    ),
    "TGI with artifacts and another cache": (
        TGI,
        {"HF_MODEL_ID": HUB, "HF_HUB_OFFLINE": "1", "HF_HOME": "/opt/cache"},
        {"ModelDataUrl": DATA},
        [*WITH_ISOLATION, "hub-model-with-artifacts"],
    ),
    "LMI, another variable": (LMI, {"SM_VLLM_MODEL": HUB}, {}, []),
    "LMI": (LMI, {"OPTION_MODEL_ID": HUB}, {}, WITH_ISOLATION),
    "LMI with a prefix": (LMI, {"HF_MODEL_ID": "s3://b/models/"}, {}, []),
    "LMI with artifacts": (LMI, {"HF_MODEL_ID": HUB}, {"ModelDataUrl": DATA}, MAYBE_WITH_ISOLATION),
    "LMI with artifacts, another variable": (
        LMI,
        {"SM_VLLM_MODEL": HUB},
        {"ModelDataUrl": DATA},
        [],
    ),
    "another image of AWS": (PYTORCH, {"HF_MODEL_ID": HUB}, {}, MAYBE_WITH_ISOLATION),
    "another image": (OWN, {"SM_VLLM_MODEL": HUB}, {}, MAYBE_WITH_ISOLATION),
    "another image that is offline": (OWN, {"HF_MODEL_ID": HUB, "HF_HUB_OFFLINE": "1"}, {}, []),
    "another image that is offline in other words": (
        OWN,
        {"HF_MODEL_ID": HUB, "TRANSFORMERS_OFFLINE": "1"},
        {},
        [],
    ),
    "another image that is not offline": (
        OWN,
        {"HF_MODEL_ID": HUB, "HF_HUB_OFFLINE": "0"},
        {},
        MAYBE_WITH_ISOLATION,
    ),
    "another image with a path": (OWN, {"HF_MODEL_ID": "./model"}, {}, []),
}


@pytest.mark.parametrize("case", ISOLATED)
def test_a_hub_model_with_isolation(case: str) -> None:
    image, environment, others, rules = ISOLATED[case]
    assert rules_of(image, environment, isolated=True, **others) == rules
    without = rules_of(image, environment, **others)
    assert not {*WITH_ISOLATION, *MAYBE_WITH_ISOLATION} & {*without}


def test_the_configuration_isolates_components() -> None:
    own = {"Container": {"Image": VLLM, "Environment": {"SM_VLLM_MODEL": HUB}}}
    named = {"ModelName": "assistant"}
    hub = model({"PrimaryContainer": {"Image": TGI, "Environment": {"HF_MODEL_ID": HUB}}})
    isolated_hub = attrs.evolve(hub, enable_network_isolation=True)
    found = {}
    for name, specification, spec in (
        ("own", own, hub),
        ("model", named, hub),
        ("isolated model", named, isolated_hub),
    ):
        for isolated in (True, False):
            subject = InferenceComponentContext(
                component=component({"EndpointName": "e", "Specification": specification}),
                config=ConfigContext(config=EndpointConfigSpec(enable_network_isolation=isolated)),
                models={
                    ("specification", "model_name"): ReferencedModel(model=spec, logical_id="Hub")
                }
                if specification is named
                else {},
            )
            found[name, isolated] = [
                (each.path, str(each.got))
                for each in check(subject)
                if each.rule_id == "hub-model-with-isolation"
            ]
    place = "Specification.Container.Environment.SM_VLLM_MODEL"
    assert found == {
        ("own", True): [(place, HUB)],
        ("own", False): [],
        ("model", True): [("Specification.ModelName", f"a model whose HF_MODEL_ID is '{HUB}'")],
        ("model", False): [],
        # The model has the finding itself.
        ("isolated model", True): [],
        ("isolated model", False): [],
    }
    owned = model({"PrimaryContainer": {"Image": OWN, "Environment": {"HF_MODEL_ID": HUB}}})
    maybe = InferenceComponentContext(
        component=component({"EndpointName": "e", "Specification": named}),
        config=ConfigContext(config=EndpointConfigSpec(enable_network_isolation=True)),
        models={("specification", "model_name"): ReferencedModel(model=owned, logical_id="Own")},
    )
    paths = [each.path for each in check(maybe) if each.rule_id in MAYBE_WITH_ISOLATION]
    assert paths == ["Specification.ModelName"]
    alone = component({"EndpointName": "e", "Specification": own})
    rules = [each.rule_id for each in check(InferenceComponentContext(component=alone))]
    assert "hub-model-with-isolation" not in rules


ARTIFACTS = {"ModelDataUrl": DATA}
WITH_MODEL = {"Environment": {"HF_MODEL_ID": "/opt/ml/model"}}
OTHER: dict[str, tuple[str, Any, dict[str, Any], list[str]]] = {
    "a hub model beside artifacts": (
        TGI,
        {"HF_MODEL_ID": HUB},
        ARTIFACTS,
        ["hub-model-with-artifacts"],
    ),
    "a hub model beside artifacts in the toolkit": (
        TOOLKIT,
        {"HF_MODEL_ID": HUB},
        ARTIFACTS,
        ["hub-model-with-artifacts"],
    ),
    "a hub model beside artifacts in TEI": (
        TEI,
        {"HF_MODEL_ID": HUB},
        ARTIFACTS,
        ["hub-model-with-artifacts"],
    ),
    "a hub model for many models": (
        TOOLKIT,
        {"HF_MODEL_ID": HUB},
        {"Mode": "MultiModel", "ModelDataUrl": "s3://b/a/"},
        [],
    ),
    "the artifacts of TGI": (TGI, {"HF_MODEL_ID": "/opt/ml/model"}, ARTIFACTS, []),
    "LMI decides itself": (LMI, {"HF_MODEL_ID": HUB}, ARTIFACTS, []),
    "vLLM takes the artifacts": (VLLM, {"HF_MODEL_ID": HUB}, ARTIFACTS, []),
    "another image decides itself": (OWN, {"HF_MODEL_ID": HUB}, ARTIFACTS, []),
    "a path for the toolkit": (
        TOOLKIT,
        {"HF_MODEL_ID": "/opt/ml/model"},
        ARTIFACTS,
        ["hub-model-is-path"],
    ),
    "a path for many models": (
        TOOLKIT,
        {"HF_MODEL_ID": "/opt/ml/model"},
        {"Mode": "MultiModel", "ModelDataUrl": "s3://b/a/"},
        [],
    ),
    "TGI without a model": (TGI, {"SM_NUM_GPUS": "1"}, {}, ["hub-model-missing"]),
    "TEI without a model": (TEI, {}, ARTIFACTS, ["hub-model-missing"]),
    "TGI with an unknown model": (TGI, {"HF_MODEL_ID": UNKNOWN}, {}, []),
    "another image without a model": (OWN, {}, {}, []),
    "a task": (TOOLKIT, {"HF_TASK": "translation_en_to_fr"}, ARTIFACTS, []),
    "a task that transformers 5 lacks": (
        TRANSFORMERS_5,
        {"HF_TASK": "summarization"},
        ARTIFACTS,
        ["hub-task-removed"],
    ),
    "a translation with transformers 5": (
        TRANSFORMERS_5,
        {"HF_TASK": "translation_en_to_fr"},
        ARTIFACTS,
        ["hub-task-removed"],
    ),
    "a task that transformers 4 has": (TOOLKIT, {"HF_TASK": "summarization"}, ARTIFACTS, []),
    "an unknown task": (TRANSFORMERS_5, {"HF_TASK": UNKNOWN}, ARTIFACTS, []),
    "a task of transformers 5": (TRANSFORMERS_5, {"HF_TASK": "fill-mask"}, ARTIFACTS, []),
    "a script with transformers 5": (
        TRANSFORMERS_5,
        {"HF_TASK": "summarization", "SAGEMAKER_PROGRAM": "inference.py"},
        ARTIFACTS,
        [],
    ),
    "such a task of another image": (
        TRANSFORMERS_5.replace("763104351884", "111122223333"),
        {"HF_TASK": "summarization"},
        ARTIFACTS,
        [],
    ),
    "an alias of a task": (TOOLKIT, {"HF_TASK": "ner"}, ARTIFACTS, []),
    "no such task": (TOOLKIT, {"HF_TASK": "sentence-similarity"}, ARTIFACTS, ["hub-task-unknown"]),
    "a task that a script may ignore": (
        TOOLKIT,
        {"HF_TASK": "mine", "SAGEMAKER_PROGRAM": "inference.py"},
        ARTIFACTS,
        [],
    ),
    "a task of another image": (OWN, {"HF_TASK": "mine"}, ARTIFACTS, []),
    "an empty task": (TOOLKIT, {"HF_TASK": ""}, ARTIFACTS, []),
    "quotation marks": (OWN, {"A": '"b"'}, {}, ["environment-value-quoted"]),
    "a quotation mark at one end": (OWN, {"A": '"b', "B": 'b"', "C": UNKNOWN}, {}, []),
    "quotation marks within": (OWN, {"A": 'say "b"', "B": '"'}, {}, []),
    "two texts in quotation marks": (OWN, {"A": '"b" "c"'}, {}, []),
    "JSON": (OWN, {"A": '{"b": "c"}', "LABELS_JSON": '"b"', "SERVER_ARGS": '"b"'}, {}, []),
    "a member of the API": (
        PYTORCH,
        {"instance_type": "ml.m5.xlarge"},
        {},
        ["environment-variable-ignored"],
    ),
    "a member of the model": (
        PYTORCH,
        {"ENABLE_NETWORK_ISOLATION": "true"},
        {},
        ["environment-variable-ignored"],
    ),
    "a time-out of the variant": (
        PYTORCH,
        {"MODEL_DATA_DOWNLOAD_TIMEOUT": "600"},
        {},
        ["environment-variable-ignored"],
    ),
    "a member of the API in another image": (OWN, {"INSTANCE_TYPE": "ml.m5.xlarge"}, {}, []),
    "no member of the API": (PYTORCH, {"INSTANCE": "1"}, {}, []),
    "a flag": (TOOLKIT, {"HF_TRUST_REMOTE_CODE": "True"}, ARTIFACTS, []),
    "no flag": (TOOLKIT, {"HF_TRUST_REMOTE_CODE": "2"}, ARTIFACTS, ["environment-value-invalid"]),
    "a timeout": (TOOLKIT, {"SAGEMAKER_MODEL_SERVER_TIMEOUT": " 60"}, ARTIFACTS, []),
    "a timeout with a unit": (
        TOOLKIT,
        {"SAGEMAKER_MODEL_SERVER_TIMEOUT": "60s"},
        ARTIFACTS,
        ["environment-value-invalid"],
    ),
    "all GPUs of LMI": (LMI, {"OPTION_TENSOR_PARALLEL_DEGREE": "max"}, {}, []),
    "all GPUs of TGI": (
        TGI,
        {"HF_MODEL_ID": HUB, "SM_NUM_GPUS": "max"},
        {},
        ["environment-value-invalid"],
    ),
    "no GPU": (SGLANG, {"SM_SGLANG_TP": "0"}, {}, ["environment-value-invalid"]),
    "a name that is no text": (OWN, {7: "8080"}, {}, ["value-pattern-mismatch"]),
    "an unknown number of GPUs": (VLLM, {"SM_VLLM_TENSOR_PARALLEL_SIZE": UNKNOWN}, {}, []),
    "the port": (VLLM, {"SM_VLLM_PORT": "8080", "SM_VLLM_HOST": "0.0.0.0"}, {}, []),  # noqa: S104
    "another port": (SGLANG, {"SM_SGLANG_PORT": "30000"}, {}, ["server-address-unreachable"]),
    "the loopback": (VLLM, {"SM_VLLM_HOST": "localhost"}, {}, ["server-address-unreachable"]),
    "the loopback in numbers": (
        SGLANG,
        {"SM_SGLANG_HOST": "127.0.0.1"},
        {},
        ["server-address-unreachable"],
    ),
    "an unknown port": (VLLM, {"SM_VLLM_PORT": UNKNOWN, "SM_VLLM_HOST": UNKNOWN}, {}, []),
    "the port of TGI": (TGI, {"HF_MODEL_ID": HUB, "SM_VLLM_PORT": "1"}, {}, []),
    "the port of another server": (VLLM, {"SM_SGLANG_PORT": "30000"}, {}, []),
}


@pytest.mark.parametrize("case", OTHER)
def test_findings_about_an_environment(case: str) -> None:
    image, environment, others, rules = OTHER[case]
    assert rules_of(image, environment, **others) == rules


CACHED: dict[str, Any] = {
    "Image": TGI,
    "Environment": {
        "HF_MODEL_ID": HUB,
        "HF_HUB_OFFLINE": "1",
        "HF_HOME": "/opt/ml/model/cache",
    },
}


@pytest.mark.parametrize(
    ("first", "second", "rules"),
    [
        ({"ModelPackageName": "scorer"}, (OWN, {"HF_MODEL_ID": HUB}), MAYBE_WITH_ISOLATION),
        (
            {"Image": OWN, "Environment": {"HF_HUB_OFFLINE": "1"}},
            (OWN, {"HF_MODEL_ID": HUB}),
            MAYBE_WITH_ISOLATION,
        ),
        ({"Image": OWN}, (TGI, {"HF_MODEL_ID": HUB}), WITH_ISOLATION),
        ({**CACHED, **ARTIFACTS}, (TGI, {"HF_MODEL_ID": HUB}), WITH_ISOLATION),
        ({"Image": OWN}, (TGI, {}), ["hub-model-missing"]),
        (
            {"Image": TGI, "Environment": {"HF_MODEL_ID": UNKNOWN}},
            (TGI, {}),
            ["hub-model-missing"],
        ),
        ({"Image": OWN}, (TOOLKIT, {"HF_TASK": "mine"}), ["hub-task-unknown"]),
        ({"Image": OWN}, (TRANSFORMERS_5, {"HF_TASK": "summarization"}), ["hub-task-removed"]),
        ({"Image": OWN}, (VLLM, {"SM_VLLM_PORT": "1"}), ["server-address-unreachable"]),
        (
            {"Image": TGI, **WITH_MODEL},
            (VLLM, {"SM_VLLM_PORT": "1"}),
            ["server-address-unreachable"],
        ),
    ],
)
def test_a_container_does_not_hide_the_next_one(
    first: dict[str, Any], second: tuple[str, dict[str, str]], rules: list[str]
) -> None:
    image, environment = second
    containers = [
        {**first, "ContainerHostname": "a"},
        {"Image": image, "Environment": environment, "ContainerHostname": "b"},
    ]
    isolated = any("isolation" in rule for rule in rules)
    spec = model({"Containers": containers, "EnableNetworkIsolation": isolated})
    found = [each for each in check(spec) if each.path.startswith("Containers[1]")]
    assert [each.rule_id for each in found] == rules


@pytest.mark.parametrize(
    ("image", "first"),
    [
        (TGI, {"HF_MODEL_ID": UNKNOWN}),
        (OWN, {"HF_MODEL_ID": HUB}),
        (TGI, CACHED["Environment"]),
    ],
)
def test_artifacts_of_several_containers(image: str, first: dict[str, str]) -> None:
    containers = [
        {"Image": image, "Environment": first, "ContainerHostname": "a", **ARTIFACTS},
        {
            "Image": TGI,
            "Environment": {"HF_MODEL_ID": HUB},
            "ContainerHostname": "b",
            **ARTIFACTS,
        },
    ]
    found = [(each.rule_id, each.path) for each in check(model({"Containers": containers}))]
    assert found == [("hub-model-with-artifacts", "Containers[1].Environment.HF_MODEL_ID")]


@pytest.mark.parametrize(
    ("image", "remedy"), [(TOOLKIT, "Remove HF_MODEL_ID to"), (TGI, "Set HF_MODEL_ID to /opt")]
)
def test_the_remedy_for_artifacts_that_are_never_read(image: str, remedy: str) -> None:
    container = {"Image": image, "Environment": {"HF_MODEL_ID": HUB}, **ARTIFACTS}
    (finding,) = check(model({"PrimaryContainer": container}))
    assert finding.fix.startswith(remedy)


def test_an_unknown_environment_has_no_finding() -> None:
    spec = model({"PrimaryContainer": {"Image": TGI, "Environment": {"HF_MODEL_ID": HUB}}})
    environment: Any = Unresolved({"Ref": "Environment"})
    assert spec.primary_container is not None
    container = attrs.evolve(spec.primary_container, environment=environment)
    assert check(ModelSpec(primary_container=container)) == []


@pytest.mark.parametrize(
    ("package", "environment", "rules"),
    [
        (MARKETPLACE, {"A": "b"}, ["environment-with-marketplace"]),
        (MARKETPLACE, {}, []),
        ("scorer", {"A": "b"}, []),
        ("scorer", {"HF_MODEL_ID": HUB}, []),
    ],
)
def test_the_environment_of_a_package(
    package: str, environment: dict[str, str], rules: list[str]
) -> None:
    container = {"ModelPackageName": package, "Environment": environment}
    spec = model({"PrimaryContainer": container, "EnableNetworkIsolation": True})
    assert [each.rule_id for each in check(spec)] == rules


@pytest.mark.parametrize(
    ("container", "rules"),
    [
        ({"Image": TGI, "Environment": {"HF_MODEL_ID": HUB}}, []),
        (
            {"Image": TGI, "Environment": {"HF_MODEL_ID": HUB}, "ArtifactUrl": DATA},
            ["hub-model-with-artifacts"],
        ),
        ({"Image": TGI, "Environment": {"SM_NUM_GPUS": "1"}}, ["hub-model-missing"]),
        ({"Image": TGI}, ["hub-model-missing"]),
        ({"Image": TGI, "Environment": Unresolved({"Ref": "Any"})}, []),
        (
            {"Image": TOOLKIT, "Environment": {"HF_MODEL_ID": "/opt/ml"}, "ArtifactUrl": DATA},
            ["hub-model-is-path"],
        ),
    ],
)
def test_the_container_of_a_component(container: dict[str, Any], rules: list[str]) -> None:
    spec = component({"EndpointName": "e", "Specification": {"Container": container}})
    assert [each.rule_id for each in check(spec) if each.rule_id.startswith("hub-")] == rules


def test_settings_of_a_component_have_other_owners() -> None:
    settings = {
        "MODEL_DATA_DOWNLOAD_TIMEOUT": "1",
        "EnableNetworkIsolation": "true",
        "InstanceType": "ml.m5.xlarge",
    }
    container = {"Image": PYTORCH, "Environment": settings}
    spec = component({"EndpointName": "e", "Specification": {"Container": container}})
    found = [each.fix for each in check(spec) if each.rule_id == "environment-variable-ignored"]
    assert found == [
        "Set ModelDataDownloadTimeoutInSeconds of the startup parameters instead.",
        "Set EnableNetworkIsolation of the configuration instead.",
        "Set InstanceType of the variant instead.",
    ]


def test_a_task_in_other_letters_has_a_suggestion() -> None:
    container = {"Image": TOOLKIT, "Environment": {"HF_TASK": "Text To_Image"}}
    (finding,) = check(model({"PrimaryContainer": container}))
    assert finding.fix == "Did you mean text-to-image?"


@pytest.mark.parametrize(
    ("value", "is_found"),
    [("hf_abc", True), ('"hf_abc"', True), (UNKNOWN, False), ("other", False)],
)
def test_a_token_of_the_hub_in_plain_text(
    value: str,
    is_found: bool,  # noqa: FBT001 - a column of the table
) -> None:
    container = {"Image": OWN, "Environment": {"HF_TOKEN": value}}
    found = [
        each.rule_id for each in check(model({"PrimaryContainer": container}), SECURITY_CONTROLS)
    ]
    assert ("security-hub-token-in-environment" in found) is is_found


@pytest.mark.parametrize(
    ("image", "is_found"),
    [
        ("520713654638.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-chainer:5.0.0-cpu-py3", True),
        ("520713654638.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-rl-mxnet:coach0.11-cpu-py3", True),
        ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-rl-mxnet:1", False),
        (PYTORCH, False),
    ],
)
def test_images_that_need_s3_with_isolation(
    image: str,
    is_found: bool,  # noqa: FBT001 - a column of the table
) -> None:
    for isolated in (True, False):
        found = rules_of(image, {}, isolated=isolated)
        assert ("model-image-with-isolation" in found) is (is_found and isolated)
