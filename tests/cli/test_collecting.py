"""The collector of garbage is as before once files are checked."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from cdk_epc.cli.command import seldom


@pytest.fixture(autouse=True)
def _collector_as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


@pytest.mark.parametrize(
    ("given", "within"), [((700, 10, 10), (50_000, 10, 10)), ((0, 5, 5), (0, 5, 5))]
)
def test_threshold_is_raised_and_put_back(
    given: tuple[int, int, int], within: tuple[int, int, int]
) -> None:
    gc.set_threshold(*given)
    with seldom():
        assert gc.get_threshold() == within
    assert gc.get_threshold() == given


def test_threshold_is_put_back_after_an_error() -> None:
    gc.set_threshold(700, 10, 10)
    with pytest.raises(ValueError, match="wrong"), seldom():
        raise ValueError("wrong")
    assert gc.get_threshold() == (700, 10, 10)
