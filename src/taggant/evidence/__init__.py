"""What we hold: intake of case folders, spreadsheets, photographs and documents.

Invariant: nothing a person typed is guessed at, mended or coerced. It is read letter for letter, or it is named with
file, row and column in one table of issues, and nothing of it is imported.
"""
