"""What a crawl costs: seconds, CPU and memory, compared with plain Scrapy and trafilatura on the same served pages."""
