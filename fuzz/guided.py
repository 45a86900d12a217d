"""Guided by coverage: ``pip install atheris``, then ``python -m fuzz --atheris``."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory


def guided(inputs: int, seed: int) -> int:
    """Run so many inputs; atheris ends the process, with 0 if none of them is a finding."""
    atheris = import_module("atheris")
    with atheris.instrument_imports(include=["cdk_epc"]):
        from fuzz.chain import outcome_of  # noqa: PLC0415 - the import is what is instrumented
    from fuzz import seeds  # noqa: PLC0415 - as above

    turn = 0

    def one(content: bytes) -> None:
        nonlocal turn
        turn += 1
        outcome_of(content, turn)

    with TemporaryDirectory() as corpus:
        for number, text in enumerate(seeds.texts()):
            (Path(corpus) / str(number)).write_bytes(text)
        atheris.Setup([sys.argv[0], f"-runs={inputs}", f"-seed={seed}", corpus], one)
        atheris.Fuzz()
    return 0
