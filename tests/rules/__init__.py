"""Rules, rulebooks and the clauses that they cite."""
