"""The laws that every policy must keep, checked against yours with your own rules."""
