"""What others say: one folder a source, with its metadata and expectations beside the code that reads it.

Invariant: what a reader does not understand stops it or is named; nothing is absorbed.
"""
