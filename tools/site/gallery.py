"""Gallery of the documentation: one page for each stack of the sample app."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Final

import attrs

from cdk_epc.testing import project_context
from sample_app.app import REGIONS, build, stage_id
from sample_app.stage import USE_CASES
from tools.docs.markdown import first_line, generated_by
from tools.docs.topics import guide_title
from tools.site.architecture import Json, diagram

INDEX: Final = "docs/gallery.md"
FOLDER: Final = "docs/gallery"
_ROOT: Final = Path(__file__).resolve().parents[2]
_HEAD: Final = generated_by("gallery")
_INTRODUCTION: Final = """\
Six stacks of one app, which a shop deploys in several regions. Each page has the code, a picture of
the architecture and a table of the resources that CloudFormation creates. The tests synthesise the
app, compare these pages with its templates, and apply all rules and cdk-nag's AwsSolutions pack.

The stacks share
[a stack with the key, the bucket and the network](../sample_app/foundation.py), and
[the company's subclass of `EndpointConfig`](../sample_app/policy.py), which sets encryption, data
capture and tags. `make synth` writes all templates.
"""
_TABLE: Final = "| Story | Contents |\n|---|---|\n"
_RESOURCES: Final = "| Resource | Number |\n|---|---|\n"


@attrs.frozen
class Story:
    """Page of the gallery.

    Attributes:
        title: Heading.
        guides: Names of the guides about the features of the stack.
    """

    title: str
    guides: tuple[str, ...]


STORIES: Final = {
    "Assistant": Story("Shopping assistant", ("inference-components", "autoscaling", "features")),
    "Churn": Story("Churn prediction", ("features", "deployments", "monitoring")),
    "Fraud": Story("Fraud detection", ("variants", "deployments", "autoscaling")),
    "Moderation": Story("Moderation of pictures", ("async-inference", "autoscaling", "models")),
    "QuestionAnswering": Story("Question answering", ("variants", "models", "autoscaling")),
    "Ranking": Story("Ranking of search results", ("variants", "deployments", "monitoring")),
}
"""Pages by the name of the stack."""


def generate() -> dict[str, str]:
    """Return the text of each page by its path in the repository; synthesises the sample app."""
    region = stage_id(REGIONS[0])
    app = build(project_context(_ROOT / "cdk.json"))
    nested = app.synth().get_nested_assembly(f"assembly-{region}")
    templates = {stack.stack_name: stack.template for stack in nested.stacks}
    return pages({name: templates[f"{region}-{name}"] for name in USE_CASES})


def pages(templates: Mapping[str, Json]) -> dict[str, str]:
    """Return the text of each page by its path in the repository.

    Args:
        templates: Template of each stack by its name.
    """
    rows = "".join(
        f"| [{STORIES[name].title}]({FOLDER.rpartition('/')[2]}/{_slug(name)}.md) "
        f"| {first_line(USE_CASES[name])} |\n"
        for name in sorted(templates)
    )
    return {
        INDEX: f"{_HEAD}\n# Gallery\n\n{_INTRODUCTION}\n{_TABLE}{rows}",
        **{f"{FOLDER}/{_slug(name)}.md": _page(name, templates[name]) for name in templates},
    }


def _page(name: str, template: Json) -> str:
    stack, story = USE_CASES[name], STORIES[name]
    source = f"sample_app/{stack.__module__.rpartition('.')[2]}.py"
    summary = first_line(import_module(stack.__module__))
    counts = Counter(each["Type"] for each in template["Resources"].values())
    rows = "".join(f"| `{type_}` | {count} |\n" for type_, count in sorted(counts.items()))
    guides = ", ".join(f"[{guide_title(guide)}](../{guide}.md)" for guide in story.guides)
    return "\n".join(
        [
            f"{_HEAD}\n# {story.title}\n",
            f"{summary}\n",
            f"- Stack: {first_line(stack)}",
            f"- Guides: {guides}",
            f"- Source: [{source}](../../{source})\n",
            f"## Architecture\n\n```mermaid\n{diagram(story.title, template)}```\n",
            f"## Code\n\n```{{literalinclude}} ../../{source}\n:language: python\n```\n",
            f"## Deployed resources\n\n{sum(counts.values())} resources in each region:\n",
            f"{_RESOURCES}{rows}",
        ]
    )


def _slug(name: str) -> str:
    return "".join(f"-{each.lower()}" if each.isupper() else each for each in name).strip("-")
