"""Outputs of a template that other templates read: by an export, or by the name of the stack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from cdk_epc.spec.unresolved import is_mapping
from cdk_epc.templates.app import App
from cdk_epc.templates.scenarios import Evaluation, Scenario
from cdk_epc.templates.template import Template


@attrs.frozen(eq=False)
class Export:
    """Output of a template that other templates may read.

    Attributes:
        template: The template.
        output: Logical id of the output.
        value: Expression of the value.
    """

    template: Template
    output: str
    value: Any


def find_export(evaluation: Evaluation, name: str, importer: Template) -> Export | None:
    """Return the export with a name; ``None`` if there is not exactly one.

    Args:
        evaluation: Evaluation of any template of the app.
        name: Name of the export.
        importer: Template that imports the value.
    """
    app = evaluation.scenario.app
    found = [
        each
        for each in _exports(evaluation).get(name, ())
        if app.may_share_environment(each.template, importer)
    ]
    return found[0] if len(found) == 1 else None


def find_output(
    app: App, stack: str, output: str, region: str | None, reader: Template
) -> Export | None:
    """Return the output that ``Fn::GetStackOutput`` reads; ``None`` if there is not exactly one.

    Args:
        app: The app.
        stack: Name of the stack with the output.
        output: Logical id of the output.
        region: Region of that stack; ``None`` for the region of the reader.
        reader: Template that reads the output.
    """
    found = [
        each
        for each in app.templates
        if each.input.stack_name == stack
        and (
            app.may_share_environment(each, reader)
            if region is None
            else each.input.region in {None, region}
        )
    ]
    return _output_of(found[0], output) if len(found) == 1 else None


def find_nested_output(app: App, parent: Template, stack: str, output: str) -> Export | None:
    """Return the output of a nested stack whose template is known and used once.

    Args:
        app: The app.
        parent: Template with the nested stack.
        stack: Logical id of the nested stack.
        output: Logical id of the output.
    """
    name = parent.input.nested.get(stack)
    template = None if name is None else app.template_named(name)
    if template is None or len(app.nested_stacks.get(template.index, ())) != 1:
        return None
    return _output_of(template, output)


def _output_of(template: Template, output: str) -> Export | None:
    """Return an output that every deployment of the template has; ``None`` if there is none."""
    declaration = template.section("Outputs").get(output)
    if not is_mapping(declaration) or "Condition" in declaration or "Value" not in declaration:
        return None
    return Export(template, output, declaration["Value"])


def _exports(evaluation: Evaluation) -> Mapping[str, list[Export]]:
    """Return the exports of an app by name, without those whose name depends on a scenario."""
    app = evaluation.scenario.app
    if _exports not in app.cache:
        exports: dict[str, list[Export]] = {}
        # Stored before it is filled, because the name of an export may import another one.
        app.cache[_exports] = exports
        for template in app.templates:
            for output, declaration in template.section("Outputs").items():
                export = declaration.get("Export") if is_mapping(declaration) else None
                if not is_mapping(export) or (found := _output_of(template, output)) is None:
                    continue
                scenario = Scenario(app, evaluation.scenario.evaluator)
                name = Evaluation(scenario, template).evaluate(export.get("Name"))
                if isinstance(name, str) and not scenario.varying_reads:
                    exports.setdefault(name, []).append(found)
    known: Mapping[str, list[Export]] = app.cache[_exports]
    return known
