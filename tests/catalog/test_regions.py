"""Look-ups of regions, known and unknown ones."""

from __future__ import annotations

import pytest

from cdk_epc.catalog.regions import (
    SERVERLESS_LARGE_QUOTA_REGIONS,
    has_hosting,
    has_serverless,
    partition_of,
    serverless_concurrency,
    url_suffix_of,
)

UNKNOWN = "${Token[AWS.Region.4]}"


@pytest.mark.parametrize(
    ("region", "answer", "concurrency"),
    [
        ("us-east-1", True, 1000),
        ("sa-east-1", True, 500),
        ("eu-south-2", False, None),
        ("cn-north-1", False, None),
        ("us-gov-west-1", False, None),
        ("us-iso-east-1", None, None),
        ("us-east-9", None, None),
        (UNKNOWN, None, None),
        ("", None, None),
    ],
)
def test_serverless(region: str, answer: object, concurrency: int | None) -> None:
    assert has_serverless(region) is answer
    assert serverless_concurrency(region) == concurrency


@pytest.mark.parametrize(
    ("region", "instance_type", "answer"),
    [
        ("us-east-1", "ml.m5.xlarge", True),
        ("us-east-1", "ml.p6-b200.48xlarge", True),
        ("af-south-1", "ml.p5.48xlarge", False),
        ("cn-north-1", "ml.g6.xlarge", False),
        ("us-iso-east-1", "ml.m5.xlarge", None),
        (UNKNOWN, "ml.m5.xlarge", None),
        ("us-east-1", UNKNOWN, None),
        ("us-east-1", "ml.new9.xlarge", None),
        ("us-east-1", "ml.m8g.xlarge", None),  # in no price list yet
        ("us-east-1", "ml.t3.medium", None),  # priced, and refused by the API
    ],
)
def test_hosting(region: str, instance_type: str, answer: object) -> None:
    assert has_hosting(region, instance_type) is answer


@pytest.mark.parametrize(
    ("region", "partition", "suffix"),
    [
        ("eu-west-1", "aws", "amazonaws.com"),
        ("us-east-9", "aws", "amazonaws.com"),
        ("cn-northwest-1", "aws-cn", "amazonaws.com.cn"),
        ("us-gov-east-1", "aws-us-gov", "amazonaws.com"),
        ("eusc-de-east-1", "aws-eusc", "amazonaws.eu"),
        ("us-iso-west-1", "aws-iso", "c2s.ic.gov"),
        ("us-isob-east-1", "aws-iso-b", "sc2s.sgov.gov"),
        ("eu-isoe-west-1", "aws-iso-e", "cloud.adc-e.uk"),
        ("us-isof-south-1", "aws-iso-f", "csp.hci.ic.gov"),
        ("eu-west-1\n", None, None),
        (UNKNOWN, None, None),
    ],
)
def test_partitions(region: str, partition: str | None, suffix: str | None) -> None:
    assert partition_of(region) == partition
    assert url_suffix_of(region) == suffix


def test_large_quotas_are_those_of_the_data() -> None:
    large = {region for region in SERVERLESS_LARGE_QUOTA_REGIONS if has_serverless(region)}
    assert large == SERVERLESS_LARGE_QUOTA_REGIONS
    assert {serverless_concurrency(region) for region in large} == {1000}
