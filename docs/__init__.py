"""The documentation, and the generator of those of its parts that the code knows better."""
