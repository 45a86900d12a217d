"""Parsing of image URIs, whole ones and those that are known in part."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_epc.catalog.image_references import (
    ImageHost,
    is_registry_account,
    parse_image,
    registry_accounts,
    registry_regions,
)

DIGEST = "sha256:" + "0" * 64


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        (
            "763104351884.dkr.ecr.eu-west-1.amazonaws.com/pytorch-inference:2.6.0-gpu-py312",
            {
                "kind": ImageHost.ECR,
                "host": "763104351884.dkr.ecr.eu-west-1.amazonaws.com",
                "account": "763104351884",
                "region": "eu-west-1",
                "suffix": "amazonaws.com",
                "repository": "pytorch-inference",
                "tag": "2.6.0-gpu-py312",
                "tag_parts": ("2.6.0", "gpu", "py312"),
                "is_published": True,
            },
        ),
        (
            f"111111111111.dkr.ecr-fips.us-east-1.amazonaws.com/team/app:7@{DIGEST}",
            {
                "kind": ImageHost.ECR,
                "account": "111111111111",
                "repository": "team/app",
                "tag": "7",
                "digest": DIGEST,
                "is_published": False,
                "traits": None,
            },
        ),
        (
            f"111111111111.dkr.ecr.cn-north-1.amazonaws.com.cn/app@{DIGEST}",
            {"suffix": "amazonaws.com.cn", "tag": None, "digest": DIGEST, "repository": "app"},
        ),
        (
            "763104351884.dkr-ecr.eu-west-1.on.aws/pytorch-inference:2.6.0-gpu-py312",
            {"kind": ImageHost.ECR_DUAL_STACK, "account": None, "traits": None},
        ),
        ("public.ecr.aws/org/app:1", {"kind": ImageHost.ECR_PUBLIC, "repository": "org/app"}),
        ("docker.io/me/app:1", {"kind": ImageHost.OTHER, "host": "docker.io", "tag": "1"}),
        ("registry:5000/me/app", {"kind": ImageHost.OTHER, "repository": "me/app", "tag": None}),
        ("localhost/app:1", {"kind": ImageHost.OTHER, "host": "localhost"}),
        # An account has twelve digits.
        ("11.dkr.ecr.eu-west-1.amazonaws.com/app:1", {"kind": ImageHost.OTHER, "account": None}),
        ("app:1", {"kind": ImageHost.NONE, "host": None, "repository": "app", "tag": "1"}),
        ("org/app:1", {"kind": ImageHost.NONE, "repository": "org/app"}),
        # Known in part.
        (
            ("763104351884.dkr.ecr.", None, ".amazonaws.com/tei:", None, "-gpu-py310"),
            {
                "kind": ImageHost.ECR,
                "host": None,
                "account": "763104351884",
                "region": None,
                "repository": "tei",
                "tag": None,
                "tag_parts": ("gpu", "py310"),
                "has_unknown_tag": True,
                "is_published": True,
            },
        ),
        (
            (None, ".dkr.ecr.eu-west-1.", None, "/app-", None, ":1"),
            {
                "kind": ImageHost.ECR,
                "account": None,
                "region": "eu-west-1",
                "suffix": None,
                "repository": None,
                "tag": "1",
                "is_published": False,
            },
        ),
        ((None, "/app:1"), {"kind": ImageHost.UNKNOWN, "host": None, "repository": "app"}),
        (("registry.", None, "/app:1"), {"kind": ImageHost.UNKNOWN, "host": None}),
    ],
)
def test_parts(parts: str | tuple[str | None, ...], found: dict[str, Any]) -> None:
    reference = parse_image(parts)
    assert {name: getattr(reference, name) for name in found} == found


@pytest.mark.parametrize("parts", [(), (None,), (None, ":1"), ("app", None)])
def test_nothing_known(parts: tuple[str | None, ...]) -> None:
    assert parse_image(parts) is None


def test_registries() -> None:
    assert is_registry_account("763104351884")
    assert not is_registry_account("111111111111")
    assert registry_regions("007439368137") == {"us-east-2"}
    assert len(registry_regions("763104351884")) > 10
    assert registry_regions("111111111111") == frozenset()
    assert "763104351884" in registry_accounts("eu-west-1")
    assert "763104351884" not in registry_accounts("cn-north-1")
    assert registry_accounts("mars-north-1") == frozenset()
