"""Decisions, the allocation, and acts on a redemption."""
