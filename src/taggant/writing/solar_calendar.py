"""The solar Hijri calendar of Iran and Afghanistan, as days of ours."""

from __future__ import annotations

from datetime import date, timedelta

_EPOCH = date(622, 3, 22)  # 1 Farvardin 1, Gregorian reckoned backwards


def solar_day(year: int, month: int, day: int) -> date:
    """Which day of our calendar is this day of the solar Hijri one?

    Parameters
    ----------
    year, month, day : int
        1402, 4, 23: months 1 to 6 have 31 days, 7 to 11 have 30, month 12 has 29 or 30.

    Returns
    -------
    date

    Notes
    -----
    Assumes: the 33-year rule (leap when the year modulo 33 is 1, 5, 9, 13, 17, 22, 26 or 30), which agrees with the
    observed calendar for 1244 to 1472 solar Hijri (1865 to 2094).
    Not for: the lunar Hijri calendar.

    References
    ----------
    .. [1] Borkowski, K. M. (1996). The Persian calendar for 3000 years. *Earth, Moon, and Planets* 74, 223-230.
       https://doi.org/10.1007/BF00055188

    Examples
    --------
    >>> solar_day(1402, 1, 1).isoformat(), solar_day(1402, 4, 23).isoformat()
    ('2023-03-21', '2023-07-14')
    """
    whole, rest = divmod(year - 1, 33)
    leaps = whole * 8 + sum(1 for y in range(1, rest + 1) if y in {1, 5, 9, 13, 17, 22, 26, 30})
    days = (year - 1) * 365 + leaps
    days += (month - 1) * 31 - max(0, month - 7) + day - 1
    return _EPOCH + timedelta(days=days - 1)
