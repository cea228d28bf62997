"""Room 6: how many, when, until when — from dates, serials, use and claims. Works on tables alone."""
