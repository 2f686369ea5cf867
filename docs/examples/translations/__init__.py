"""Findings, decisions and settlements in another language, from a gettext catalogue."""
