"""Worlds with a known truth, and whether methods give it back."""
