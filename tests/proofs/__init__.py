"""What tests harder than the suite does, within a budget of minutes: `python -m tests.proofs`."""
