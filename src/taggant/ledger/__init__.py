"""Cellar: append-only records and commits, exhibits, snapshots — git for evidence.

The door is `taggant.ledger.ledger.Ledger`. Nothing is imported here: a command that reads no case loads no store.
"""
