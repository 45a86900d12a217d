"""Names that change with the content: a prefix and a hash of all that is behind it.

Every property of a configuration but its tags can only be replaced, and a replacement cannot have
the name of what it replaces. A model that is replaced does not even change the text of the
configuration, only what its reference resolves to, so the hash covers the models too.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar, Final

import aws_cdk as cdk
import jsii
from aws_cdk.aws_sagemaker import CfnEndpointConfig, CfnModel
from aws_cdk.cx_api import CloudAssemblyBuilder
from constructs import Node

from cdk_epc.constructs.call_sites import CallSite
from cdk_epc.constructs.resource_state import ResourceState
from cdk_epc.constructs.supplied_models import supplied_models
from cdk_epc.rules.call_errors import NAME_AND_PREFIX, NAME_PREFIX
from cdk_epc.rules.rule import Violation
from cdk_epc.spec import EndpointConfigSpec, patterns
from cdk_epc.spec.unresolved import is_unresolved, items_of

HASH_LENGTH: Final = 12
LONGEST_PREFIX: Final = patterns.NAME_LENGTH - HASH_LENGTH - 1
HASHED: Final = {"name-fixed": "the name ends in a hash of the content, so it changes with it"}
"""What is acknowledged on a resource with such a name, for no template can show that it changes."""
_PREFIX: Final = re.compile(patterns.NAME, re.ASCII)


def refuse_bad_prefix(
    state: ResourceState[EndpointConfigSpec],
    name: str | None,
    prefix: object,
    site: CallSite | None,
) -> None:
    """Refuse a prefix beside a name, and one that no name can come of.

    Raises:
        EndpointConfigError: It is one of these.
    """
    if prefix is None:
        return
    place, argument = ("endpoint_config_name",), "endpoint_config_name_prefix"
    if name is not None:
        state.raise_call_error(
            NAME_AND_PREFIX,
            Violation(
                path=place, got=prefix, not_allowed="here beside a fixed name", fix="Keep one."
            ),
            argument,
            site,
        )
    is_fit = isinstance(prefix, str) and len(prefix) <= LONGEST_PREFIX and _PREFIX.fullmatch(prefix)
    if is_unresolved(prefix) or not is_fit:
        state.raise_call_error(
            NAME_PREFIX,
            Violation(
                path=place,
                got=prefix,
                must=f"be 1 to {LONGEST_PREFIX} letters, digits and inner hyphens, known at synth",
                fix="Shorten it, or take out what does not fit; the last hyphen is ours.",
            ),
            argument,
            site,
        )


@jsii.implements(cdk.IStringProducer)
class HashedName:
    """Produces the name when the template is written, when all is known."""

    # While one name is worked out, the others must hold still, or each would ask for each.
    _rendering: ClassVar[bool] = False

    def __init__(self, prefix: str, state: ResourceState[EndpointConfigSpec]) -> None:
        """Name a resource, which is given later, by a prefix and its content."""
        self.resource: CfnEndpointConfig | None = None
        self._prefix = prefix
        self._state = state

    def produce(self, context: cdk.IResolveContext) -> str:
        """The name. While references are still being collected, and in our own rendering, any."""
        if HashedName._rendering or context.preparing or self.resource is None:
            return self._prefix
        HashedName._rendering = True
        try:
            contents = _rendered([self.resource, *_models_of(self._state)])
        finally:
            HashedName._rendering = False
        contents[0].pop("EndpointConfigName", None)
        digest = hashlib.sha256(json.dumps(contents, sort_keys=True).encode()).hexdigest()
        return f"{self._prefix}-{digest[:HASH_LENGTH]}"


def _models_of(state: ResourceState[EndpointConfigSpec]) -> list[CfnModel]:
    """The models of this app that a configuration refers to, each once."""
    models: list[CfnModel] = []
    for given in _model_arguments(state):
        models += [model for model in _models_behind(given) if model not in models]
    return models


def _model_arguments(state: ResourceState[EndpointConfigSpec]) -> Iterator[object]:
    """Every model as it was given, a construct if it was one, and as it is named."""
    for _, model in supplied_models(state):
        yield model
    for _, variant in state.spec.variants():
        yield variant.model_name
        for pool in items_of(variant.instance_pools):
            yield getattr(pool, "model_name_override", None)


def _models_behind(given: object) -> Iterator[CfnModel]:
    """The model resources behind a construct, or behind the tokens in a name."""
    if isinstance(given, str):
        for token in cdk.Tokenization.reverse_string(given).tokens:
            yield from _models_behind(getattr(token, "target", None))
    elif isinstance(given, CfnModel):
        yield given
    elif isinstance(node := getattr(given, "node", None), Node):
        yield from (child for child in node.find_all() if isinstance(child, CfnModel))


def _rendered(resources: Sequence[cdk.CfnResource]) -> list[dict[str, Any]]:
    """The properties of resources as their templates have them, overrides and all."""
    templates: dict[cdk.Stack, dict[str, Any]] = {}
    properties: list[dict[str, Any]] = []
    for resource in resources:
        stack = cdk.Stack.of(resource)
        if stack not in templates:
            templates[stack] = _template(stack)
        logical_id = stack.resolve(resource.logical_id)
        properties.append(templates[stack]["Resources"][logical_id].get("Properties", {}))
    return properties


def _template(stack: cdk.Stack) -> dict[str, Any]:
    """The template of a stack.

    CDK offers no way to render one resource, so the stack is written to a folder that is thrown
    away, by a synthesizer that touches nothing of the stack's own.
    """
    with tempfile.TemporaryDirectory() as folder:
        synthesizer = cdk.LegacyStackSynthesizer()
        synthesizer.bind(stack)
        # The protocol asks for settable attributes; Node never sets them.
        synthesizer.synthesize(_Session(folder))  # type: ignore[arg-type]
        text = (Path(folder) / stack.template_file).read_text("utf-8")
    template: dict[str, Any] = json.loads(text)
    return template


@jsii.implements(cdk.ISynthesisSession)
class _Session:
    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._assembly = CloudAssemblyBuilder(folder)

    # Properties, for that is what Node can read.
    @property
    def outdir(self) -> str:
        return self._folder

    @property
    def assembly(self) -> CloudAssemblyBuilder:
        return self._assembly

    @property
    def validate_on_synth(self) -> bool:
        return False
