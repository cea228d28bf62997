"""What is handed over: sentences, charts, pages, the answer in the terminal.

Invariant: nothing is computed here that a method should have said; everything shown leads back to what it rests on.
"""
