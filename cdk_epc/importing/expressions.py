"""Conversion of template values to Python expressions, with intrinsic functions as CDK's ``Fn``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, Protocol

from cdk_epc.importing.syntax import (
    Atom,
    Expression,
    Mapped,
    call,
    listing,
    literal,
    text_literal,
)
from cdk_epc.spec.unresolved import is_list, is_mapping

VARIABLE: Final = re.compile(r"\$\{([^!{}][^{}]*)\}")
"""Variable in the text of ``Fn::Sub``."""

_NUMBER: Final = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,9})?", re.ASCII)
_MAX_ATOM: Final = 40
_JSII: Final = "$jsii."
_PSEUDO: Final = {
    "AWS::AccountId": "cdk.Aws.ACCOUNT_ID",
    "AWS::NoValue": "cdk.Aws.NO_VALUE",
    "AWS::NotificationARNs": "cdk.Aws.NOTIFICATION_ARNS",
    "AWS::Partition": "cdk.Aws.PARTITION",
    "AWS::Region": "cdk.Aws.REGION",
    "AWS::StackId": "cdk.Aws.STACK_ID",
    "AWS::StackName": "cdk.Aws.STACK_NAME",
    "AWS::URLSuffix": "cdk.Aws.URL_SUFFIX",
}
_PAIR: Final = 2
_TRIPLE: Final = 3


class NotTypedError(Exception):
    """A value has no counterpart in the typed API; the message says why."""


class UnusableSourceError(ValueError):
    """The source cannot be converted. The message is one line."""


class References(Protocol):
    """Names that the expressions of a module may use."""

    def ref(self, logical_id: str) -> Expression | None:
        """Return ``Ref`` of a parameter or resource; ``None`` if it does not exist here."""

    def attribute(self, logical_id: str, attribute: str) -> Expression | None:
        """Return ``Fn::GetAtt`` of a resource; ``None`` if it does not exist here."""

    def is_list_parameter(self, logical_id: str) -> bool:
        """Return whether a parameter has several values."""
        ...

    def is_number_parameter(self, logical_id: str) -> bool:
        """Return whether a parameter is a number."""
        ...

    def number_parameter(self, logical_id: str) -> Expression:
        """Return the value of a parameter as a number."""
        ...

    def keeps_id(self, logical_id: str) -> bool:
        """Return whether generated code gives a resource or parameter the same logical id."""
        ...


def function_of(value: object) -> str | None:
    """Return the name of the intrinsic function that a value calls; ``None`` for other values."""
    if is_mapping(value) and len(value) == 1:
        name = next(iter(value))
        if isinstance(name, str) and (name in {"Ref", "Condition"} or name.startswith("Fn::")):
            return name
    return None


def attribute_of(value: object) -> tuple[str, str] | None:
    """Return the logical id and the attribute of ``Fn::GetAtt``, or the same of ``Fn::Sub``."""
    if function_of(value) == "Fn::Sub" and is_mapping(value):
        text = value["Fn::Sub"]
        found = VARIABLE.fullmatch(text) if isinstance(text, str) else None
        if found is None or "." not in found[1]:
            return None
        logical_id, _, attribute = found[1].partition(".")
        return logical_id, attribute
    if function_of(value) != "Fn::GetAtt" or not is_mapping(value):
        return None
    given = value["Fn::GetAtt"]
    if isinstance(given, str) and "." in given:
        logical_id, _, attribute = given.partition(".")
        return logical_id, attribute
    if is_list(given) and len(given) == _PAIR and all(isinstance(each, str) for each in given):
        return str(given[0]), str(given[1])
    return None


class Expressions:
    """Converter of values."""

    def __init__(self, references: References) -> None:
        """Create a converter.

        Args:
            references: Names that the expressions may use.
        """
        self._references = references

    def text(self, value: Any) -> Expression:  # noqa: ANN401 - JSON
        """Return a value as an expression of the type ``str``.

        Raises:
            NotTypedError: The value is not a text.
        """
        if isinstance(value, str):
            return text_literal(value)
        if isinstance(value, bool):
            return text_literal(str(value).lower())
        if isinstance(value, (int, float)):
            return text_literal(str(value))
        if function_of(value) is None:
            raise NotTypedError("a text is expected")
        expression, is_text = self._function(value)
        return expression if is_text else call("cdk.Token.as_string", expression)

    def number(self, value: Any) -> Expression:  # noqa: ANN401 - JSON
        """Return a value as an expression of a number.

        Raises:
            NotTypedError: The value is not a number.
        """
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return literal(value)
        if isinstance(value, str) and _NUMBER.fullmatch(value):
            return Atom(value)
        if not is_mapping(value) or function_of(value) is None:
            raise NotTypedError("a number is expected")
        name = value.get("Ref")
        if isinstance(name, str) and self._references.is_number_parameter(name):
            return self._references.number_parameter(name)
        return call("cdk.Token.as_number", self._function(value)[0])

    def texts(self, value: Any) -> Expression:  # noqa: ANN401 - JSON
        """Return a value as an expression of the type ``list[str]``.

        Raises:
            NotTypedError: The value is not a list of texts.
        """
        if is_list(value):
            return listing([self.text(each) for each in value])
        name = function_of(value)
        if name is None:
            raise NotTypedError("a list of texts is expected")
        if name == "Ref" and self._is_list(value):
            return self.raw(value)
        if name == "Fn::Split":
            delimiter, source = _arguments(value, _PAIR)
            return call("cdk.Fn.split", self.text(delimiter), self.text(source))
        if name == "Fn::GetAZs":
            return call("cdk.Fn.get_azs", self.text(next(iter(value.values()))))
        return call("cdk.Token.as_list", self._function(value)[0])

    def raw(self, value: Any) -> Expression:  # noqa: ANN401 - JSON
        """Return a value as an expression of the type ``Any`` for an L1 construct."""
        if function_of(value) is not None:
            return self._function(value)[0]
        if is_mapping(value):
            items = [(_key(key), self.raw(each)) for key, each in value.items()]
            return Mapped(tuple(items))
        if is_list(value):
            return listing([self.raw(each) for each in value])
        return literal(value)

    def _is_list(self, value: Mapping[str, Any]) -> bool:
        name = value["Ref"]
        return isinstance(name, str) and (
            name == "AWS::NotificationARNs" or self._references.is_list_parameter(name)
        )

    def _function(self, value: Mapping[str, Any]) -> tuple[Expression, bool]:
        """Return a call of an intrinsic function, and whether its type is ``str``."""
        converters = {
            "Ref": self._ref,
            "Fn::GetAtt": self._attribute,
            "Fn::Sub": self._sub,
            "Fn::Join": self._join,
            "Fn::Select": self._select,
            "Fn::ImportValue": self._one_text,
            "Fn::Base64": self._one_text,
            "Fn::FindInMap": self._find_in_map,
            "Fn::If": self._if,
        }
        ((name, argument),) = value.items()
        if (converter := converters.get(name)) is not None:
            try:
                found = converter(value)
            except NotTypedError:
                found = None
            if found is not None:
                return found
        if name in {"Fn::Split", "Fn::GetAZs"}:
            try:
                return self.texts(value), False
            except NotTypedError:
                pass
        return Mapped(((_key(name), self.raw(argument)),)), False

    def _ref(self, value: Mapping[str, Any]) -> tuple[Expression, bool] | None:
        name = value["Ref"]
        if not isinstance(name, str):
            return None
        if name in _PSEUDO:
            return Atom(_PSEUDO[name]), name != "AWS::NotificationARNs"
        found = self._references.ref(name)
        return None if found is None else (found, not self._references.is_list_parameter(name))

    def _attribute(self, value: Mapping[str, Any]) -> tuple[Expression, bool] | None:
        if (found := attribute_of(value)) is None:
            return None
        expression = self._references.attribute(*found)
        return None if expression is None else (expression, True)

    def _sub(self, value: Mapping[str, Any]) -> tuple[Expression, bool] | None:
        given = value["Fn::Sub"]
        variables: Mapping[str, Any] = {}
        if is_list(given) and len(given) == _PAIR and is_mapping(given[1]):
            given, variables = given
        if not isinstance(given, str):
            return None
        items = {_key(key): self.text(each) for key, each in variables.items()}
        known = set(items)
        taken = {*items, *(each.partition(".")[0] for each in VARIABLE.findall(given))}

        def replaced(match: re.Match[str]) -> str:
            name = match[1]
            logical_id, _, attribute = name.partition(".")
            if name in known or name.startswith("AWS::") or self._references.keeps_id(logical_id):
                return match[0]
            found = (
                self._references.attribute(logical_id, attribute)
                if attribute
                else self._references.ref(logical_id)
            )
            if found is None:
                return match[0]
            key = re.sub(r"[^A-Za-z0-9]", "", name)
            while key != name and key in taken:
                key += "Value"
            items[key] = found
            return f"${{{key}}}"

        body = text_literal(VARIABLE.sub(replaced, given))
        if not items:
            return call("cdk.Fn.sub", body), True
        return call("cdk.Fn.sub", body, Mapped(tuple(items.items()))), True

    def _join(self, value: Mapping[str, Any]) -> tuple[Expression, bool]:
        delimiter, parts = _arguments(value, _PAIR)
        if not isinstance(delimiter, str):
            raise NotTypedError("the delimiter must be a text")
        return call("cdk.Fn.join", text_literal(delimiter), self.texts(parts)), True

    def _select(self, value: Mapping[str, Any]) -> tuple[Expression, bool]:
        index, parts = _arguments(value, _PAIR)
        if isinstance(index, str) and index.isdecimal() and index.isascii():
            index = int(index)
        if not isinstance(index, int) or isinstance(index, bool):
            raise NotTypedError("the index must be a number")
        if is_list(parts) and not 0 <= index < len(parts):
            raise NotTypedError("the index must be one of the list")
        return call("cdk.Fn.select", literal(index), self.texts(parts)), True

    def _one_text(self, value: Mapping[str, Any]) -> tuple[Expression, bool]:
        ((name, argument),) = value.items()
        function = {"Fn::ImportValue": "import_value", "Fn::Base64": "base64"}[name]
        return call(f"cdk.Fn.{function}", self.text(argument)), True

    def _find_in_map(self, value: Mapping[str, Any]) -> tuple[Expression, bool]:
        keys = _arguments(value, _TRIPLE)
        return call("cdk.Fn.find_in_map", *map(self.text, keys)), True

    def _if(self, value: Mapping[str, Any]) -> tuple[Expression, bool]:
        condition, then, otherwise = _arguments(value, _TRIPLE)
        if not isinstance(condition, str):
            raise NotTypedError("the condition must be a name")
        name = text_literal(condition)
        return call("cdk.Fn.condition_if", name, self.raw(then), self.raw(otherwise)), False


def _arguments(value: Mapping[str, Any], count: int) -> list[Any]:
    """Return the arguments of an intrinsic function.

    Raises:
        NotTypedError: The number of arguments is wrong.
    """
    ((_, given),) = value.items()
    if not is_list(given) or len(given) != count:
        raise NotTypedError(f"{count} arguments are expected")
    return list(given)


def _key(key: object) -> str:
    """Return the key of a mapping.

    Raises:
        UnusableSourceError: CDK's bridge to Node reserves the key.
    """
    text = str(key)
    if text.startswith(_JSII):
        raise UnusableSourceError(f"the key {text!r} is reserved by CDK and cannot be imported")
    return text


def attribute_call(variable: str, attribute: str) -> Expression:
    """Return ``get_att`` of an L1 construct as a text."""
    got = f"{variable}.get_att({text_literal(attribute).text})"
    if len(got) <= _MAX_ATOM:
        return Atom(f"{got}.to_string()")
    return call("cdk.Token.as_string", call(f"{variable}.get_att", text_literal(attribute)))
