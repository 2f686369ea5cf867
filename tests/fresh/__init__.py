"""Trials of what was installed, each in an environment that holds nothing else: `./scripts/fresh`.

They run outside of the checkout, where no other module of the tests is; those of Django and of
SQLAlchemy are followed by the contract.
"""
