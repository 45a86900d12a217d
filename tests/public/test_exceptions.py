"""Every exception of the package survives a copy and the way to another process."""

from __future__ import annotations

import copy
import importlib
import inspect
import pickle
import pkgutil
from collections.abc import Iterator
from threading import Lock
from typing import Any

import attrs

import cdk_epc
from cdk_epc.constructs.values import ArgumentTypeError
from cdk_epc.rules import EndpointConfigError, Finding, Severity
from cdk_epc.rules.call_errors import MODEL_ASSET

FINDING = Finding(
    rule_id="a-b", severity=Severity.ERROR, path="p", got=(1, "x"), allowed="", message="m", fix="f"
)
ARGUMENTS: dict[type[BaseException], tuple[tuple[Any, ...], dict[str, Any]]] = {
    EndpointConfigError: (([FINDING, attrs.evolve(FINDING, message="n")],), {}),
    ArgumentTypeError: ((5, "a Size", "Fix."), {"rule": MODEL_ASSET, "sentence": "s"}),
}


def _exceptions() -> Iterator[type[BaseException]]:
    for module in pkgutil.walk_packages(cdk_epc.__path__, "cdk_epc."):
        if not module.name.endswith("__main__"):
            imported = importlib.import_module(module.name)
            for _, found in inspect.getmembers(imported, inspect.isclass):
                if issubclass(found, BaseException) and found.__module__ == module.name:
                    yield found


def _copies(error: BaseException) -> Iterator[BaseException]:
    yield copy.copy(error)
    yield copy.deepcopy(error)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        yield pickle.loads(pickle.dumps(error, protocol))  # noqa: S301 - our own data


def test_every_exception_survives_copy_and_pickle():
    every = list(_exceptions())
    assert len(every) > len(ARGUMENTS)
    for cls in every:
        positional, named = ARGUMENTS.get(cls, (("a message",), {}))
        error = cls(*positional, **named)
        error.add_note("a note")
        if isinstance(error, ArgumentTypeError):
            error.within("inner").within("outer")
        for copied in _copies(error):
            assert type(copied) is cls
            assert str(copied) == str(error)
            assert copied.args == error.args
            assert vars(copied) == vars(error)


def test_a_value_that_no_other_process_can_have_is_described():
    lock = Lock()
    error = EndpointConfigError([attrs.evolve(FINDING, got=lock)])
    assert copy.deepcopy(error).findings[0].got is lock
    copied = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own data
    assert "lock" in copied.findings[0].got
    assert str(copied) == str(error)
    wrong = ArgumentTypeError(lock, "a Size", "Fix.")
    assert copy.copy(wrong).got is lock
    assert "lock" in pickle.loads(pickle.dumps(wrong)).got  # noqa: S301


def test_an_error_is_printable():
    text = str(EndpointConfigError([attrs.evolve(FINDING, message="a\n::b\x1b\u202e##[c]")]))
    lines = text.split("\n")
    assert lines[1:] == [r"error a-b: a\n::b\x1b\u202e#\x23[c]", "    fix: f"]
