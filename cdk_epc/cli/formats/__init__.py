"""Output formats of the command."""
