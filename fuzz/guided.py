"""Fuzz test guided by coverage: ``pip install atheris``, then ``python -m fuzz.guided``."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from fuzz import seeds


def guided(inputs: int, seed: int) -> None:
    """Run a number of inputs; atheris ends the process, with code 0 if there is no finding."""
    atheris = import_module("atheris")
    # Modules that are already imported cannot be instrumented, so this module does not import them;
    # the YAML module is named because the steps import it on demand.
    with atheris.instrument_imports(include=["cdk_epc"]):
        pipeline = import_module("fuzz.pipeline")
        import_module("cdk_epc.parsing.yaml_document")

    turn = 0

    def one(content: bytes) -> None:
        nonlocal turn
        turn += 1
        pipeline.outcome_of(content, turn)

    with TemporaryDirectory() as corpus:
        for number, text in enumerate(seeds.texts()):
            (Path(corpus) / str(number)).write_bytes(text)
        atheris.Setup([sys.argv[0], f"-runs={inputs}", f"-seed={seed}", corpus], one)
        atheris.Fuzz()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m fuzz.guided", description=__doc__)
    parser.add_argument("--inputs", type=int, default=20_000, help="number of inputs")
    parser.add_argument("--seed", type=int, default=3, help="seed of the inputs")
    given = parser.parse_args()
    guided(given.inputs, given.seed)
