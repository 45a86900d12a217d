"""Extension of Sphinx for the documentation site.

It makes the tables of contents from the tables of `docs/README.md`, links the ids of rules and the
public names in inline code, shows the signatures that `docs/api.md` shows, and draws diagrams in
the browser with a local copy of Mermaid.
"""

from __future__ import annotations

import enum
import inspect
import re
from collections.abc import Container, Iterator, Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, ClassVar, Final, is_typeddict

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective

import cdk_epc
from tools.docs.api import constructor_signature, is_created_by_constructor
from tools.docs.signatures import signature_of, signature_text
from tools.site.reference import documented_names

DIAGRAM_SCRIPT: Final = "mermaid.tiny.js"
_HAS_DIAGRAM: Final = "has_diagram"
_LANDING: Final = "index"
_RULE: Final = "rules/{}"
_CONTENTS: Final = "<!-- tables of contents -->"
_SECTION: Final = re.compile(r"^## (.+)\n((?:(?!^## ).*\n)*)", re.MULTILINE)
_ROW: Final = re.compile(r"^\| \[[^\]]+\]\(([^)]+)\.md\) \|", re.MULTILINE)
_WITH_CHILDREN: Final = {
    "api": "reference/index",
    "decisions/README": "decisions/0*",
    "gallery": "gallery/*",
}
"""Pages of the overview with the pages that follow each in the table of contents."""
_PROJECT: Final = ("project/changelog", "project/contributing", "project/security")
_NAME: Final = re.compile(r"([A-Z_]\w*)(\.\w+)?(\(.*\))?")
_SPECS: Final = "cdk_epc.spec"
_OF_SPECS: Final = (_SPECS, "cdk_epc.rules", "cdk_epc.requests", "cdk_epc.templates")
_TYPE: Final = re.compile(r"""(?<![\w.'"])[A-Z]\w+(?!\w)""")
_PARAMETERS: Final = re.compile(r'(<span class="sig-paren">[(\[]</span>\s*)<dl>')
_CDK_PAGE: Final = "https://docs.aws.amazon.com/cdk/api/v2/python/{}/{}.html"
_CDK_MODULE: Final = re.compile(r"constructs|aws_cdk(?:\.aws_\w+)?")
_CDK_IMPORT: Final = re.compile(
    r"^ *from (constructs|aws_cdk[\w.]*) import (\([^)]*\)|[^\n(]*)", re.MULTILINE
)
_CDK_ATTRIBUTE: Final = re.compile(r"\b(cdk|[a-z_0-9]+)\.([A-Z]\w+)")


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the extension to an application of Sphinx."""
    app.add_directive("mermaid", DiagramDirective)
    app.add_transform(CodeLinks)
    app.connect("source-read", _add_contents)
    app.connect("doctree-read", _mark_rule_pages)
    app.connect("autodoc-process-signature", _signature)
    app.connect("missing-reference", _cdk_reference)
    app.connect("html-page-context", _add_script)
    app.connect("html-page-context", _mark_parameters)
    app.connect("html-page-context", _keep_navigation, priority=100)  # before that of the theme
    return {"parallel_read_safe": True, "parallel_write_safe": True}


# --- tables of contents ---


def _add_contents(app: Sphinx, name: str, source: list[str]) -> None:
    if name == _LANDING:
        overview = (Path(app.srcdir) / "README.md").read_text("utf-8")
        source[0] = source[0].replace(_CONTENTS, contents(overview))


def contents(overview: str) -> str:
    """Return the tables of contents of the site.

    Args:
        overview: Text of `docs/README.md`, whose tables list the pages by section.
    """
    parts = [_toctree("", ["Guides <README>"])]
    for title, section in _SECTION.findall(overview):
        if pages := _ROW.findall(section):
            parts.append(_toctree(title, [each for page in pages for each in _with_children(page)]))
    parts.append(_toctree("Project", _PROJECT))
    return "\n".join(parts)


def _with_children(page: str) -> Iterator[str]:
    yield page
    if page in _WITH_CHILDREN:
        yield _WITH_CHILDREN[page]


def _toctree(caption: str, pages: Any) -> str:  # noqa: ANN401 - an iterable of names
    title = f":caption: {caption}\n" if caption else ""
    lines = "\n".join(pages)
    return f"```{{toctree}}\n:hidden:\n:glob:\n{title}\n{lines}\n```\n"


def _mark_rule_pages(app: Sphinx, _: nodes.document) -> None:
    """Leave the pages of rules out of the tables of contents, where they would hide the rest."""
    if app.env.docname.startswith(_RULE.format("")):
        app.env.metadata[app.env.docname]["orphan"] = True


def _keep_navigation(
    app: Sphinx, name: str, _: str, context: dict[str, Any], __: nodes.document | None
) -> None:
    """Make the navigation once for all pages of rules, where it is the same: half of the build."""
    make = context["toctree"]

    def navigation(**options: Any) -> str:  # noqa: ANN401 - options of Sphinx
        folder = app.outdir / "rules" if name.startswith(_RULE.format("")) else None
        if folder in _NAVIGATION:
            return _NAVIGATION[folder]
        # Without its level, the role of Sphinx's captions is not valid.
        text = str(make(**options)).replace('role="heading"', 'role="heading" aria-level="2"')
        if folder is not None:
            _NAVIGATION[folder] = text
        return text

    context["toctree"] = navigation


_NAVIGATION: Final[dict[Path | None, str]] = {}
"""Navigation by the folder of the pages that have the same one."""


# --- links in code ---


class CodeLinks(SphinxTransform):
    """Links from inline code that is the id of a rule or a public name."""

    default_priority = 500

    def apply(self, **_: Any) -> None:  # noqa: ANN401 - no arguments
        """Change the document."""
        for literal in list(self.document.findall(nodes.literal)):
            if not _is_linkable(literal):
                continue
            target = target_of(literal.astext(), self.env.docname, self.env.found_docs)
            if target is not None:
                target["refdoc"] = self.env.docname
                literal.replace_self(target)
                target += literal


def _is_linkable(literal: nodes.literal) -> bool:
    parent: nodes.Node | None = literal.parent
    while parent is not None:
        if isinstance(parent, nodes.reference | nodes.title | addnodes.pending_xref):
            return False
        parent = parent.parent
    return True


def target_of(code: str, own: str, pages: Container[str]) -> addnodes.pending_xref | None:
    """Return the reference for inline code that is the id of a rule or a public name.

    Args:
        code: Code.
        own: Name of the page with the code.
        pages: Names of all pages.
    """
    page = _RULE.format(code)
    if page in pages:
        if page == own:
            return None
        return addnodes.pending_xref(
            "", refdomain="std", reftype="doc", reftarget=f"/{page}", refexplicit=True
        )
    found = _NAME.fullmatch(code)
    if found is None or found[1] not in cdk_epc.__all__:
        return None
    target = f"cdk_epc.{found[1]}{found[2] or ''}"
    return addnodes.pending_xref("", refdomain="py", reftype="obj", reftarget=target)


# --- API reference ---


def _signature(  # noqa: PLR0913, PLR0917 - arguments of the event
    _: Sphinx,
    what: str,
    name: str,
    found: Any,  # noqa: ANN401 - any documented object
    options: object,  # noqa: ARG001
    arguments: str | None,
    returned: str | None,  # noqa: ARG001
) -> tuple[str, str] | None:
    if arguments is None:
        return None
    in_specs = _is_of_specs(name)
    if what in {"class", "exception"}:
        return _class_signature(found, in_specs=in_specs), ""
    function = getattr(found, "__func__", found)
    if what not in {"function", "method"} or not inspect.isfunction(function):
        return None
    signature = _qualified(signature_of(function), in_specs=in_specs)
    text = signature_text("", signature.replace(return_annotation=""))
    return text, str(signature.return_annotation)


def _class_signature(cls: type[Any], *, in_specs: bool) -> str:
    if issubclass(cls, enum.Enum | BaseException) or is_typeddict(cls):
        return ""
    if not is_created_by_constructor(cls):
        return ""
    return signature_text("", _qualified(constructor_signature(cls), in_specs=in_specs))


def _is_of_specs(name: str) -> bool:
    """Return whether a documented name takes specs, some of which are also names of values."""
    return name.startswith(_OF_SPECS) or name.endswith(("Spec", "Context"))


def _qualified(signature: inspect.Signature, *, in_specs: bool) -> inspect.Signature:
    """Return a signature whose types are full names, which the Python domain links and shortens."""

    def full(annotation: object) -> str:
        return _TYPE.sub(lambda found: _full_name(found[0], in_specs=in_specs), str(annotation))

    return signature.replace(
        parameters=[
            each.replace(annotation=full(each.annotation)) if each.annotation else each
            for each in signature.parameters.values()
        ],
        return_annotation=full(signature.return_annotation),
    )


def _full_name(name: str, *, in_specs: bool) -> str:
    homes = documented_names().get(name, ())
    if not homes:
        return name
    preferred = _SPECS if in_specs and _SPECS in homes else homes[0]
    return f"{preferred}.{name}"


def _cdk_reference(
    _: Sphinx, __: BuildEnvironment, node: addnodes.pending_xref, content: nodes.TextElement
) -> nodes.reference | None:
    """Return a link to the documentation of CDK for a type of CDK."""
    if node.get("refdomain") != "py":
        return None
    name = str(node["reftarget"]).rpartition(".")[2]
    module = _cdk_names().get(name)
    if module is None:
        return None
    reference = nodes.reference("", "", internal=False, refuri=_CDK_PAGE.format(module, name))
    reference += content
    return reference


@cache
def _cdk_names() -> Mapping[str, str]:
    """Return the module of CDK for each name of CDK that the package uses."""
    found: dict[str, str] = {}
    for path in sorted(Path(cdk_epc.__path__[0]).rglob("*.py")):
        text = path.read_text("utf-8")
        modules = {"cdk": "aws_cdk"}
        for module, names in _CDK_IMPORT.findall(text):
            for each in names.strip("() \n").split(","):
                name, _, alias = (word.strip() for word in each.partition(" as "))
                if name.startswith("aws_"):
                    modules[alias or name] = f"{module}.{name}"
                elif name and not alias:
                    found.setdefault(name, module)
        for alias, name in _CDK_ATTRIBUTE.findall(text):
            if alias in modules:
                found.setdefault(name, modules[alias])
    return {name: module for name, module in found.items() if _CDK_MODULE.fullmatch(module)}


def _mark_parameters(
    _: Sphinx, __: str, ___: str, context: dict[str, Any], ____: nodes.document | None
) -> None:
    """Mark the lists of parameters as layout: Sphinx makes them of `dl` without terms."""
    if "body" in context:
        context["body"] = _PARAMETERS.sub(r'\1<dl role="presentation">', context["body"])


# --- diagrams ---


class DiagramDirective(SphinxDirective):
    """Diagram in the language of Mermaid."""

    has_content: ClassVar[bool] = True

    def run(self) -> list[nodes.Node]:
        """Return the text of the diagram, which the script of the page replaces."""
        self.env.metadata[self.env.docname][_HAS_DIAGRAM] = True
        code = escape("\n".join(self.content))
        return [nodes.raw("", f'<pre class="diagram">{code}</pre>', format="html")]


def _add_script(
    app: Sphinx, name: str, _: str, __: dict[str, Any], ___: nodes.document | None
) -> None:
    if app.env.metadata[name].get(_HAS_DIAGRAM):
        app.add_js_file(DIAGRAM_SCRIPT, priority=400)
