"""The web pages of `rasid browse`: pictures of them, and what they cost."""
