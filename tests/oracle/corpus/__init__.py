"""Generated cases with their answers, for this library and for a port of it; see README.md."""
