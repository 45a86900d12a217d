"""Lists of all guides for language models (llmstxt.org), from the overview of docs."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Final

from tools.errors import ToolError

ROOT: Final = Path(__file__).resolve().parents[2]
OVERVIEW: Final = "docs/README.md"
ROW: Final = re.compile(r"^\| \[(?P<title>[^]]+)\]\((?P<page>[^)]+)\) \| (?P<content>.+) \|$")
LINK: Final = re.compile(r"\[([^]]+)\]\([^)]+\)")
_ABOUT: Final = """\
`pip install cdk-epc` installs the library and the command `cdk-epc`. The command checks templates,
cloud assemblies of CDK apps in every language, and API requests:
`cdk-epc check --format json cdk.out`. It needs neither Node nor AWS credentials.
`cdk-epc explain ID` explains a rule, and `cdk-epc schema check` prints the JSON schema of the
output.
"""


def generate_llms() -> dict[str, str]:
    """Return the list of the repository and that of the documentation site by their paths.

    Raises:
        ToolError: The overview lists no pages.
    """
    overview = (ROOT / OVERVIEW).read_text("utf-8")
    return {
        "llms.txt": _text(overview, "docs/{page}.md"),
        "docs/llms.txt": _text(overview, "{page}.html"),
    }


def _text(overview: str, link: str) -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = [f"# {project['name']}", "", f"> {project['description']}", "", _ABOUT]
    for section in overview.split("\n## ")[1:]:
        rows = [row for line in section.splitlines() if (row := ROW.match(line))]
        if rows:
            lines += [f"## {section.splitlines()[0]}", ""]
            lines += [_line(row, link) for row in rows if row["page"].endswith(".md")]
            lines.append("")
    if not any(line.startswith("- ") for line in lines):
        raise ToolError(f"{OVERVIEW} lists no pages")
    return "\n".join(lines)


def _line(row: re.Match[str], link: str) -> str:
    page = link.format(page=row["page"].removesuffix(".md"))
    content = LINK.sub(r"\1", row["content"])
    return f"- [{row['title']}]({page}): {content}"
