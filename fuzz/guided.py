"""Guided by coverage: ``pip install atheris``, then ``python -m fuzz.guided --inputs 20000``."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from fuzz import seeds


def guided(inputs: int, seed: int) -> None:
    """Run so many inputs; atheris ends the process, with 0 if none of them is a finding."""
    atheris = import_module("atheris")
    # What is imported already cannot be instrumented, so nothing above imports any of it; and the
    # chain imports these only when it needs them.
    with atheris.instrument_imports(include=["cdk_epc"]):
        chain = import_module("fuzz.chain")
        import_module("cdk_epc.parsing.yaml_document")

    turn = 0

    def one(content: bytes) -> None:
        nonlocal turn
        turn += 1
        chain.outcome_of(content, turn)

    with TemporaryDirectory() as corpus:
        for number, text in enumerate(seeds.texts()):
            (Path(corpus) / str(number)).write_bytes(text)
        atheris.Setup([sys.argv[0], f"-runs={inputs}", f"-seed={seed}", corpus], one)
        atheris.Fuzz()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m fuzz.guided", description=__doc__)
    parser.add_argument("--inputs", type=int, default=20_000, help="how many")
    parser.add_argument("--seed", type=int, default=3, help="which")
    given = parser.parse_args()
    guided(given.inputs, given.seed)
