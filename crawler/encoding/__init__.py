"""Bytes as they come from the network: decompressed (gunzip.py) and decoded (charset.py). No I/O."""
