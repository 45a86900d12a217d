"""Look-ups of images, known and unknown ones."""

from __future__ import annotations

import pytest

from cdk_epc.catalog import images

UNKNOWN = "${Token[AWS.Region.4]}"


@pytest.mark.parametrize(
    ("name", "tag", "repository"),
    [
        # Families, and the tags that distinguish their repositories.
        ("xgboost", None, "sagemaker-xgboost"),
        ("xgboost", "1.7-1", "sagemaker-xgboost"),
        ("xgboost", "1.5-1-arm64", "sagemaker-xgboost"),
        ("xgboost", "1", "xgboost"),
        ("xgboost", "9.9-9", "sagemaker-xgboost"),
        ("xgboost", UNKNOWN, "sagemaker-xgboost"),
        ("sklearn", "1.2-1-cpu-py3", "sagemaker-scikit-learn"),
        ("pytorch", "2.6.0-gpu-py312", "pytorch-inference"),
        ("pytorch", "2.6-gpu-py312", "pytorch-inference"),
        ("pytorch", "2.6.0-cpu-py312-ubuntu22.04-sagemaker", "pytorch-inference-arm64"),
        ("pytorch", "1.0.0-cpu-py3", "sagemaker-pytorch"),
        ("huggingface", None, "huggingface-pytorch-inference"),
        (
            "huggingface",
            "2.11.0-transformers4.26.0-cpu-py39-ubuntu20.04",
            "huggingface-tensorflow-inference",
        ),
        (
            "huggingface-llm",
            "2.7.0-tgi3.3.6-gpu-py311-cu124-ubuntu22.04",
            "huggingface-pytorch-tgi-inference",
        ),
        ("djl-lmi", None, "djl-inference"),
        ("linear-learner", "1", "linear-learner"),
        ("clarify", None, "sagemaker-clarify-processing"),
        # Repositories, for any tag.
        ("pytorch-inference", "anything", "pytorch-inference"),
        ("sagemaker-pytorch", None, "sagemaker-pytorch"),
        ("pytorch-training", None, "pytorch-training"),
        # What people call them.
        ("triton", "25.09-py3", "sagemaker-tritonserver"),
        ("tgi", None, "huggingface-pytorch-tgi-inference"),
        ("djl", None, "djl-inference"),
        ("tei", None, "tei"),
        # Not known.
        ("pytroch", None, None),
        ("", None, None),
        (UNKNOWN, None, None),
    ],
)
def test_repository(name: str, tag: str | None, repository: str | None) -> None:
    assert images.repository_of(name, tag) == repository
    found = images.find_repository(name, tag)
    assert (found and found.name) == repository


@pytest.mark.parametrize(
    ("name", "region", "tag", "account"),
    [
        ("xgboost", "us-east-1", None, "683313688378"),
        ("xgboost", "us-east-1", "1", "811284229777"),
        ("xgboost", "us-gov-west-1", "1.7-1", "414596584902"),
        ("xgboost", "cn-north-1", "1.7-1", "450853457545"),
        # The registry is there, though the data lists this repository nowhere near.
        ("huggingface", "ap-southeast-7", None, "590183813437"),
        ("xgboost", "mx-central-1", None, None),
        ("pytorch", "us-east-9", None, None),
        ("pytorch", UNKNOWN, None, None),
        ("pytroch", "us-east-1", None, None),
    ],
)
def test_account(name: str, region: str, tag: str | None, account: str | None) -> None:
    assert images.account_of(name, region, tag) == account


def test_regions() -> None:
    assert "ap-southeast-7" not in images.regions_of("huggingface")
    assert "ap-southeast-7" in images.regions_of("djl-lmi")
    assert images.regions_of("pytroch") == frozenset()


def test_families_are_those_for_inference() -> None:
    found = images.families()
    assert list(found) == sorted(found)
    assert {"pytorch", "xgboost", "vllm", "linear-learner"} <= set(found)
    assert {"clarify", "spark", "debugger", "pytorch-smp"}.isdisjoint(found)


def test_repositories_of_a_family_begin_with_the_newest_for_inference() -> None:
    assert images.repositories_of("xgboost") == ("sagemaker-xgboost", "xgboost")
    assert images.repositories_of("huggingface")[:2] == (
        "huggingface-pytorch-inference",
        "huggingface-tensorflow-inference",
    )
    assert images.repositories_of("pytroch") == ()


def test_newest_tag_comes_first() -> None:
    found = images.find_repository("xgboost")
    assert found is not None
    assert found.tags[:4] == ("3.2-0", "3.0-5", "1.7-1", "1.5-1")
    assert found.is_for_inference
    assert found.scopes == ("inference", "inference_graviton", "training")


def test_accounts_are_not_to_be_changed() -> None:
    found = images.find_repository("xgboost")
    assert found is not None
    with pytest.raises(TypeError):
        found.accounts["us-east-1"] = "1"  # type: ignore[index]


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("pytroch", "pytorch"),
        ("pytorch_inference", "pytorch-inference"),
        ("Triton", "triton"),
        ("something-else-entirely", None),
        ("", None),
    ],
)
def test_near(name: str, near: str | None) -> None:
    assert images.similar_name(name) == near


def test_nearest_tags_of_a_version_compare_its_numbers() -> None:
    tags = ("1.9.1-cpu-py38", "2.7.0-tgi3.3.6-gpu", "2.6.0-gpu-py312", "2.5.1-cpu-py311")
    for version, nearest in (
        ("9.9", tags[1]),
        ("2.8", tags[1]),
        ("2.6.5", tags[2]),
        ("2.4", tags[3]),
        ("3.3.7", tags[1]),
        ("2.6.0-gpu-py31", tags[2]),
    ):
        assert images.nearest_tags(version, tags)[0] == nearest
    assert images.nearest_tags("7", ("latest",)) == ["latest"]
