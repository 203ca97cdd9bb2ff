"""When to ask again: pages after failures and for second looks, sites by their rhythm; the line for cron."""
