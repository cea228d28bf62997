"""Which variant, whose build: likelihood ratios over features in dependence blocks, and what validation lets them say.

Invariant: no weight leaves this room beyond the bound the validation data allow.
"""
