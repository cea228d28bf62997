"""What may be said: hypotheses, commitments, capabilities, next steps, sensitivity.

Invariant: this room joins what other rooms found, in declared tables; it measures nothing itself.
"""
