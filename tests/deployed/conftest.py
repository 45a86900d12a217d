"""One moto server for all tests, reset for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from kit.cloud import Cloud, running, take_every_type


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
    take_every_type(monkeypatch)
