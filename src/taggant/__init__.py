"""Taggant: an open workbench for arms tracing."""

__version__ = "0.1.0.dev0"
