"""Lines that a site repeats, counted page by page without a store."""

from __future__ import annotations

from crawler.similarity.repeated_lines import SiteLines, line_hashes

BOX = "Get the harbour letter every Friday, free and without a word of advertising."


def page(name: str, *more: str) -> list[str]:
    return [f"Paragraph {k} of the report on {name} has words of its own." for k in range(8)] + list(more)


def known_of(*pages: list[str]) -> list[str]:
    """The lines, among those of the pages, that are known to be the site's."""
    lines = SiteLines()
    for paragraphs in pages:
        lines.add(line_hashes(paragraphs))
    texts = {
        number: text for paragraphs in pages for number, text in zip(line_hashes(paragraphs), paragraphs, strict=True)
    }
    return [texts[number] for number in lines.known]


def test_a_line_at_the_end_of_two_pages_is_the_sites() -> None:
    assert known_of(page("north", BOX), page("south", BOX)) == [BOX]


def test_versions_of_one_page_count_as_one_page() -> None:
    versions = [page("north", f"Updated for the {n}th time since the morning.", BOX) for n in range(6)]
    assert known_of(*versions) == []
    assert known_of(*versions, page("south", BOX)) == [BOX]


def test_a_line_that_stands_on_one_page_twice_counts_as_on_one_page() -> None:
    assert known_of(page("north", BOX, BOX), page("south")) == []


def test_a_line_is_known_again_by_four_to_sixty_words_of_thirty_letters_at_most() -> None:
    def is_line(words: int, letters: int = 3) -> bool:
        [found] = line_hashes([" ".join("x" * letters for _ in range(words))])
        return found is not None

    assert [is_line(words) for words in (3, 4, 60, 61)] == [False, True, True, False]
    assert [is_line(60, 29), is_line(60, 30)] == [True, False], "1,799 and 1,859 characters"
    assert line_hashes(["x" * 1793 + " a b c"]) == line_hashes(["x" * 1793 + " a b c"]) != [None]
    assert line_hashes(["x" * 1795 + " a b c"]) == [None]
