"""Reading the SDK's files of images: scopes, versions, tags, and the accounts of registries."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tools.errors import ToolError
from tools.images.configs import read_configs
from tools.images.generate import IMAGES_FILE, VERSIONS_FILE, generate
from tools.images.table import build
from tools.images.tags import tags_of
from tools.packages import Package

HOME = {"us-east-1": "111111111111"}


def files(**configs: Any) -> dict[str, bytes]:
    return {f"{name}.json": json.dumps(config).encode() for name, config in configs.items()}


def leaf(repository: str = "thing", **more: Any) -> dict[str, Any]:
    return {"repository": repository, "registries": HOME, **more}


def config(**versions: Any) -> dict[str, Any]:
    return {"scope": ["inference"], "versions": versions}


def test_one_list_of_versions_for_several_scopes() -> None:
    images = read_configs(
        files(thing={"scope": ["inference", "training"], "versions": {"1": leaf()}})
    )

    assert [(image.scope, image.names, image.repository) for image in images] == [
        ("inference", ("1",), "thing"),
        ("training", ("1",), "thing"),
    ]


def test_files_with_scopes_and_without() -> None:
    each = {"training": {"versions": {"1": leaf("a")}}, "inference": {"versions": {"2": leaf("b")}}}
    images = read_configs(files(base={"versions": {"1.0": leaf("c")}}, thing=each))

    assert [(image.family, image.scope, image.repository) for image in images] == [
        ("base", "training", "c"),
        ("thing", "training", "a"),
        ("thing", "inference", "b"),
    ]


def test_aliases_are_names_of_their_version_but_for_the_latest() -> None:
    aliases = {"1.2": "1.2.3", "latest": "1.2.3", "1.1": "1.1.0"}
    given = {**config(**{"1.2.3": leaf()}), "version_aliases": aliases}

    (image,) = read_configs(files(thing=given))

    assert image.names == ("1.2.3", "1.2")


def test_file_of_gpus_is_no_file_of_images() -> None:
    assert read_configs({"instance_gpu_info.json": b"[]"}) == []


TAGS: dict[str, tuple[str, dict[str, Any], list[str]]] = {
    "version alone": ("knn", config(**{"1": leaf()}), ["1"]),
    "processors of the scope, Pythons": (
        "mxnet",
        {"processors": ["cpu", "gpu"], **config(**{"1.9.0": leaf(py_versions=["py3", "py38"])})},
        ["1.9.0-cpu-py3", "1.9.0-cpu-py38", "1.9.0-gpu-py3", "1.9.0-gpu-py38"],
    ),
    "processors of the version": (
        "sklearn",
        config(**{"1.2-1": leaf(processors=["cpu"], py_versions=["py3"])}),
        ["1.2-1-cpu-py3"],
    ),
    "Pythons that split the version": (
        "tensorflow",
        {"processors": ["cpu"], **config(**{"1.4.1": {"py2": leaf(), "py3": leaf()}})},
        ["1.4.1-cpu-py2", "1.4.1-cpu-py3"],
    ),
    "prefix and build": (
        "huggingface-llm",
        {
            "processors": ["gpu"],
            **config(
                **{
                    "3.3.6": leaf(
                        tag_prefix="2.7.0-tgi3.3.6",
                        py_versions=["py311"],
                        container_version={"gpu": "cu124-ubuntu22.04"},
                    )
                }
            ),
        },
        ["2.7.0-tgi3.3.6-gpu-py311-cu124-ubuntu22.04"],
    ),
    "base framework": (
        "huggingface",
        {
            "processors": ["gpu", "cpu"],
            **config(
                **{
                    "4.51.3": {
                        "version_aliases": {"pytorch2.6": "pytorch2.6.0"},
                        "pytorch2.6.0": leaf(
                            py_versions=["py312"],
                            container_version={"gpu": "cu124-ubuntu22.04", "cpu": "ubuntu22.04"},
                        ),
                    }
                }
            ),
        },
        [
            "2.6.0-transformers4.51.3-gpu-py312-cu124-ubuntu22.04",
            "2.6.0-transformers4.51.3-cpu-py312-ubuntu22.04",
        ],
    ),
    "Neuron in place of the processor, with its SDK": (
        "huggingface-neuronx",
        {
            "processors": ["inf"],
            **config(
                **{
                    "4.43.2": {
                        "pytorch2.1.2": leaf(
                            py_versions=["py310"],
                            sdk_versions=["sdk2.20.0"],
                            container_version={"inf": "ubuntu20.04"},
                        )
                    }
                }
            ),
        },
        ["2.1.2-transformers4.43.2-neuronx-py310-sdk2.20.0-ubuntu20.04"],
    ),
    "Triton tells CPUs only": (
        "sagemaker-tritonserver",
        {"processors": ["cpu", "gpu"], **config(**{"25.09": leaf(tag_prefix="25.09-py3")})},
        ["25.09-py3-cpu", "25.09-py3"],
    ),
    "unknown processor": (
        "whisperx",
        {
            "processors": ["gpu"],
            **config(
                **{"3.8": leaf(processor_in_tag=False, container_version={"gpu": "cu128-amzn2023"})}
            ),
        },
        ["3.8-cu128-amzn2023"],
    ),
    "Graviton": (
        "pytorch",
        {
            "processors": ["cpu"],
            **config(
                **{
                    "2.6.0": leaf(
                        "pytorch-inference-arm64",
                        py_versions=["py312"],
                        container_version={"cpu": "ubuntu22.04"},
                    )
                }
            ),
        },
        ["2.6.0-cpu-py312-ubuntu22.04-sagemaker"],
    ),
    "Graviton of XGBoost": (
        "xgboost",
        {"inference_graviton": {"versions": {"1.5-1": leaf()}}},
        ["1.5-1-arm64"],
    ),
}


@pytest.mark.parametrize(("family", "given", "tags"), TAGS.values(), ids=TAGS)
def test_tags(family: str, given: dict[str, Any], tags: list[str]) -> None:
    images = read_configs({f"{family}.json": json.dumps(given).encode()})

    assert [tag for image in images for tag in tags_of(image)] == tags


def test_table_groups_by_registry_and_lists_missing_regions() -> None:
    wide = {**HOME, "eu-west-1": "222222222222", "eu-west-2": "222222222222"}
    given = files(
        a=config(**{"1": leaf("a-old"), "2": {**leaf("a-new"), "registries": wide}}),
        b={"training": {"versions": {"9": leaf("b", registries={"us-west-2": "333333333333"})}}},
    )

    table = build(read_configs(given))

    assert table.registries == {
        "111111111111": {
            "111111111111": ["us-east-1"],
            "222222222222": ["eu-west-1", "eu-west-2"],
        },
        "333333333333": {"333333333333": ["us-west-2"]},
    }
    assert table.families == {"a": ["a-new", "a-old"], "b": ["b"]}
    assert table.repositories == {
        "a-new": {
            "registry": "111111111111",
            "lacks": [],
            "scopes": ["inference"],
            "tags": ["2"],
        },
        "a-old": {
            "registry": "111111111111",
            "lacks": ["eu-west-1", "eu-west-2"],
            "scopes": ["inference"],
            "tags": ["1"],
        },
        "b": {"registry": "333333333333", "lacks": [], "scopes": ["training"], "tags": []},
    }


def test_inference_comes_first_then_the_newest() -> None:
    given = {
        "training": {"versions": {"9": leaf("t")}},
        "inference_graviton": {"versions": {"8": leaf("g")}},
        "inference": {"versions": {"1.9": leaf("i-old"), "1.10": leaf("i-new")}},
    }

    assert build(read_configs(files(a=given))).families == {"a": ["i-new", "i-old", "g", "t"]}


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (
            files(
                a=config(**{"1": leaf(), "2": leaf(registries={"us-east-1": "222222222222"})}),
            ),
            "repository thing has the accounts 111111111111 and 222222222222 in us-east-1",
        ),
        (
            files(
                a=config(**{"1": leaf("a", registries={**HOME, "eu-west-1": "222222222222"})}),
                b=config(**{"1": leaf("b", registries={**HOME, "eu-west-1": "333333333333"})}),
            ),
            "registry 111111111111 has the accounts 222222222222 and 333333333333 in eu-west-1",
        ),
    ],
)
def test_accounts_that_disagree(given: dict[str, bytes], problem: str) -> None:
    with pytest.raises(ToolError) as caught:
        build(read_configs(given))

    assert str(caught.value) == (
        f"{problem}; must have one account in each region: distinguish the two in "
        "tools/images/table.py"
    )


def test_versions_that_do_not_begin_their_tags() -> None:
    lmi = config(**{"0.30.0": leaf(tag_prefix="0.30.0-lmi12")})
    tensorrt = config(**{"0.30.0": leaf(tag_prefix="0.30.0-tensorrtllm0.12")})
    aliases = {"3.3": "3.3.6"}
    tgi = {**config(**{"3.3.6": leaf("tgi", tag_prefix="2.7.0-tgi3.3.6")})}
    other = config(**{"1": leaf("other", py_versions=["py3", "py4"])})
    given = files(lmi=lmi, tensorrt=tensorrt, tgi={**tgi, "version_aliases": aliases}, other=other)

    assert build(read_configs(given)).versions == {
        "lmi": {"0.30.0": ["0.30.0-lmi12"]},
        "tensorrt": {"0.30.0": ["0.30.0-tensorrtllm0.12"]},
        "tgi": {"3.3.6": ["2.7.0-tgi3.3.6"], "3.3": ["2.7.0-tgi3.3.6"]},
    }


def test_generated_file_has_a_line_for_each_repository_and_names_its_source() -> None:
    downloads: list[str] = []

    def read(package: Package, folder: str) -> dict[str, bytes]:
        downloads.append(f"{package}: {folder}")
        return files(a=config(**{"1": leaf(), "2": leaf(tag_prefix="1.0-a2")}))

    texts = generate(Package("sagemaker-core", "9.8.7", ""), read)
    text = texts[IMAGES_FILE]

    assert texts[VERSIONS_FILE] == (
        "{\n"
        '  "sources": [\n'
        '    {"source": "sagemaker-core 9.8.7, sagemaker/core/image_uri_config/*.json", '
        '"gives": "versions"}\n'
        "  ],\n"
        '  "versions": {\n'
        '    "a": {"2": ["1.0-a2"]}\n'
        "  }\n"
        "}\n"
    )
    assert downloads == ["sagemaker-core 9.8.7: sagemaker/core/image_uri_config/"]
    assert text == (
        "{\n"
        '  "sources": [\n'
        '    {"source": "sagemaker-core 9.8.7, sagemaker/core/image_uri_config/*.json", '
        '"gives": "registries, families, repositories"}\n'
        "  ],\n"
        '  "registries": {\n'
        '    "111111111111": {"111111111111": ["us-east-1"]}\n'
        "  },\n"
        '  "families": {\n'
        '    "a": ["thing"]\n'
        "  },\n"
        '  "repositories": {\n'
        '    "thing": {"registry": "111111111111", "lacks": [], "scopes": ["inference"], '
        '"tags": ["1.0-a2", "1"]}\n'
        "  }\n"
        "}\n"
    )
