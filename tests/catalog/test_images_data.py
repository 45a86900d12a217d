"""The committed data, against facts that were read elsewhere than in its source."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cdk_epc.catalog import images
from cdk_epc.catalog.image_versions import tags_of_version
from cdk_epc.catalog.images import data
from cdk_epc.catalog.regions import partition_of
from tools.images.pins import pinned_sdk

FOLDER = Path(__file__).parents[2] / "cdk_epc" / "catalog"

# One account does not fit all families. AWS has taken its pages of these down.
HOMES = {
    "763104351884": [
        "djl-lmi",
        "huggingface",
        "huggingface-llm",
        "vllm",
        "sagemaker-tritonserver",
        "pytorch",
        "tensorflow",
        "mxnet",
        "autogluon",
    ],
    "683313688378": [
        "sklearn",
        "xgboost",
        "sparkml-serving",
        "huggingface-tei",
        "huggingface-tei-cpu",
    ],
    "382416733822": ["linear-learner", "kmeans", "knn", "pca", "factorization-machines"],
    "811284229777": ["blazingtext", "image-classification", "object-detection", "seq2seq"],
    "522234722520": ["forecasting-deepar"],
    "766337827248": ["lda"],
    "785573368785": ["neo-mxnet", "neo-pytorch", "neo-tensorflow", "inferentia-pytorch"],
    "205585389593": ["clarify"],
    "156813124566": ["model-monitor"],
    "173754725891": ["spark"],
    "658645717510": ["pytorch-smp"],
}

# https://github.com/aws/deep-learning-containers/blob/master/available_images.md
LISTED = {
    **dict.fromkeys(
        (
            "ap-northeast-1",
            "ap-northeast-2",
            "ap-south-1",
            "ap-southeast-1",
            "ap-southeast-2",
            "ca-central-1",
            "eu-central-1",
            "eu-north-1",
            "eu-west-1",
            "eu-west-2",
            "eu-west-3",
            "sa-east-1",
            "us-east-1",
            "us-east-2",
            "us-west-1",
            "us-west-2",
        ),
        "763104351884",
    ),
    "af-south-1": "626614931356",
    "ap-east-1": "871362719292",
    "ap-northeast-3": "364406365360",
    "ap-southeast-3": "907027046896",
    "cn-north-1": "727897471807",
    "cn-northwest-1": "727897471807",
    "eu-south-1": "692866216735",
    "me-central-1": "914824155844",
    "me-south-1": "217643126080",
}
# Regions that are newer than that page, or not on it, and that CDK has no fact of either.
UNLISTED = {
    "ap-southeast-5": "550225433462",
    "ap-southeast-7": "590183813437",
    "ca-west-1": "204538143572",
    "il-central-1": "780543022126",
    "mx-central-1": "637423239942",
    "us-gov-east-1": "446045086412",
    "us-gov-west-1": "442386744353",
}


@pytest.mark.parametrize(("account", "families"), HOMES.items())
def test_registry_of_each_family(account: str, families: list[str]) -> None:
    assert {images.account_of(family, "us-east-1") for family in families} == {account}


@pytest.mark.parametrize("family", ["pytorch", "djl-lmi", "huggingface-llm"])
def test_deep_learning_containers_by_region(family: str) -> None:
    expected = {**LISTED, **UNLISTED}
    assert {region: images.account_of(family, region) for region in expected} == expected


@pytest.mark.pin_only  # the lowest CDK knows fewer regions
def test_accounts_are_those_that_cdk_has_as_facts() -> None:
    from aws_cdk import region_info

    facts = {
        region.name: region.dlc_repository_account
        for region in region_info.RegionInfo.regions
        if region.dlc_repository_account
    }
    assert len(facts) == 32
    assert facts["eusc-de-east-1"] == "204133271717"
    assert facts.keys().isdisjoint(UNLISTED)
    assert {region: images.account_of("pytorch", region) for region in facts} == facts


@pytest.mark.parametrize("family", ["pytorch", "djl-lmi", "xgboost", "sklearn", "huggingface-tei"])
@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
def test_partitions(family: str, partition: str) -> None:
    found = images.find_repository(family)
    assert found is not None
    assert partition in {partition_of(region) for region in found.accounts}


def test_cover_differs_by_family() -> None:
    cover = {name: len(images.regions_of(name)) for name in ("djl-inference", "triton", "clarify")}
    assert cover == {"djl-inference": 45, "triton": 36, "clarify": 28}
    found = images.find_repository("triton")
    assert found is not None
    assert len(found.accounts) == 46


def test_every_repository_has_accounts_and_regions() -> None:
    for repository in data().repositories.values():
        assert repository.accounts
        assert repository.regions <= repository.accounts.keys()
        assert all(re.fullmatch(r"\d{12}", account) for account in repository.accounts.values())
        assert {partition_of(region) for region in repository.accounts}.isdisjoint({None})


def test_families_name_known_repositories_and_all_of_them() -> None:
    known = data()
    named = {name for names in known.families.values() for name in names}
    assert named == known.repositories.keys()
    assert set(images.SHORT_NAMES.values()) <= named
    assert images.SHORT_NAMES.keys().isdisjoint(known.families.keys() | named)


def test_only_repositories_for_inference_have_tags() -> None:
    for repository in data().repositories.values():
        assert bool(repository.tags) is repository.is_for_inference
        assert len(set(repository.tags)) == len(repository.tags)
        for tag in repository.tags:
            assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}", tag)


def test_no_tag_is_in_two_repositories_of_a_family() -> None:
    for names in data().families.values():
        tags = [tag for name in names for tag in data().repositories[name].tags]
        assert len(set(tags)) == len(tags)


def test_versions_name_published_tags() -> None:
    file = json.loads((FOLDER / "image_versions.json").read_text("utf-8"))
    source = f"{pinned_sdk()}, sagemaker/core/image_uri_config/*.json"
    assert file["sources"] == [{"source": source, "gives": "versions"}]
    for family, versions in file["versions"].items():
        known = {t for name in data().families[family] for t in data().repositories[name].tags}
        for version, tags in versions.items():
            assert tags_of_version(family, version) == tuple(tags)
            assert tags
            assert set(tags) <= known, (family, version)
    assert tags_of_version("huggingface-llm", "3.3.6") == (
        "2.7.0-tgi3.3.6-gpu-py311-cu124-ubuntu22.04",
    )
    assert tags_of_version("vllm-server", "2.6") == ("server-sagemaker-cuda-v2.6",)
    assert tags_of_version("pytorch", "2.6.0") == tags_of_version("?", "1") == ()


def test_head_names_the_pinned_source_and_the_notice_its_licence() -> None:
    head = json.loads((FOLDER / "images.json").read_text("utf-8"))["sources"]
    assert head == [
        {
            "source": f"{pinned_sdk()}, sagemaker/core/image_uri_config/*.json",
            "gives": "registries, families, repositories",
        }
    ], "run `python -m tools images`"
    notice = (FOLDER / "NOTICE").read_text("utf-8")
    assert "Copyright Amazon.com, Inc. or its affiliates." in notice
    assert "Apache License, Version 2.0" in notice


def test_every_repository_has_a_separate_line() -> None:
    text = (FOLDER / "images.json").read_text("utf-8")
    rows = json.loads(text)["repositories"]
    assert len(re.findall(r'^    "[\w-]+": \{"registry": ', text, re.MULTILINE)) == len(rows)
    assert len(text) < 64_000


def test_import_reads_no_data_and_starts_no_node() -> None:
    code = (
        "import sys; from cdk_epc.catalog.images import data; import cdk_epc.catalog.images; "
        "print(data.cache_info().currsize, {'aws_cdk', 'jsii'} & sys.modules.keys())"
    )
    done = subprocess.run(  # noqa: S603 - the words above
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == "0 set()\n"
