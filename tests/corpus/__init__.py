"""Generated cases with their answers, for this library and for a port of the rules; see README.md."""
