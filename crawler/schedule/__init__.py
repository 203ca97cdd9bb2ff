"""Schedules: retries and rechecks of pages, polls of sites, and the cron and systemd jobs. Pure: no clock, no I/O."""
