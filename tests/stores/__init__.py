"""Stores: those to import, those to copy, and the contract on real servers."""
