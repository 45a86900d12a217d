"""The one error a generator raises for people to read."""


class ToolError(Exception):
    """A source is out of reach, or says what the project's data cannot hold.

    The message is one line: what, where, got, allowed, mend.
    """
