"""The demo newsroom: three small fictitious news sites of our own writing, served on loopback."""
