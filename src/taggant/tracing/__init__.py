"""Through whose hands: screening, shipments, chains, trace requests.

Invariant: a name alone accuses nobody; what is inferred is shown as inferred.
"""
