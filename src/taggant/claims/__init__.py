"""Room 7: who said what — chains of words, roots, contradictions. Works on tables alone."""
