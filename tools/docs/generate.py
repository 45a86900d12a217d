"""Generated pages: those in git, and the pages of the rules that `make docs` builds."""

from __future__ import annotations

from tools.docs.api import generate_api_page
from tools.docs.changes import generate_changes
from tools.docs.lint_ids import generate_lint_ids
from tools.docs.llms import generate_llms
from tools.docs.pages import index_page, rule_page
from tools.docs.topics import topics

INDEX = "docs/rules.md"
FOLDER = "docs/rules"


def generate_index() -> dict[str, str]:
    """Return the text of the index in git by its path in the repository.

    Raises:
        ToolError: A rule of the registry is in none of its modules.
    """
    return {INDEX: index_page(topics())}


def generate_committed() -> dict[str, str]:
    """Return the text of each page in git by its path in the repository.

    Raises:
        ToolError: A rule of the registry is in none of its modules, a public name in no topic, or
            a page has no place for its table.
    """
    return {
        **generate_index(),
        **generate_api_page(),
        **generate_changes(),
        **generate_lint_ids(),
        **generate_llms(),
    }


def generate_pages() -> dict[str, str]:
    """Return the text of each built page, the index with links among them, by its path.

    Raises:
        ToolError: A rule of the registry is in none of its modules.
    """
    every = topics()
    return {
        f"{FOLDER}/index.md": index_page(every, has_pages=True),
        **{
            f"{FOLDER}/{rule.id}.md": rule_page(rule, topic)
            for topic in every
            for rule in topic.rules
        },
    }
