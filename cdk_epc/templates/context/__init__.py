"""Contexts: resources of a template with their related resources."""
