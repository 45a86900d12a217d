"""Rules on environments with the accelerators of instances: a variant or component."""

from __future__ import annotations

from typing import Any

import pytest
from kit.subjects import component, model, spec_of

from cdk_epc.rules import check
from cdk_epc.spec import EndpointConfigSpec
from cdk_epc.spec.context import ConfigContext, InferenceComponentContext, ReferencedModel

DLC = "763104351884.dkr.ecr.eu-west-1.amazonaws.com/"
TEI = "141502667606.dkr.ecr.eu-west-1.amazonaws.com/tei:2.0.1-tei1.8.2-gpu-py310-cu122-ubuntu22.04"
TEI_CPU = "141502667606.dkr.ecr.eu-west-1.amazonaws.com/tei-cpu:2.0.1-tei1.2.3-cpu-py310"
TGI = f"{DLC}huggingface-pytorch-tgi-inference:2.7.0-tgi3.3.6-gpu-py311-cu124-ubuntu22.04"
TGI_NEURON = f"{DLC}huggingface-pytorch-tgi-inference:1.13.1-optimum0.0.19-neuronx-py310"
VLLM = f"{DLC}huggingface-vllm:0.29.0-transformers5.15.0-gpu-py312-cu130-ubuntu24.04-v1.0"
SGLANG = f"{DLC}sglang:0.5.10-gpu-py312"
LMI = f"{DLC}djl-inference:0.36.0-lmi27.0.0-cu130"
OWN = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/vllm:1"
NEURON = f"{DLC}pytorch-inference-neuron:1.13.1-neuron-py310-sdk2.20.2-ubuntu20.04"
NEURONX = f"{DLC}pytorch-inference-neuronx:2.8.0-neuronx-py311-sdk2.26.0-ubuntu22.04"
TOOLKIT_NEURONX = f"{DLC}huggingface-pytorch-inference-neuronx:2.8.0-transformers4.55.4-neuronx"
UNKNOWN = "${Token[TOKEN.7]}"
RULES = {"parallelism-too-large", "embeddings-with-several-gpus", "neuron-workers-too-many"}

Row = tuple[str, dict[str, str], str, list[str]]
TOO_LARGE = ["parallelism-too-large"]
WORKERS = "SAGEMAKER_MODEL_SERVER_WORKERS"
VARIANTS: dict[str, Row] = {
    "TGI with too many": (TGI, {"SM_NUM_GPUS": "4"}, "ml.g5.2xlarge", TOO_LARGE),
    "TGI with all": (TGI, {"SM_NUM_GPUS": "4"}, "ml.g5.12xlarge", []),
    "TGI with an unknown number": (TGI, {"SM_NUM_GPUS": UNKNOWN}, "ml.g5.2xlarge", []),
    "TGI for Inferentia on a GPU": (
        TGI_NEURON.replace("neuronx", "neuron"),
        {"SM_NUM_GPUS": "24"},
        "ml.g5.xlarge",
        [],
    ),
    "TGI without a number": (TGI, {}, "ml.g5.2xlarge", []),
    "TGI without a GPU": (TGI, {"SM_NUM_GPUS": "4"}, "ml.m5.xlarge", []),
    "TGI on an unknown type": (TGI, {"SM_NUM_GPUS": "4"}, "ml.zz9.xlarge", []),
    "TGI on Neuron": (TGI_NEURON, {"SM_NUM_GPUS": "24"}, "ml.inf2.xlarge", []),
    "TGI for Neuron on a GPU": (
        TGI_NEURON,
        {"SM_NUM_GPUS": "24"},
        "ml.g5.xlarge",
        [],
    ),
    "LMI with too many": (LMI, {"TENSOR_PARALLEL_DEGREE": "2"}, "ml.g5.2xlarge", TOO_LARGE),
    "LMI with all": (LMI, {"OPTION_TENSOR_PARALLEL_DEGREE": "max"}, "ml.g5.2xlarge", []),
    "vLLM with a product": (
        VLLM,
        {"SM_VLLM_TENSOR_PARALLEL_SIZE": "4", "SM_VLLM_PIPELINE_PARALLEL_SIZE": "2"},
        "ml.g5.12xlarge",
        TOO_LARGE,
    ),
    "vLLM with an unknown factor": (
        VLLM,
        {"SM_VLLM_TENSOR_PARALLEL_SIZE": "8", "SM_VLLM_DATA_PARALLEL_SIZE": UNKNOWN},
        "ml.g5.12xlarge",
        [],
    ),
    "vLLM with copies": (
        VLLM,
        {"SM_VLLM_DATA_PARALLEL_SIZE": "8", "SM_VLLM_PIPELINE_PARALLEL_SIZE": "1"},
        "ml.g5.12xlarge",
        TOO_LARGE,
    ),
    "TGI with the other variable": (TGI, {"NUM_SHARD": "2"}, "ml.g5.2xlarge", TOO_LARGE),
    "TGI reads the first variable": (
        TGI,
        {"NUM_SHARD": "8", "SM_NUM_GPUS": "1"},
        "ml.g5.2xlarge",
        [],
    ),
    "SGLang with too many": (SGLANG, {"SM_SGLANG_TP_SIZE": "2"}, "ml.g5.xlarge", TOO_LARGE),
    "another image": (OWN, {"SM_VLLM_TENSOR_PARALLEL_SIZE": "8"}, "ml.g5.xlarge", []),
    "TEI with several GPUs": (TEI, {}, "ml.g5.12xlarge", ["embeddings-with-several-gpus"]),
    "TEI with one GPU": (TEI, {"SM_NUM_GPUS": "1"}, "ml.g5.xlarge", []),
    "TEI with two GPUs": (TEI, {}, "ml.g7e.12xlarge", ["embeddings-with-several-gpus"]),
    "TEI on the CPU": (TEI_CPU, {}, "ml.g5.12xlarge", []),
    "workers as cores": (NEURON, {WORKERS: "4"}, "ml.inf1.2xlarge", []),
    "workers beyond cores": (
        NEURON,
        {WORKERS: "5"},
        "ml.inf1.2xlarge",
        ["neuron-workers-too-many"],
    ),
    "a worker per vCPU": (NEURON, {}, "ml.inf1.2xlarge", ["neuron-workers-too-many"]),
    "as many vCPUs as cores": (NEURON, {}, "ml.inf1.xlarge", []),
    "an unknown number of workers": (NEURON, {WORKERS: UNKNOWN}, "ml.inf1.2xlarge", []),
    "workers beyond cores of Inferentia2": (
        NEURONX,
        {WORKERS: "3"},
        "ml.inf2.xlarge",
        ["neuron-workers-too-many"],
    ),
    "workers in another account": (
        NEURON.replace("763104351884", "111122223333"),
        {WORKERS: "9"},
        "ml.inf1.2xlarge",
        [],
    ),
    "workers of the CPU image": (
        f"{DLC}pytorch-inference:2.6.0-cpu-py312",
        {WORKERS: "9"},
        "ml.inf1.2xlarge",
        [],
    ),
    "no workers on Inferentia2": (NEURONX, {}, "ml.inf2.xlarge", []),
    "the toolkit sets the workers": (TOOLKIT_NEURONX, {WORKERS: "9"}, "ml.inf2.xlarge", []),
    "workers without Neuron": (NEURON, {WORKERS: "9"}, "ml.g5.xlarge", []),
}


def config_of(variant: dict[str, Any]) -> EndpointConfigSpec:
    return spec_of(EndpointConfigSpec, {"ProductionVariants": [{"VariantName": "main", **variant}]})


def found(image: str, environment: dict[str, str], variant: dict[str, Any]) -> list[Any]:
    container = {"Image": image, "Environment": {"HF_MODEL_ID": "acme/fraud", **environment}}
    spec = model({"PrimaryContainer": container})
    subject = ConfigContext(
        config=config_of({"ModelName": "m", **variant}),
        models={
            ("production_variants", 0, "model_name"): ReferencedModel(model=spec, logical_id="M")
        },
    )
    return [each for each in check(subject) if each.rule_id in RULES]


@pytest.mark.parametrize("case", VARIANTS)
def test_findings_about_a_variant(case: str) -> None:
    image, environment, type_, rules = VARIANTS[case]
    findings = found(image, environment, {"InstanceType": type_})
    assert [each.rule_id for each in findings] == rules


def test_the_type_with_the_fewest_gpus_of_several_counts() -> None:
    pools = [
        {"InstanceType": type_, "Priority": at}
        for at, type_ in enumerate(("ml.g5.12xlarge", "ml.g5.2xlarge", "ml.g5.48xlarge"))
    ]
    (finding,) = found(TGI, {"SM_NUM_GPUS": "4"}, {"InstancePools": pools})
    assert (finding.path, finding.message) == (
        "ProductionVariants[0].InstancePools[1].InstanceType",
        "SM_NUM_GPUS is 4 in model M; must not exceed the 1 GPU of ml.g5.2xlarge",
    )


def test_a_container_does_not_hide_the_next_one() -> None:
    containers = [
        {"Image": OWN, "ContainerHostname": "a"},
        {"Image": NEURON, "ContainerHostname": "b"},
        {"Image": TGI, "Environment": {"SM_NUM_GPUS": "2"}, "ContainerHostname": "c"},
    ]
    spec = model({"Containers": containers})
    for type_, rule in (
        ("ml.inf1.2xlarge", "neuron-workers-too-many"),
        ("ml.g5.xlarge", "parallelism-too-large"),
    ):
        subject = ConfigContext(
            config=config_of({"ModelName": "m", "InstanceType": type_}),
            models={
                ("production_variants", 0, "model_name"): ReferencedModel(
                    model=spec, logical_id="M"
                )
            },
        )
        assert [each.rule_id for each in check(subject) if each.rule_id in RULES] == [rule]


def test_a_variant_without_gpus_does_not_hide_the_next_one() -> None:
    spec = model({"PrimaryContainer": {"Image": TGI, "Environment": {"SM_NUM_GPUS": "2"}}})
    variants = [
        {"VariantName": type_, "ModelName": "m", "InstanceType": type_}
        for type_ in ("ml.m5.xlarge", "ml.g5.xlarge")
    ]
    named = ReferencedModel(model=spec, logical_id="M")
    subject = ConfigContext(
        config=spec_of(EndpointConfigSpec, {"ProductionVariants": variants}),
        models={("production_variants", index, "model_name"): named for index in range(2)},
    )
    assert [each.path for each in check(subject) if each.rule_id in RULES] == [
        "ProductionVariants[1].InstanceType"
    ]


def test_messages_about_workers() -> None:
    (written,) = found(NEURON, {WORKERS: "5"}, {"InstanceType": "ml.inf1.2xlarge"})
    (missing,) = found(NEURON, {}, {"InstanceType": "ml.inf1.2xlarge"})
    assert [each.message for each in (written, missing)] == [
        (f"{WORKERS} is 5 in model M; must not exceed the 4 Neuron cores of ml.inf1.2xlarge"),
        (
            f"model M has no {WORKERS} and starts a worker for each of the 8 vCPUs; must not "
            "exceed the 4 Neuron cores of ml.inf1.2xlarge"
        ),
    ]


SIZE = "SM_VLLM_TENSOR_PARALLEL_SIZE"
LIMITS: dict[str, tuple[Any, str, str]] = {
    "required": (2, "ml.g5.12xlarge", "must not exceed the 2 GPUs that a copy requires"),
    "enough": (4, "ml.g5.12xlarge", ""),
    "unknown": (UNKNOWN, "ml.g5.2xlarge", ""),
    "not given": (None, "ml.g5.2xlarge", "must not exceed the 1 GPU of ml.g5.2xlarge"),
    "not given, without a GPU": (None, "ml.m5.xlarge", ""),
}


@pytest.mark.parametrize("case", LIMITS)
def test_findings_about_a_component(case: str) -> None:
    devices, type_, message = LIMITS[case]
    compute: dict[str, Any] = {"MinMemoryRequiredInMb": 1024}
    if devices is not None:
        compute["NumberOfAcceleratorDevicesRequired"] = devices
    container = {"Image": VLLM, "Environment": {SIZE: "4"}}
    for owner in ({"Container": container}, {"ModelName": "m"}):
        specification = {**owner, "ComputeResourceRequirements": compute}
        place = ReferencedModel(model=model({"PrimaryContainer": container}), logical_id="M")
        subject = InferenceComponentContext(
            component=component({"EndpointName": "e", "Specification": specification}),
            config=ConfigContext(config=config_of({"InstanceType": type_})),
            models={("specification", "model_name"): place} if "ModelName" in owner else {},
        )
        findings = [each for each in check(subject) if each.rule_id in RULES]
        in_model = " in model M" if "ModelName" in owner else ""
        path = "ModelName" if in_model else f"Container.Environment.{SIZE}"
        expected = [(f"Specification.{path}", f"{SIZE} is 4{in_model}; {message}")]
        assert [(each.path, each.message) for each in findings] == (expected if message else [])


def test_the_first_of_the_types_with_the_fewest_gpus_is_named() -> None:
    pools = [
        {"InstanceType": type_, "Priority": at}
        for at, type_ in enumerate(("ml.g6.12xlarge", "ml.g6.xlarge", "ml.g5.xlarge"))
    ]
    container = {"Image": VLLM, "Environment": {SIZE: "4"}}
    specification = {
        "Container": container,
        "ComputeResourceRequirements": {"MinMemoryRequiredInMb": 1024},
    }
    subject = InferenceComponentContext(
        component=component({"EndpointName": "e", "Specification": specification}),
        config=ConfigContext(config=config_of({"InstancePools": pools})),
    )
    (finding,) = (each for each in check(subject) if each.rule_id in RULES)
    assert finding.message == f"{SIZE} is 4; must not exceed the 1 GPU of ml.g6.xlarge"


def test_specifications_of_a_component_are_judged_one_by_one() -> None:
    def specification(type_: str, gpus: str, devices: Any) -> dict[str, Any]:
        container = {"Image": VLLM, "Environment": {SIZE: gpus}}
        compute = {"NumberOfAcceleratorDevicesRequired": devices, "MinMemoryRequiredInMb": 1024}
        return {
            "InstanceType": type_,
            "Container": container,
            "ComputeResourceRequirements": compute,
        }

    each = [
        specification("ml.g5.xlarge", "4", UNKNOWN),
        specification("ml.g5.12xlarge", "2", 2),
        specification("ml.g6.12xlarge", "4", 2),
    ]
    spec = component({"EndpointName": "e", "Specifications": each})
    findings = check(InferenceComponentContext(component=spec))
    assert [each.path for each in findings if each.rule_id in RULES] == [
        f"Specifications[2].Container.Environment.{SIZE}"
    ]
