"""Garbage collector during imports: it is paused, and has its former state afterwards."""

from __future__ import annotations

import gc

import pytest

from cdk_epc.spec.collector import import_quickly, paused_collector


@pytest.fixture(autouse=True)
def _enabled() -> object:
    gc.enable()
    yield
    gc.enable()


def test_the_collector_is_paused() -> None:
    with paused_collector():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_disabled_collector_stays_disabled() -> None:
    gc.disable()
    assert import_quickly("cdk_epc.spec").__name__ == "cdk_epc.spec"
    assert not gc.isenabled()


def test_an_import_that_fails_restores_the_collector() -> None:
    with pytest.raises(ModuleNotFoundError):
        import_quickly("cdk_epc.spec.nothing")
    assert gc.isenabled()
