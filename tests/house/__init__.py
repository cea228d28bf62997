"""Tests of the house: its map, its papers, its manual."""
