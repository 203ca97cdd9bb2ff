"""What each command and each step of a crawl costs as the database grows."""
