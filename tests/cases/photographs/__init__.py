"""Photographs of invented boards, drawn by a script, with what stands on them."""
