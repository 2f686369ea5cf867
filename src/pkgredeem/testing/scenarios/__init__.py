"""Scenario files: cases and what is expected of them, to be read by whoever owns the business."""
