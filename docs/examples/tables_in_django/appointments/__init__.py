"""A salon's own app: its clients, services, packages and appointments."""
