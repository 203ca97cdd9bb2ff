"""Every setting once. Ours begin with NEWS_; each can be given by environment (NEWS_DB=...) or with -s NEWS_DB=..."""

import getpass
import os
import platform
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


def _operator() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return "nobody"


# ---- Ours ------------------------------------------------------------------------------------------------------------

# Folder of the site profiles.
NEWS_SITES = str(PROJECT / "sites")
# The database file. Created with its folder when it is missing.
NEWS_DB = str(PROJECT / "news.db")
# Seconds to wait for another crawl that writes to the same database.
NEWS_DB_TIMEOUT = 30.0
# Hours that the clock may be behind the last crawl. Beyond that nothing is crawled, for all times would be wrong. 0: no
# check.
NEWS_CLOCK_HOURS = 24.0
# Who runs this crawler: a mail address or a page. Sites see it in the user agent and can write to you instead of
# blocking you. The default is what a mail from cron would say.
NEWS_CONTACT = f"mailto:{_operator()}@{platform.node() or 'localhost'}"
# Pages that make a full write batch, and seconds that the first of a batch waits for others. kill -9 costs at most the
# requests of one batch: their pages are fetched again by the next run.
NEWS_BATCH_SIZE = 50
NEWS_BATCH_SECONDS = 0.25
# Processes that extract, about 115 MB each; seconds after which a page that hangs one is given up.
NEWS_EXTRACT_WORKERS = min(2, os.cpu_count() or 1)
NEWS_EXTRACT_SECONDS = 20.0
# Requests that a page gets, over all runs, while its failures look passing (timeout, 5xx, 429, connection, a wall), and
# minutes after the first of them; then three times as long after each, up to a day. Ten attempts outlast five days.
NEWS_MAX_ATTEMPTS = 10
NEWS_RETRY_MINUTES = 10.0
# Ages of an article, in hours, at which it is looked at again (with a conditional request) for corrections. Half of
# these for a site that corrects itself often, up to four times for one that never does; nothing after the last. "" for
# no second looks.
NEWS_LOOK_AGAIN_HOURS = "1 4 24 72 168"
# Hours after which a sitemap is asked again that stands beside fresher channels. A gap in these has it asked at once.
NEWS_SITEMAP_HOURS = 24.0
# Minutes between two looks of `scrapy due` at a site, at least and at most; a profile may set its own. Between the two
# it follows the hours at which the site publishes.
NEWS_MIN_INTERVAL = 5.0
NEWS_MAX_INTERVAL = 360.0
# Hours for which a robots.txt is not asked for again. RFC 9309 allows 24 at most.
NEWS_ROBOTS_HOURS = 24.0
# Seconds that a crawl waits for a host that asks it to (Retry-After); a longer wait is left to a later crawl. Hours
# after which a host is asked again whatever it said.
NEWS_WAIT_SECONDS = 60.0
NEWS_MAX_RETRY_AFTER_HOURS = 24.0
# Seconds: a longer Crawl-delay in robots.txt counts as this one.
NEWS_MAX_CRAWL_DELAY = 60.0
# What a page may forbid by X-Robots-Tag, meta robots or TDMRep so that it is not stored: some of noindex, noarchive,
# nosnippet, noai, noimageai, nocache, nofollow, tdm. What each page said is kept in the table `pages` in any case; with
# tdm, a host's /.well-known/tdmrep.json is asked as well, once in NEWS_ROBOTS_HOURS.
NEWS_OBEY = ""
# Seconds that a crawl which was told to stop waits for the answers under way.
NEWS_STOP_SECONDS = 5.0
# Documents that are asked in one run to discover pages: the channels, child sitemaps, pages of the WordPress API.
NEWS_MAX_CHANNEL_PAGES = 100
# Shorter bodies, in characters, are captions and teasers, not articles. Counted as dropped.
NEWS_MIN_BODY_CHARS = 80
# Hours that a published date may lie in the future, for clocks and time zones that are wrong. Later ones are dropped.
NEWS_FUTURE_HOURS = 24.0
# Articles of a site on which a line must stand to be taken for the site's own (a newsletter box, a contact line): at
# the edge of their bodies; in the middle, twice as many; and a twentieth of the site's articles at least. Such a line
# is cut from new bodies and from stored ones, which keep their earlier text as a revision. 0 learns and cuts nothing.
NEWS_BOILERPLATE_PAGES = 5
# Folder in which the pages of accepted articles are kept as WARC files, a relative one beside the database. Empty: no
# page is kept. A page of 140 kB takes about 30 kB.
NEWS_ARCHIVE = "archive"
# Limits of the archive: megabytes of one file, megabytes in all, days. The oldest files are deleted first. 0: no limit.
NEWS_ARCHIVE_FILE_MB = 250.0
NEWS_ARCHIVE_MB = 10_000.0
NEWS_ARCHIVE_DAYS = 365.0

# ---- Scrapy's --------------------------------------------------------------------------------------------------------

BOT_NAME = "rasid"
SPIDER_MODULES = ["spiders"]
NEWSPIDER_MODULE = "spiders"
SPIDER_LOADER_CLASS = "crawler.scrapyext.spider_loader.ProfileSpiderLoader"
COMMANDS_MODULE = "crawler.commands"

# Politeness: one request at a time and one second apart per host; AutoThrottle slows down further when a host is slow.
# A profile's `delay` sets another pace for its site.
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "Rasid"
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 1.0
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 1.0
AUTOTHROTTLE_MAX_DELAY = 60.0
DEFAULT_REQUEST_HEADERS = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
COOKIES_ENABLED = False

# Limits on what a server may cost us, in bytes and seconds.
DOWNLOAD_MAXSIZE = 10 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_TIMEOUT = 30
RETRY_TIMES = 2
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # the page's outcome says it
REDIRECT_MAX_TIMES = 5
METAREFRESH_MAXDELAY = 3  # longer ones are pages that reload themselves

# Only the web: a channel must not make us read files or other services.
DOWNLOAD_HANDLERS = {
    **dict.fromkeys(("http", "https"), "crawler.crawl.download_handler.PoliteDownloadHandler"),
    **dict.fromkeys(("data", "file", "ftp", "s3")),
}
TWISTED_DNS_RESOLVER = "crawler.fetch.resolver.PublicOnlyResolver"
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# The pages table is what keeps a page from being fetched twice. Scrapy's own filters would drop a redirect to a known
# page without a word, and its page would end in no outcome.
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "crawler.fetch.onsite.OnSiteMiddleware": 50,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.crawl.robots.CachedRobotsMiddleware": 100,
    "crawler.fetch.capture.ContentEncodingMiddleware": 595,  # below HttpCompressionMiddleware
}
EXTENSIONS = {"crawler.crawl.run.CrawlRun": 100, "scrapy.extensions.logstats.LogStats": None}
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"  # newest first is the order in which they are handed over
CONCURRENT_ITEMS = 4  # a response yields one article; 100 tasks a response cost a quarter of the fetch time
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 20 * 1024 * 1024  # bytes of pages in extraction or waiting for their batch

ITEM_PIPELINES = {
    "pipelines.validate.ValidatePipeline": 100,
    "pipelines.dedupe.DedupePipeline": 200,
    "pipelines.archive.ArchivePipeline": 250,
    "pipelines.store.StorePipeline": 300,
}

FEED_EXPORTERS = {
    "csv": "crawler.scrapyext.feed_exporters.CsvItemExporter",
    "jsonl": "crawler.scrapyext.feed_exporters.JsonLinesItemExporter",
    "jsonlines": "crawler.scrapyext.feed_exporters.JsonLinesItemExporter",
    "jl": "crawler.scrapyext.feed_exporters.JsonLinesItemExporter",
}

LOG_LEVEL = "WARNING"  # what went well is in the table at the end; -L INFO tells each page
LOG_FORMATTER = "crawler.scrapyext.log_formatter.OneLineLogFormatter"
STATS_DUMP = False

globals().update({name: os.environ[name] for name in [*globals()] if name.startswith("NEWS_") and name in os.environ})
