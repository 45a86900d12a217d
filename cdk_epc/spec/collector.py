"""Garbage collector, which is paused during imports.

Each collection searches all objects of the process, those of CDK included, and an import creates
hardly any garbage.
"""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType


@contextmanager
def paused_collector() -> Generator[None]:
    """Pause the collector, and restore its state afterwards."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def import_quickly(name: str) -> ModuleType:
    """Import a module without collections."""
    with paused_collector():
        return import_module(name)
