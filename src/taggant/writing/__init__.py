"""Letters only: how dates, numbers and names are written. Knows no table and no case."""
