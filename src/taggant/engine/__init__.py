"""DuckDB over Parquet: queries larger than memory.

Invariant: the same query gives the same answer on every engine.
"""
