"""A Django app that keeps packages and redemptions. Add it to `INSTALLED_APPS` and migrate."""
