"""The door in a browser: thin. It reads a case, answers, and hands the pages of `report` over loopback.

Invariant: nothing is written, and nothing is read from disk by an address somebody sends.
"""
