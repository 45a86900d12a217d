"""Requests, changes of requests, and their findings, without CDK."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

from cdk_epc.rules import RULES, Finding, Severity, check
from cdk_epc.rules.pedantic import PEDANTIC_RULES
from cdk_epc.rules.requests import unknown_member_violations
from cdk_epc.spec import EndpointConfigSpec
from cdk_epc.spec.context import ConfigContext
from cdk_epc.spec.fields import aws_path
from cdk_epc.spec.wire import from_json

DATA = Path(__file__).parent.parent / "data"

Request: TypeAlias = dict[str, Any]
Step: TypeAlias = str | int


def load(name: str) -> Any:
    """Return the content of a file of ``tests/data``."""
    return json.loads((DATA / name).read_text("utf-8"))


FULL_REQUESTS: dict[str, Request] = load("full_requests.json")
"""Requests without any finding, one for each kind of variant or feature; together they have
every member of CloudFormation."""
API_REQUESTS: dict[str, Request] = load("api_requests.json")
"""Requests with members that only the API has; in a template these are an error."""
WITH_ADVICE = (*RULES, *PEDANTIC_RULES)
"""Rules that always apply, and the pedantic ones."""


def findings_of(request: Request, region: str | None = None) -> list[Finding]:
    """Return the findings of a request: those of unknown members, then those of the spec."""
    spec, unknown_members = from_json(request)
    place = ConfigContext(config=spec, region=region)
    return [
        Finding.of(rule, violation, aws_path(violation.path, EndpointConfigSpec))
        for rule, violation in unknown_member_violations(unknown_members)
    ] + [*check(spec, WITH_ADVICE), *check(place, WITH_ADVICE)]


def errors_of(request: Request) -> list[Finding]:
    """Return the findings that stop a synth."""
    return [each for each in findings_of(request) if each.severity is Severity.ERROR]


def steps_of(at: str) -> tuple[Step, ...]:
    """Return ``ProductionVariants[0].ModelName`` as keys and indices."""
    return tuple(
        int(index) if index else key for key, index in re.findall(r"([^.\[\]]+)|\[(\d+)\]", at)
    )


def changed(request: Request, at: str | tuple[Step, ...], value: object) -> Request:
    """Return a copy with one value set; an index one past the end appends."""
    copied, owner, last = _copy_with_owner(request, at)
    if isinstance(owner, list) and last == len(owner):
        owner.append(value)
    else:
        owner[last] = value
    return copied


def without(request: Request, at: str | tuple[Step, ...]) -> Request:
    """Return a copy without one value."""
    copied, owner, last = _copy_with_owner(request, at)
    del owner[last]
    return copied


def paths_of(value: object, at: tuple[Step, ...] = ()) -> Iterator[tuple[Step, ...]]:
    """Yield the path of each value in a request, parents first, without the request itself."""
    pairs: Iterator[tuple[Any, Any]] = iter(())
    if isinstance(value, dict):
        pairs = iter(value.items())
    elif isinstance(value, list):
        pairs = enumerate(value)
    for step, inner in pairs:
        yield (*at, step)
        yield from paths_of(inner, (*at, step))


def path_text(at: tuple[Step, ...]) -> str:
    """Return keys and indices in AWS's spelling, the inverse of `steps_of`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in at).lstrip(".")


def _copy_with_owner(request: Request, at: str | tuple[Step, ...]) -> tuple[Request, Any, Any]:
    *owners, last = steps_of(at) if isinstance(at, str) else at
    copied = copy.deepcopy(request)
    owner: Any = copied
    for step in owners:
        owner = owner[step]
    return copied, owner, last
