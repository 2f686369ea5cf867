"""Measures pkgredeem beside its peers in one run, as ratios; see README.md."""
