"""One moto server for all tests, reset for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from kit.moto_server import Cloud, accept_every_type, running_server


@pytest.fixture(scope="session")
def server() -> Iterator[Cloud]:
    with running_server() as cloud:
        yield cloud


@pytest.fixture
def cloud(server: Cloud) -> Cloud:
    server.reset()
    return server


@pytest.fixture
def every_type(monkeypatch: pytest.MonkeyPatch) -> None:
    accept_every_type(monkeypatch)
