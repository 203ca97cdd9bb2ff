"""The tables "What may happen" of docs/unattended.md: each row has its tests, each simulated fault has its row."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

import pytest

from bench.year.faults import LASTING_FAULTS, MACHINE_FAULTS, SITE_FAULTS
from tests.conftest import PROJECT

PAGE = (PROJECT / "docs" / "unattended.md").read_text("utf-8")


@dataclass(frozen=True)
class Row:
    """What shows that a row is true."""

    tests: str
    """`file: name name`, without the `test_` of both; several files on lines of their own."""

    faults: str = ""
    """Kinds of bench/year."""


# The beginning of the event → its tests.
ROWS = {
    "the first SIGTERM": Row(
        "crawl_stopped: the_first_signal_ends_a_crawl_in_seconds_whatever_is_waited_for\n"
        "due_crawl: a_signal_ends_all_sites_cleanly_and_begins_no_other"
    ),
    "the second SIGTERM": Row("crawl_stopped: the_second_signal_ends_it_at_once"),
    "`kill -9`": Row(
        "archive_crawl: kill_9_leaves_readable_files_and_a_record_for_each_article\n"
        "store_database: kill_9_in_the_middle_of_a_batch_loses_nothing_that_was_committed\n"
        "extract_pool: workers_end_when_the_crawl_was_killed\n"
        "year: a_month_of_bad_days_misses_and_harms_nothing",
        "kill",
    ),
    "a full disk": Row(
        "crawl_stopped: a_full_disk_ends_the_crawl_with_a_sentence_and_the_next_one_catches_up\n"
        "full_disk: without_room_for_a_wal without_a_free_inode without_room_for_a_folder\n"
        "crawl_channels_lost: a_channel_that_a_full_disk_kept_from_being_stored_is_read_by_the_next_crawl",
        "full_disk",
    ),
    "a database that is locked": Row(
        "crawl_locked: a_lock_longer_than_the_timeout_ends_the_crawl_with_a_sentence "
        "the_pages_of_all_sites_are_downloaded_while_the_database_is_locked\n"
        "crawl_channels_lost: a_channel_that_a_lock_kept_from_being_stored_is_read_by_the_next_crawl",
        "locked",
    ),
    "a database that is damaged": Row(
        "crawl_stopped: a_newer_database_is_reported\nstore_database: a_damaged_file_is_reported"
    ),
    "a database that cannot be written": Row(
        "read_only: every_command_that_reads_works a_command_that_writes_says_that_it_cannot"
    ),
    "the clock was ahead": Row(
        "clock_wrong: after_a_clock_that_was_ahead_the_site_is_polled_at_once_and_all_times_are_corrected "
        "every_column_with_a_time_is_corrected",
        "clock_ahead clock_far",
    ),
    "the clock has fallen back": Row(
        "clock_wrong: a_clock_that_has_fallen_back_stops_the_crawl_until_it_is_set_or_said_to_be_right"
    ),
    "extraction workers are killed": Row(
        "extract_pool: a_page_whose_worker_is_killed_is_extracted_again_while_no_other_page_is\n"
        "due_crawl: killed_extraction_workers_cost_no_page_of_any_site",
        "worker",
    ),
    "no site answers": Row("commands_unhealthy: all_commands_report_a_round_in_which_no_site_answered", "network"),
    "a second crawl": Row(
        "due_crawl: a_lock_ends_with_its_holder_however_that_ends a_locked_site_is_left_to_who_has_it"
    ),
    "two crawls at once": Row("due_crawl: two_at_once_share_the_work"),
    "it does not answer": Row(
        "due_crawl: a_site_that_does_not_answer_keeps_no_other_from_being_crawled "
        "a_site_that_fails_or_crashes_costs_only_itself_and_backs_off",
        "outage cut",
    ),
    "its pages all fail alike": Row(
        "crawl_outage: the_pages_that_a_site_lists_during_an_outage_are_fetched_when_it_ends "
        "an_outage_costs_a_site_with_a_backlog_few_requests an_outage_does_not_mark_stored_articles_as_gone",
        "refused maintenance pages_refused pages_missing empty_shell",
    ),
    "its robots.txt": Row(
        "crawl_outage: pages_wait_while_robots_txt_forbids_the_whole_site "
        "pages_are_given_up_when_robots_txt_has_forbidden_the_site_for_too_long",
        "robots",
    ),
    "its TLS certificate": Row(
        "fetch_certificates: a_site_whose_certificate_cannot_be_verified_gets_no_request "
        "a_profile_accepts_a_bad_certificate_and_that_is_recorded_and_reported",
        "certificate",
    ),
    "it is redesigned": Row(
        "health_rules: a_field_that_has_gone_is_noticed_within_one_run_with_page_and_time", "redesign"
    ),
    "its articles get other URLs": Row(
        "store_notices: a_story_at_two_addresses_of_a_site_and_a_renamed_one_stay_copies", "renamed"
    ),
    "it is at an IPv6": Row("fetch_addresses: a_site_at_an_ipv6_address_is_crawled_if_its_profile_allows_that"),
    "it shares its host": Row("due_crawl: two_sites_on_one_host_keep_their_distance_together"),
    "it has a second profile": Row("site_owner: the_second_profile_for_a_site_is_refused_with_both_names"),
    "its profile is renamed": Row("site_owner: a_renamed_profile_is_not_crawled_until_its_articles_are_renamed"),
    "its profile is broken": Row("profile: a_broken_profile_costs_only_its_own_site"),
    "the folder of the profiles": Row(
        "commands_unhealthy: a_folder_without_profiles_is_an_error_of_every_command "
        "a_folder_in_which_no_profile_is_enabled_is_an_error_for_due_and_health"
    ),
    "a stored article's page": Row(
        "store_suspect: a_notice_in_any_language_replaces_no_text_and_the_page_is_rechecked "
        "a_new_text_of_its_own_is_an_update_when_it_is_seen_again_hours_later "
        "the_home_page_replaces_nothing_though_its_teaser_is_a_paragraph_or_the_whole_article"
    ),
    "a page that was never read": Row(
        "store_notices: a_notice_in_place_of_a_new_article_is_not_stored_and_the_article_is_when_it_is_there\n"
        "crawl_notices: what_is_shown_in_place_of_pages_that_were_never_read_is_not_stored",
        "soft_404 login home_page",
    ),
    "one text": Row(
        "store_notices: one_text_under_the_titles_and_dates_of_many_articles_is_a_notice\n"
        "crawl_notices: a_subscription_notice_under_sixty_headlines_is_no_article_until_the_articles_are_there"
    ),
    "a stored text was replaced": Row(
        "store_restore: what_notices_replaced_on_a_site_is_put_back_with_all_fields "
        "the_command_shows_both_texts_and_changes_nothing_without_yes"
    ),
    "a page is refused": Row("crawl_outage: a_young_page_is_requested_again_whatever_its_failure_was", "late"),
    "the page of a stored article": Row(
        "store_rechecks: an_article_is_gone_after_a_404_which_is_confirmed_a_day_and_a_week_later"
    ),
    "a page is dated": Row(
        "crawl_outage: an_article_that_is_dated_thirty_hours_ahead_is_stored_without_the_date_until_that_has_come",
        "ahead",
    ),
    "a wall sets a cookie": Row(
        "fetch_cookies: a_wall_that_sets_a_cookie_and_redirects_back_is_passed "
        "cookies_go_to_the_hosts_and_paths_that_they_are_for",
        "cookie_wall",
    ),
    "an address has more": Row("archive_spider: a_url_of_any_length_gets_an_outcome"),
    "a page hangs": Row(
        "extract_pool: a_hang_costs_its_page_after_the_limit_and_no_other "
        "a_crash_costs_its_page_and_a_new_worker_goes_on"
    ),
    "an own news item": Row("copies_rules: an_own_news_item_above_a_longer_pasted_article_is_no_copy_of_it"),
    "a channel that was read": Row(
        "crawl_channels: a_channel_counts_as_read_only_if_all_documents_that_it_leads_to_are_stored\n"
        "crawl_channels_lost: "
        "a_channel_that_was_requested_when_the_crawl_was_stopped_is_read_by_the_next_crawl"
    ),
    "a channel answers 304": Row(
        "crawl_frozen: a_channel_that_answers_304_for_ever_is_requested_in_full_within_a_day_and_reported", "frozen"
    ),
    "a feed dates everything": Row(
        "store_rechecks: a_channel_whose_dates_prove_wrong_is_believed_less_and_less", "redated"
    ),
    "a feed overflows": Row(
        "crawl_again: a_feed_that_has_overflowed_is_noticed_and_filled_from_the_sitemap_in_the_same_run "
        "a_live_blog_on_top_of_a_feed_does_not_hide_that_it_has_overflowed\n"
        "store_nouns: the_history_names_failing_channels_and_a_gap_that_nothing_fills_for_a_day",
        "overflow",
    ),
    "a sitemap index": Row(
        "crawl_large_index: every_child_of_a_large_index_without_dates_is_read_within_a_few_runs "
        "a_calendar_without_an_end_is_read_to_a_limited_depth"
    ),
    "a channel fails": Row(
        "commands_unhealthy: a_crawl_whose_only_channel_cannot_be_used_ends_with_3\n"
        "crawl_damaged: a_feed_that_was_cut_off_is_not_requested_conditionally"
    ),
    "an archive file": Row("archive_spider: a_file_that_is_not_a_readable_archive_is_an_error_without_its_bytes"),
}


def events() -> list[str]:
    """The first column of the tables."""
    section = PAGE.partition("## What may happen\n")[2].partition("\n## ")[0]
    lines = re.findall(r"^\| (.+?) \| .* \|$", section, re.MULTILINE)
    return [event for event in lines if event != "event"]


@pytest.mark.parametrize("event", events())
def test_each_row_has_its_tests(event: str) -> None:
    [row] = [row for beginning, row in ROWS.items() if event.startswith(beginning)]
    for line in row.tests.split("\n"):
        file, _, names = line.partition(":")
        tree = ast.parse((PROJECT / "tests" / f"test_{file}.py").read_text("utf-8"))
        functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        assert {f"test_{name}" for name in names.split()} <= functions


def test_no_row_is_missing() -> None:
    beginnings = {beginning for beginning in ROWS for event in events() if event.startswith(beginning)}
    assert beginnings == ROWS.keys()


def test_each_fault_of_the_simulated_year_is_in_a_row() -> None:
    simulated = [fault for row in ROWS.values() for fault in row.faults.split()]
    assert sorted(simulated) == sorted(SITE_FAULTS | LASTING_FAULTS | MACHINE_FAULTS)
