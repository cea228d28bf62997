"""Invented variants and shares: how often the methods are right, at the difficulties fixed beforehand."""

from __future__ import annotations

from .variant_measures import share_rates, variant_rates
from .variant_worlds import SHARE_WORLDS, VARIANT_WORLDS


def test_new_variants_are_called_none_where_there_is_enough_to_see() -> None:
    """Twenty blocks of four levels: at least nine in ten (more is measured by `make calibrate`)."""
    rates = variant_rates(VARIANT_WORLDS[0], 4)
    assert rates.n_blocks >= 10
    assert rates.none_called_none >= 0.90
    assert rates.own_called_own >= 0.90


def test_few_blocks_cannot_tell_a_new_variant() -> None:
    """Five blocks of two levels: the measured rate is low, and the manual says so."""
    assert variant_rates(VARIANT_WORLDS[2], 4).none_called_none < 0.90


def test_a_constant_share_gives_no_alarm_and_a_change_is_covered() -> None:
    """Six draws of the middling world: no false alarm, day of change inside the interval nearly always."""
    rates = share_rates(SHARE_WORLDS[1], 6)
    assert rates.false_alarm == 0
    assert rates.covers_day >= 5 / 6
