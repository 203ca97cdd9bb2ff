"""The text work of an article that its store needs: done in the process that extracts it, and never again."""

from __future__ import annotations

from dataclasses import replace

from crawler.items import Article, RelatedArticle
from crawler.similarity.parsed import ParsedText, checksum
from crawler.similarity.sentences import folded_words


def identify(article: Article) -> None:
    """Set an article's identity, and the paragraph index of its related articles, unless they are set and its text is
    still the same."""
    body = article.body
    if article.identity is None or article.identity.checksum != checksum(body):
        text = ParsedText(tuple(body.split("\n")))  # not remembered: a worker never asks for a text again
        article.identity = text.identity
        article.related = with_paragraph_index(text, article.related)


def with_paragraph_index(text: ParsedText, related: list[RelatedArticle]) -> list[RelatedArticle]:
    """The related articles, each with its paragraph index in a body as the extraction gave it."""
    known: dict[tuple[str, ...], int] = {}
    if any(other.after for other in related):
        for index, words in enumerate(text.words, 1):
            known.setdefault(words, index)
    return [
        replace(other, paragraph_index=known.get(folded_words(other.after))) if other.after else other
        for other in related
    ]
