"""Hashed names of configurations: a prefix, and a hash of the configuration and its models.

CloudFormation replaces a configuration for a change of any property except the tags, and the new
configuration cannot have the name of the old one. If a model is replaced, the template of the
configuration stays the same and only its references resolve to another name. Therefore the hash
covers the models too. It also covers the construct path and the name of the stack, so that equal
configurations of two stages or stacks in one account have different names.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

import aws_cdk as cdk
import jsii
from aws_cdk.aws_sagemaker import CfnEndpointConfig, CfnModel
from constructs import Node

from cdk_epc.constructs.call_sites import CallSite
from cdk_epc.constructs.duck_typing import construct_path
from cdk_epc.constructs.resource_state import ResourceState
from cdk_epc.constructs.scope import outermost, stack_of
from cdk_epc.constructs.supplied_models import supplied_models
from cdk_epc.rules.call_errors import NAME_AND_PREFIX, NAME_PREFIX
from cdk_epc.rules.rule import Violation
from cdk_epc.spec import EndpointConfigSpec, ModelSpec, Spec, patterns
from cdk_epc.spec import Path as SpecPath
from cdk_epc.spec.fields import members_of
from cdk_epc.spec.unresolved import is_list, is_mapping, is_unresolved, items_of

if TYPE_CHECKING:
    from aws_cdk.cx_api import CloudAssemblyBuilder

HASH_LENGTH: Final = 12
MAX_PREFIX_LENGTH: Final = patterns.NAME_LENGTH - HASH_LENGTH - 1
HASHED_NAME_REASONS: Final = {
    "name-fixed": "the name ends in a hash of the content, so it changes with it"
}
"""Acknowledgement on a resource with a hashed name, because a template cannot show the hash."""
_PREFIX: Final = re.compile(patterns.NAME, re.ASCII)


def checked_name_prefix(
    state: ResourceState[EndpointConfigSpec],
    name: str | None,
    prefix: object,
    site: CallSite | None,
) -> str | None:
    """Return a name prefix that begins a valid name and is not used with a fixed name.

    Raises:
        EndpointConfigError: The prefix is invalid, or there is a fixed name.
    """
    if prefix is None:
        return None
    path, argument = ("endpoint_config_name",), "endpoint_config_name_prefix"
    if name is not None:
        violation = Violation(
            path=path,
            got=prefix,
            not_allowed="with a fixed endpoint_config_name",
            fix="Remove one of the two arguments.",
        )
        state.refuse_call(NAME_AND_PREFIX, violation, argument, site)
        return None
    if not is_unresolved(prefix) and isinstance(prefix, str) and _is_prefix(prefix):
        return prefix
    violation = Violation(
        path=path,
        got=prefix,
        must=f"be a literal of 1 to {MAX_PREFIX_LENGTH} letters, digits and inner hyphens",
        fix="Shorten the prefix, or remove other characters; the hyphen before the hash is added.",
    )
    state.refuse_call(NAME_PREFIX, violation, argument, site)
    return None


def _is_prefix(text: str) -> bool:
    return len(text) <= MAX_PREFIX_LENGTH and _PREFIX.fullmatch(text) is not None


@jsii.implements(cdk.IStringProducer)
class HashedName:
    """Lazy producer of the name, which CDK calls while it writes the template."""

    # To compute one name, the stack is rendered, which renders the other names too. Without this
    # flag the computation of each name would start that of the others.
    _rendering: ClassVar[bool] = False

    def __init__(self, prefix: str, state: ResourceState[EndpointConfigSpec]) -> None:
        """Create the producer; the caller sets `resource` as soon as the L1 exists."""
        self.resource: CfnEndpointConfig | None = None
        self._prefix = prefix
        self._state = state

    def produce(self, context: cdk.IResolveContext) -> str:
        """Return the name, or the prefix while references are collected or a name is computed."""
        if HashedName._rendering or context.preparing or self.resource is None:
            return self._prefix
        HashedName._rendering = True
        try:
            contents = _rendered([self.resource, *_models_of(self._state)])
        finally:
            HashedName._rendering = False
        contents[0].pop("EndpointConfigName", None)
        for each in contents:
            each.pop("Tags", None)  # new tags replace nothing
        stack_name = outermost(stack_of(self.resource)).stack_name
        hashed = [construct_path(self.resource), stack_name, contents]
        import hashlib  # noqa: PLC0415 - slow to load, and few names have a hash

        digest = hashlib.sha256(json.dumps(hashed, sort_keys=True).encode()).hexdigest()
        return f"{self._prefix}-{digest[:HASH_LENGTH]}"


def parameters_in(state: ResourceState[EndpointConfigSpec]) -> dict[SpecPath, str]:
    """Return the template parameters in a configuration and its models, by the path of the value.

    A parameter in a model has the path of the model's name.
    """
    found = dict(_parameters(state.spec, ()))
    for path, model in supplied_models(state):
        spec = getattr(model, "spec", None)
        if isinstance(spec, ModelSpec):
            found.update((path, name) for _, name in _parameters(spec, ()))
    return found


def _parameters(value: object, path: SpecPath) -> Iterator[tuple[SpecPath, str]]:
    if is_unresolved(value):
        for token in _tokens(value):
            target = getattr(token, "target", None)
            if isinstance(target, cdk.CfnParameter):
                yield path, target.node.id
    for step, each in _parts(value):
        yield from _parameters(each, (*path, step))


def _parts(value: object) -> Iterator[tuple[str | int, object]]:
    """Yield the steps to the parts of a spec, map or list, with the parts."""
    if isinstance(value, Spec):
        names = (member.name for member in members_of(type(value)))
        yield from ((name, getattr(value, name)) for name in names if name != "tags")
    elif is_mapping(value):
        yield from ((str(key), each) for key, each in value.items())
    elif is_list(value) and not is_unresolved(value):
        yield from enumerate(value)


def _tokens(value: object) -> Sequence[object]:
    if isinstance(value, str):
        return cdk.Tokenization.reverse_string(value).tokens
    if isinstance(value, (int, float)):
        return [cdk.Tokenization.reverse_number(value)]
    return [value]


def _models_of(state: ResourceState[EndpointConfigSpec]) -> list[CfnModel]:
    """Return the models of this app that a configuration refers to, without duplicates."""
    models: list[CfnModel] = []
    for given in _model_arguments(state):
        models += [model for model in _models_behind(given) if model not in models]
    return models


def _model_arguments(state: ResourceState[EndpointConfigSpec]) -> Iterator[object]:
    """Yield every model as the caller supplied it, and every model name of the spec."""
    for _, model in supplied_models(state):
        yield model
    for _, variant in state.spec.variants():
        yield variant.model_name
        for pool in items_of(variant.instance_pools):
            yield getattr(pool, "model_name_override", None)


def _models_behind(given: object) -> Iterator[CfnModel]:
    """Yield the L1 models in a construct, or those that the tokens of a name refer to."""
    if isinstance(given, str):
        for token in cdk.Tokenization.reverse_string(given).tokens:
            yield from _models_behind(getattr(token, "target", None))
    elif isinstance(given, CfnModel):
        yield given
    elif isinstance(node := getattr(given, "node", None), Node):
        yield from (child for child in node.find_all() if isinstance(child, CfnModel))


def _rendered(resources: Sequence[cdk.CfnResource]) -> list[dict[str, Any]]:
    """Return the properties of resources as in their templates, with overrides."""
    templates: dict[cdk.Stack, dict[str, Any]] = {}
    properties: list[dict[str, Any]] = []
    for resource in resources:
        stack = stack_of(resource)
        if stack not in templates:
            templates[stack] = _template(stack)
        logical_id = stack.resolve(resource.logical_id)
        properties.append(templates[stack]["Resources"][logical_id].get("Properties", {}))
    return properties


def _template(stack: cdk.Stack) -> dict[str, Any]:
    """Return the template of a stack.

    CDK cannot render a single resource. Therefore the stack is synthesized to a temporary folder,
    by a synthesizer that does not change the stack.
    """
    with tempfile.TemporaryDirectory() as folder:
        synthesizer = cdk.LegacyStackSynthesizer()
        synthesizer.bind(stack)
        # The protocol declares settable attributes, but Node never sets them.
        synthesizer.synthesize(_Session(folder))  # type: ignore[arg-type]
        text = (Path(folder) / stack.template_file).read_text("utf-8")
    template: dict[str, Any] = json.loads(text)
    return template


@jsii.implements(cdk.ISynthesisSession)
class _Session:
    def __init__(self, folder: str) -> None:
        self._folder = folder
        from aws_cdk.cx_api import CloudAssemblyBuilder  # noqa: PLC0415 - slow to load

        self._assembly = CloudAssemblyBuilder(folder)

    # Node can read properties only, not attributes.
    @property
    def outdir(self) -> str:
        return self._folder

    @property
    def assembly(self) -> CloudAssemblyBuilder:
        return self._assembly

    @property
    def validate_on_synth(self) -> bool:
        return False
