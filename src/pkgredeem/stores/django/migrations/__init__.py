"""The migrations of the app; each works on every Django that the extra allows."""
