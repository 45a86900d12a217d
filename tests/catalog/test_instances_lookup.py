"""The questions rules ask about plain names."""

from __future__ import annotations

import pytest

from cdk_epc.catalog.instances import family_has_local_nvme, is_hosting_type, other_service_enums

TOKEN = "${Token[TOKEN.42]}"  # noqa: S105 - a CDK token is no secret


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ml.m5.xlarge", True),
        ("ml.p6e-gb200.36xlarge", True),
        ("ml.t3.medium", False),
        ("m5.xlarge", False),
        ("ml.new9.xlarge", False),
        (TOKEN, False),
    ],
)
def test_is_hosting_type(name: str, expected: bool) -> None:  # noqa: FBT001 - a column of the table
    assert is_hosting_type(name) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ml.t3.micro", ("AppInstanceType",)),
        (
            "ml.t3.medium",
            (
                "AppInstanceType",
                "ClusterInstanceType",
                "InstanceType",
                "ProcessingInstanceType",
                "TrainingInstanceType",
            ),
        ),
        ("ml.m5.xlarge", ()),
        ("ml.new9.xlarge", ()),
        (TOKEN, ()),
    ],
)
def test_other_service_enums(name: str, expected: tuple[str, ...]) -> None:
    assert other_service_enums(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ml.g5.xlarge", True),
        ("ml.g5.96xlarge", True),
        ("ml.trn2.3xlarge", True),
        ("ml.m5.xlarge", False),
        ("ml.m5.metal", False),
        ("ml.m5d.xlarge", True),
        ("ml.new9.xlarge", None),
        ("g5.xlarge", None),
        ("ml.g5", None),
        (TOKEN, None),
        (f"ml.g5.{TOKEN}", None),
    ],
)
def test_family_has_local_nvme(name: str, expected: bool | None) -> None:  # noqa: FBT001 - as above
    assert family_has_local_nvme(name) is expected
