"""Numbers only: posteriors, sums, tests of fit. Knows no table and no case."""
