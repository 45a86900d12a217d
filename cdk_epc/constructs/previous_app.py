"""Rules about updates at synth: the deployed app as the old side of a comparison."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import attrs
import aws_cdk as cdk
from constructs import IConstruct

from cdk_epc.constructs.synthesized_templates import SynthesizedTemplate
from cdk_epc.parsing import UnusableInputError
from cdk_epc.rules import Profile, Rule
from cdk_epc.rules.report import Report
from cdk_epc.templates import TemplateInput

PREVIOUS_KEY: Final = "cdk-epc:previous"
"""Key of the folder of the deployed app in the context of an app."""


def previous_of(root: IConstruct, given: str | None) -> str | None:
    """Return the folder of the deployed app: the given one, or that of the context.

    Raises:
        ValueError: The value of the context is no text.
    """
    previous: Any = given if given is not None else root.node.try_get_context(PREVIOUS_KEY)
    if previous is None or isinstance(previous, str):
        return previous
    raise ValueError(f"the context value {PREVIOUS_KEY} is {previous!r}; must be a folder")


def update_reports(
    root: IConstruct,
    previous: str,
    templates: Sequence[SynthesizedTemplate],
    profile: Profile,
    rules: Sequence[Rule],
) -> tuple[Report, ...]:
    """Return the report on the update of each template.

    Args:
        root: App or stage that is validated.
        previous: Folder with the cloud assembly of the deployed app.
        templates: Templates of the new app.
        profile: Strictness.
        rules: Custom rules, of which those about updates are applied.

    Raises:
        ValueError: The folder is no cloud assembly that can be read.
    """
    # Imported here because few apps name a deployed one.
    from cdk_epc.parsing.cloud_assembly import read_assembly  # noqa: PLC0415
    from cdk_epc.updates import review_update  # noqa: PLC0415

    try:
        found = read_assembly(Path(previous))
    except UnusableInputError as error:
        raise ValueError(f"the deployed app in {previous} cannot be read: {error}") from None
    old = [
        TemplateInput(
            template=each.template,
            name=each.name,
            region=each.region,
            account=each.account,
            nested=each.nested,
            acknowledged=each.acknowledged,
            stack_name=each.stack_name,
            is_bounded=True,
        )
        for each in found
    ]
    stage = cdk.Stage.of(root)
    folder = stage.outdir if stage is not None else "."
    new = [_relative(each.input, folder) for each in templates]
    return review_update(old, new, profile=profile, rules=rules).reports


def _relative(given: TemplateInput, folder: str) -> TemplateInput:
    """Return a template with the name that it has in its cloud assembly."""

    def name(file: str) -> str:
        return Path(os.path.relpath(file, folder)).as_posix()

    nested = {logical_id: name(file) for logical_id, file in given.nested.items()}
    return attrs.evolve(given, name=name(given.name), nested=nested)
