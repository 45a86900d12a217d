"""Pages of the documentation site: tables of contents, reference and moved files."""

from __future__ import annotations

import inspect
import re
from fnmatch import fnmatch
from pathlib import Path

import cdk_epc
from tools.site import extension, project, reference

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
DIRECTIVE = re.compile(r"^\.\. (?:auto\w+|py:data):: (.*)$", re.MULTILINE)


def listed(text: str) -> list[str]:
    """Return the entries of all tables of contents in a text."""
    trees = re.findall(r"```\{toctree\}\n(?::[^\n]*\n)*\n(.*?)```", text, re.DOTALL)
    lines = [line for tree in trees for line in tree.splitlines()]
    return [re.sub(r".* <(.*)>", r"\1", line) for line in lines]


def test_every_page_is_in_a_table_of_contents() -> None:
    entries = listed(extension.contents((DOCS / "README.md").read_text("utf-8")))
    built = {**project.generate_project(), **reference.generate_reference()}
    index = built[f"{reference.FOLDER}/index.md"]
    entries += [f"reference/{each}" for each in listed(index)]
    pages = [path.relative_to(DOCS) for path in DOCS.rglob("*.md")]
    pages += [Path(path).relative_to("docs") for path in built]
    # The index of rules links to the pages of rules.
    names = {str(page.with_suffix("")) for page in pages if page.parts[0] != "rules"} - {"index"}
    missing = [name for name in names if not any(fnmatch(name, each) for each in entries)]
    assert sorted(missing) == []
    assert len(names) > 70


def test_every_public_name_has_one_entry_in_the_reference() -> None:
    pages = reference.generate_reference()
    topics = "\n".join(text for path, text in pages.items() if "/cdk_epc." not in path)
    found = [each.rpartition(".")[2] for each in DIRECTIVE.findall(topics)]
    assert sorted(found) == sorted(cdk_epc.__all__)
    for module in reference.public_modules():
        text = pages[f"{reference.FOLDER}/{module.__name__}.md"]
        names = [each for each in module.__all__ if not inspect.ismodule(getattr(module, each))]
        assert [name for name in names if not re.search(rf"[.` ]{name}\b", text)] == []


def test_rules_and_public_names_in_code_are_links() -> None:
    def target(code: str, own: str = "variants") -> str | None:
        found = extension.target_of(code, own, {"rules/serverless-memory-step"})
        return None if found is None else found["reftarget"]

    assert target("serverless-memory-step") == "/rules/serverless-memory-step"
    assert target("serverless-memory-step", own="rules/serverless-memory-step") is None
    assert target("serverless-memory") is None
    assert target("Endpoint") == "cdk_epc.Endpoint"
    assert target("Endpoint.from_endpoint_name(...)") == "cdk_epc.Endpoint.from_endpoint_name"
    assert target("CfnEndpoint") is None
    assert target("endpoint") is None


def test_types_of_cdk_are_links_to_its_documentation() -> None:
    names = extension._cdk_names()
    assert names["Construct"] == "constructs"
    assert names["Duration"] == "aws_cdk"
    assert names["IVpc"] == "aws_cdk.aws_ec2"


def test_links_of_moved_files_lead_to_the_same_files() -> None:
    text = project._moved("[a](docs/ci.md#x) [b](SECURITY.md) [c](https://example.com) [d](#here)")
    assert text == ("[a](../../docs/ci.md#x) [b](security.md) [c](https://example.com) [d](#here)")
