"""The pages about the rules, from the rules and their examples."""

from __future__ import annotations

from tools.docs.pages import rule_page, table_page
from tools.docs.topics import topics

TABLE = "docs/rules.md"
FOLDER = "docs/rules"


def generate() -> dict[str, str]:
    """Return the text of every page by its path in the repository.

    Raises:
        ToolError: A rule of the registry is in none of its modules.
    """
    every = topics()
    return {
        TABLE: table_page(every),
        **{f"{FOLDER}/{rule.id}.md": rule_page(rule) for topic in every for rule in topic.rules},
    }
