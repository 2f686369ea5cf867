"""The tests; this file only makes their helpers importable as `tests.something`."""
