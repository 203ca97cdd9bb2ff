"""Lines that a site repeats, counted page by page without a store."""

from __future__ import annotations

from crawler.similarity.repeated_lines import SiteLines, is_at_edge, kept_lines, line_hashes, pages_needed

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
    assert line_hashes(["x" * 1794 + " a b c"]) == line_hashes(["x" * 1794 + " a b c"]) != [None]
    assert line_hashes(["x" * 1795 + " a b c"]) == [None]


def test_a_line_needs_a_twentieth_of_the_pages_and_of_a_few_pages_half() -> None:
    assert [pages_needed(pages, 5) for pages in (3, 100, 101, 1000)] == [5, 5, 6, 50]
    pages = [page(f"report {n}", *[BOX] * (n < 3)) for n in range(7)]
    assert known_of(*pages[:6]) == [BOX], "three of six"
    assert known_of(*pages) == [], "three of seven"


def test_the_first_two_and_the_last_three_paragraphs_are_the_edge() -> None:
    assert [is_at_edge(position, 9) for position in range(9)] == [True] * 2 + [False] * 4 + [True] * 3


def test_at_most_a_third_of_the_words_is_cut() -> None:
    def kept(own: int) -> list[bool]:
        paragraphs = [" ".join(f"own{n}" for n in range(own)), "one two three four five"]
        return kept_lines(
            paragraphs,
            line_hashes(paragraphs),
            {number for number in line_hashes(paragraphs[1:]) if number is not None},
        )

    assert kept(10) == [True, False]
    assert kept(9) == [True, True]
    assert kept_lines(["one two three four"], line_hashes(["one two three four"]), set()) == [True]
