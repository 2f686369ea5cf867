"""The verification kit, tried on policies and stores that are wrong."""
