"""One server for all tests that deploy, and an empty cloud for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from kit.cloud import Cloud, running


@pytest.fixture(scope="session")
def server() -> Iterator[Cloud]:
    with running() as cloud:
        yield cloud


@pytest.fixture
def cloud(server: Cloud) -> Cloud:
    server.reset()
    return server


@pytest.fixture
def every_type(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have moto take all hosting types: its own list is of 67 old ones."""
    from moto.sagemaker.models import FakeEndpointConfig

    from cdk_epc.instances import is_hosting_type

    def validate(_: FakeEndpointConfig, instance_type: str) -> None:
        assert is_hosting_type(instance_type), instance_type

    monkeypatch.setattr(FakeEndpointConfig, "validate_instance_type", validate)
