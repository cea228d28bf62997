"""Tests of the door in a browser."""
