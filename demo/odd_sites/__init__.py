"""Sixteen small news sites that are odd in one way each, to try `rasid add` on. All text is made of word lists."""
