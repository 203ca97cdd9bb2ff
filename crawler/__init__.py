"""The library. It imports nothing of spiders/ and pipelines/, which use it."""

__version__ = "0.2.0"
