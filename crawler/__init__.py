"""The library. It imports nothing of spiders/ and pipelines/, which use it."""

__version__ = "0.1.0"
