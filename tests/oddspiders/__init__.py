"""Spiders of their own for sites of the tests; one module cannot be imported."""
