"""Templates of stacks, and templates without the parts that change from one run to another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, TypeAlias

import aws_cdk as cdk
from aws_cdk.assertions import Template

from cdk_epc.spec.unresolved import is_list, is_mapping

Json: TypeAlias = Any
TemplateSource: TypeAlias = cdk.Stack | Template | Mapping[str, Any]
"""Stack, template of ``aws_cdk.assertions``, or template as JSON."""

_ASSET_HASH: Final = re.compile(r"(?<!sha256:)(?<![0-9A-Za-z])[0-9a-f]{64}(?![0-9A-Za-z])")
"""Hash of an asset in the name of its file or in its tag; not the digest of an image."""
_NOISE: Final = {
    "Conditions": "CDKMetadataAvailable",
    "Parameters": "BootstrapVersion",
    "Resources": "CDKMetadata",
    "Rules": "CheckBootstrapVersion",
}
"""Member of each section that depends on CDK and not on the app."""


def synth(source: TemplateSource) -> dict[str, Any]:
    """Return the template of a stack as JSON, after CDK's validation.

    Args:
        source: The stack; a template is returned as JSON.

    Raises:
        EndpointConfigError: A construct of this library finds an error.
        RuntimeError: CDK refuses the app.
    """
    if isinstance(source, Mapping):
        return dict(source)
    template = source if isinstance(source, Template) else Template.from_stack(source)
    return dict(template.to_json())


def write_refused_template(stack: cdk.Stack) -> bool:
    """Write the template of a stack that CDK's validation refuses; return whether CDK wrote it.

    CDK writes the template before its plugins check it, and without the validation of constructs on
    request.
    """
    stage = cdk.Stage.of(stack)
    if stage is None:
        return False
    file = Path(stage.outdir, stack.template_file)
    file.unlink(missing_ok=True)
    with suppress(RuntimeError):  # the error is known
        stage.synth(force=True, skip_validation=True)
    return file.exists()


def stable_template(source: TemplateSource) -> dict[str, Any]:
    """Return a template without the parts that change from one run or version to another.

    Hashes of assets become ``asset-1``, ``asset-2`` and so on. The parameter, the rule, the
    resource and the condition that CDK adds to each template are left out.

    Args:
        source: Stack or template.
    """
    template = synth(source)
    for section, name in _NOISE.items():
        members = template.get(section)
        if is_mapping(members) and name in members:
            template[section] = {key: each for key, each in members.items() if key != name}
            if not template[section]:
                del template[section]
    return dict(_with_stable_assets(template, {}))


def _with_stable_assets(value: Json, names: dict[str, str]) -> Json:
    """Return a value with names instead of hashes, numbered in the order of their occurrence."""
    if isinstance(value, str):
        return _ASSET_HASH.sub(
            lambda found: names.setdefault(found[0], f"asset-{len(names) + 1}"), value
        )
    if is_mapping(value):
        return {
            _with_stable_assets(key, names): _with_stable_assets(each, names)
            for key, each in value.items()
        }
    if is_list(value):
        return [_with_stable_assets(each, names) for each in value]
    return value
