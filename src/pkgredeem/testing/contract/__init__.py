"""The store contract: what every `RedemptionStore` has to keep, to be run by pytest."""
