"""The house itself: its layout, its public names, its scripts, proofs and benchmarks."""
