"""The endpoint of docs/endpoint.md, written in several ways; each module is a program.

This module imports nothing, for each program's own imports are part of what is measured.
"""
