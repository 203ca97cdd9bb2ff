"""Every setting once, with its default. Ours begin with NEWS_. In order of precedence, the values come from the command
line (-s NEWS_DB=...), the spider class of a site, its profile, the environment (NEWS_DB=...), settings_local.py and
settings.toml of the home, and this file.

Components are in the settings that end with _BASE, as Scrapy's own are: whatever the user sets for ITEM_PIPELINES or
EXTENSIONS adds to them, and None removes one."""

import getpass
import os
import platform

from scrapy.settings import default_settings as _scrapy

from crawler.home import Home, HomeError, find_home, user_home
from crawler.user_settings import make_importable, merged, read_settings


def _operator() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return "nobody"


def _located() -> Home | None:
    try:
        return find_home()
    except HomeError:  # crawler/cli/check_settings.py reports it in one sentence
        return None


def _of_user(found: Home | None) -> dict[str, object]:
    """The settings of the home. A table like [DEFAULT_REQUEST_HEADERS] adds to ours and does not replace it."""
    try:
        values = read_settings(found) if found else {}
    except HomeError:  # as above
        return {}
    tables = {name: value for name, value in globals().items() if isinstance(value, dict)}
    allowed = {name: value for name, value in values.items() if name.isupper() and name != "NEWS_HOME"}
    return {name: value for name, value in merged(tables, allowed).items() if name in allowed}


_found = _located()
_home = _found or user_home()
if _found:
    make_importable(_found)

# ---- Ours ------------------------------------------------------------------------------------------------------------

# == The home

# The home: the folder of the profiles, the database, the archive and settings.toml. --home or RASID_HOME name it.
# Otherwise it is the current folder or the nearest one above it that is a home, else the checkout, else the user's own
# one, which `rasid init` creates. -s does not set it.
NEWS_HOME = str(_found.folder) if _found else ""
# Folder of the site profiles.
NEWS_SITES = str(_home.sites)
# The database file. The file and its folder are created if they do not exist.
NEWS_DB = str(_home.database)
# Seconds to wait while another process writes to the database. After that the command ends with exit code 1.
NEWS_DB_TIMEOUT = 30.0
# Folder for the pages of accepted articles, as WARC files. A relative path starts at the database's folder. An empty
# value disables the archive. A page of 140 kB takes about 30 kB.
NEWS_ARCHIVE = "archive"

# == Politeness

# Who runs this crawler: a mail address or the URL of a page. It is part of the user agent, so that a site can write to
# you instead of blocking you. The default is the address that mails from cron have.
NEWS_CONTACT = f"mailto:{_operator()}@{platform.node() or 'localhost'}"
# Hours for which a robots.txt is cached. RFC 9309 allows at most 24.
NEWS_ROBOTS_HOURS = 24.0
# Seconds: a longer Crawl-delay in robots.txt counts as this one.
NEWS_MAX_CRAWL_DELAY = 60.0
# Seconds that a crawl waits for a host that sent Retry-After. If the host requires a longer wait, its pages are left to
# a later crawl.
NEWS_WAIT_SECONDS = 60.0
# Hours after which a host is requested again, whatever its Retry-After said.
NEWS_MAX_RETRY_AFTER_HOURS = 24.0
# Robots directives (X-Robots-Tag, meta robots, TDMRep) that keep a page from being stored, separated by spaces or
# commas: noindex, noarchive, nosnippet, noai, noimageai, nocache, nofollow, tdm. The table `pages` records the
# directives of each page in any case. With `tdm`, the host's /.well-known/tdmrep.json is requested as well and cached
# for NEWS_ROBOTS_HOURS.
NEWS_RESPECT_DIRECTIVES = ""
# Whether the /.well-known/tdmrep.json of each host is requested, once in NEWS_ROBOTS_HOURS, after its first page: what
# it reserves is recorded with each page (docs/rights.md). Without it only headers and meta elements are read, unless
# NEWS_RESPECT_DIRECTIVES has `tdm`.
NEWS_TDM_FILES = False
# Key file with which requests are signed, so that sites can verify who crawls them (Web Bot Auth, docs/identity.md):
# `rasid identity init` makes it. A relative path starts at the home. With an empty value nothing is signed.
NEWS_IDENTITY = ""
# Whether plain spiders (docs/plain_spiders.md) may send requests to private addresses, like a test server on
# 127.0.0.1. One of them sets it in its `custom_settings`. A profile has `allow_private` for its site.
NEWS_ALLOW_PRIVATE = False

# == Schedule

# Minutes between two polls of a site by `rasid due`, at least. The interval follows the hours at which the site
# publishes. A profile may have its own `min_interval`.
NEWS_MIN_INTERVAL = 5.0
# Minutes between two polls of a site by `rasid due`, at most. A profile may have its own `max_interval`.
NEWS_MAX_INTERVAL = 360.0
# Ages of an article, in hours, at which it is fetched again for corrections, with a conditional request. A site that
# often corrects its articles has half of these ages, a site that never does up to four times as much. There is no
# recheck after the last age. An empty value disables rechecks.
NEWS_RECHECK_HOURS = "1 4 24 72 168"
# Hours between two requests for a sitemap of a site that also has a feed, a news sitemap or a WordPress API. A gap in
# those channels causes a request at once.
NEWS_SITEMAP_HOURS = 24.0

# == Messages

# URL of a monitor like healthchecks.io: `rasid due` requests URL/start, then URL or URL/fail with the messages. The
# option --ping takes precedence.
NEWS_PING = ""
# URL of a topic of ntfy, like https://ntfy.sh/a-name-that-nobody-guesses: `rasid due` sends what it prints, which is
# only what is wrong, and the same text once a day. With a password: https://user:password@host/topic; a token stands in
# the place of the password.
NEWS_NTFY = ""
# URL that receives the same as JSON with POST; its `text` is what Slack and Mattermost show.
NEWS_WEBHOOK = ""

# File that receives how a crawl ended, as JSON: finish reason, number of the run, database, all stats. For
# programs that start crawls, as `crawl_site` of the Python API does. Each crawl of `rasid due` replaces it.
NEWS_RESULT_FILE = ""

# == Discovery

# Documents requested in one run to discover pages: channels, child sitemaps, pages of feeds, sections and APIs. Those
# of a site that has more take turns over its runs.
NEWS_MAX_CHANNEL_PAGES = 100
# Further pages (rel=next, ?paged=2, /page/2/) that the first crawl of a feed or section follows, one request each, if
# the profile has no sitemap and no WordPress API. Later crawls follow them only to fill a gap. 0: the first page only.
NEWS_PAGES_BACK = 25

# == Retries

# Requests for a page, over all runs, while its failures are transient (timeout, connection, 5xx, 429, a wall). Ten
# attempts take more than five days.
NEWS_MAX_ATTEMPTS = 10
# Minutes before the first retry of a page in a later run. Each further wait is three times as long, at most a day.
NEWS_RETRY_MINUTES = 10.0
# Days after its discovery in which a page is requested again at growing intervals, whatever its failure was: it was
# dropped, refused or missing, as all pages are while a site is down, and as a page is that a feed lists too early. A
# page that is really gone costs six or seven requests in seven days. 0: such a failure is final at once. It is also the
# time after which a site whose pages all fail is no longer believed to be in an outage.
NEWS_YOUNG_DAYS = 7.0
# Days that the pages of a site wait while its robots.txt forbids everything. They are then given up.
NEWS_ROBOTS_WAIT_DAYS = 30.0

# == Extraction

# Processes that extract pages. Each needs about 115 MB.
NEWS_EXTRACT_WORKERS = min(2, os.cpu_count() or 1)
# Seconds that the extraction of a page may take. Then its process is replaced and the page fails (`extract_timeout`).
NEWS_EXTRACT_SECONDS = 20.0
# Whether crawls learn where the pages of a site have their text, and read known pages by that: two thirds of the CPU
# time of the full extraction. Each page is checked and falls back to the full extraction. 0: every page is read in
# full, and nothing is learnt. `rasid template NAME` shows what was learnt.
NEWS_TEMPLATES = True
# Characters that the body of an article has at least. Shorter ones are captions and teasers; they are dropped.
NEWS_MIN_BODY_CHARS = 80
# Hours that a date of publication may lie in the future, because of wrong clocks and time zones. An article with a
# later date is stored without it; `published_raw` and `provenance["published_in_future"]` have it.
NEWS_FUTURE_HOURS = 24.0
# Articles of a site that must have the same line at the edge of their bodies before the line counts as boilerplate (a
# newsletter box, a contact line). In the middle of the body it takes twice as many, and always at least a twentieth of
# the site's articles. Boilerplate is removed from new bodies and from stored ones; their earlier text is kept as a
# revision. 0 disables this.
NEWS_BOILERPLATE_PAGES = 5

# == Rendering

# The Chromium or Chrome that renders the pages of sites with `render` in their profile: its path or name. An empty
# value: the first of chromium, chromium-browser, google-chrome on the PATH.
NEWS_CHROMIUM = ""
# Pages that are rendered at a time, of all sites. The first one needs about 550 MB, most of it the
# browser's.
NEWS_RENDER_PAGES = 2
# Seconds that the rendering of a page may take, with the requests of its scripts, which keep the delay of the site.
# Then the page fails (`render_failed`).
NEWS_RENDER_SECONDS = 60.0

# == Storage

# Whether an item of a spider of your own that has `url`, `title`, and `body` or `paragraphs` counts as an article, as
# docs/plain_spiders.md describes. Otherwise only an `Article` does.
NEWS_ARTICLE_ITEMS = True
# Pages in a full write batch. `kill -9` loses at most the pages of one batch; the next run fetches them again.
NEWS_BATCH_SIZE = 50
# Seconds that the first page of a write batch waits for others. The batch is then committed even if it is not full.
NEWS_BATCH_SECONDS = 0.25
# Seconds that a crawl waits for pending responses after a stop was requested.
NEWS_STOP_SECONDS = 5.0
# Megabytes in one archive file, at most. 0: no limit.
NEWS_ARCHIVE_FILE_MB = 250.0
# Megabytes in the archive, at most. The oldest files are deleted first. 0: no limit.
NEWS_ARCHIVE_MB = 10_000.0
# Days that a file stays in the archive, without times of half a year in which no file was written: a clock that was
# ahead must not delete the archive. 0: no limit.
NEWS_ARCHIVE_DAYS = 365.0

# == Time

# Hours that the clock may be behind the last crawl. If it is further behind, nothing is crawled, because all stored
# times would be wrong. If the clock of the earlier crawls was wrong instead, their times are corrected. 0: the clock is
# taken as right, and later times are corrected in any case.
NEWS_CLOCK_HOURS = 24.0
# For tests and simulations: the time that the clock shows at the start of each process, with its zone, like
# 2027-03-01T12:00:00Z. The clock then goes on at the usual speed. Worker processes have it too. Only the environment
# sets it, not -s. An empty value: the system's clock.
NEWS_NOW = ""

# ---- Scrapy's --------------------------------------------------------------------------------------------------------

BOT_NAME = "rasid"
SPIDER_MODULES = ["spiders"]
NEWSPIDER_MODULE = "spiders"
SPIDER_LOADER_CLASS = "crawler.scrapyext.spider_loader.ProfileSpiderLoader"
COMMANDS_MODULE = "crawler.commands"
ADDONS = {
    "crawler.crawl.plain_settings.PlainSpiderSettings": 100,
    "crawler.scrapyext.unused_parts.UnusedParts": 1000,
}

# Politeness: one request at a time and one second apart per host; AutoThrottle slows down further when a host is slow.
# A profile's `delay` sets another delay for its site.
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "Rasid"
ROBOTSTXT_PARSER = "crawler.crawl.robots.RobotsTxtParser"
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 1.0
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 1.0
AUTOTHROTTLE_MAX_DELAY = 60.0
DEFAULT_REQUEST_HEADERS = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
# A site's cookies are kept for the time of its crawl, because some walls set a cookie and redirect back.
# `cookies = false` in a profile disables them for its site.
COOKIES_ENABLED = True

# TLS certificates must be valid. `verify_certificates = false` in a profile accepts those of its site in any case; the
# tables `runs` and `pages` have what was accepted. The authorities are those of the system, or of SSL_CERT_FILE.
DOWNLOAD_VERIFY_CERTIFICATES = True

# Limits for responses, in bytes and seconds.
DOWNLOAD_MAXSIZE = 10 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_TIMEOUT = 30
RETRY_TIMES = 2
RETRY_GIVE_UP_LOG_LEVEL = "INFO"  # the page's outcome has the failure
REDIRECT_MAX_TIMES = 5
METAREFRESH_MAXDELAY = 3  # longer ones are pages that reload themselves

# Only http and https: a channel must not make us read files or other services.
DOWNLOAD_HANDLERS_BASE = {
    **_scrapy.DOWNLOAD_HANDLERS_BASE,
    **dict.fromkeys(("http", "https"), "crawler.crawl.download_handler.PoliteDownloadHandler"),
    **dict.fromkeys(("data", "file", "ftp", "s3")),
}
TWISTED_DNS_RESOLVER = "crawler.fetch.resolver.PublicOnlyResolver"
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

# The table `pages` prevents a second fetch of a page; docs/decisions.md#scrapys-duplicate-and-off-site-filters-are-off
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
DOWNLOADER_MIDDLEWARES_BASE = {
    **_scrapy.DOWNLOADER_MIDDLEWARES_BASE,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "crawler.crawl.plain_run.RefusedRequests": 5,
    "crawler.crawl.rendering.RenderMiddleware": 10,
    "crawler.crawl.session.SessionMiddleware": 40,
    "crawler.fetch.onsite.OnSiteMiddleware": 50,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.crawl.robots.RobotsMiddleware": 100,
    "crawler.fetch.site_headers.SiteHeadersMiddleware": 390,  # above DefaultHeadersMiddleware
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "crawler.fetch.cookies.SiteCookiesMiddleware": 700,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "crawler.fetch.meta_refresh.DeclaredMetaRefreshMiddleware": 580,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "crawler.fetch.retry.AnsweringHostsRetryMiddleware": 550,
    "crawler.fetch.signatures.SignatureMiddleware": 800,  # the last: it replaces what a retry or redirect has
    "crawler.fetch.decompression.GunzipMiddleware": 593,  # below HttpCompressionMiddleware
    "crawler.fetch.capture.ContentEncodingMiddleware": 595,  # below both
}
SPIDER_MIDDLEWARES_BASE = {
    **_scrapy.SPIDER_MIDDLEWARES_BASE,
    "crawler.crawl.article_items.ArticleItems": 10,
}
EXTENSIONS_BASE = {
    **_scrapy.EXTENSIONS_BASE,
    "crawler.crawl.run.CrawlRun": 100,
    "crawler.crawl.plain_run.PlainRun": 100,
    "crawler.crawl.result_file.ResultFile": 110,
    "crawler.crawl.politeness.Politeness": 200,
    "crawler.crawl.shutdown.Shutdown": 200,
    "scrapy.extensions.feedexport.FeedExporter": None,
    "crawler.scrapyext.feeds.CheckedFeedExporter": 0,
}
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"  # newest first is the order in which requests are created
CONCURRENT_ITEMS = 4  # a response yields one article; 100 tasks a response cost a quarter of the fetch time
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 4 * 1024 * 1024  # bytes of the pages of a site in extraction or waiting for their batch

SPIDER_CONTRACTS_BASE = {
    **_scrapy.SPIDER_CONTRACTS_BASE,
    "scrapy.contracts.default.ScrapesContract": None,
    "crawler.crawl.contracts.FilledFields": 3,
    "crawler.crawl.contracts.ArticleContract": 100,
    "crawler.crawl.contracts.ChannelContract": 100,
}

ITEM_PIPELINES_BASE = {
    "pipelines.validate.ValidatePipeline": 100,
    "pipelines.dedupe.DedupePipeline": 200,
    "pipelines.archive.ArchivePipeline": 250,
    "pipelines.store.StorePipeline": 300,
}

# Scrapy's formats; articles have the columns of `rasid export` in them.
FEED_EXPORTERS_BASE = {
    **_scrapy.FEED_EXPORTERS_BASE,
    "csv": "crawler.scrapyext.feed_exporters.CsvItemExporter",
    "json": "crawler.scrapyext.feed_exporters.JsonItemExporter",
    **dict.fromkeys(("jsonl", "jsonlines", "jl"), "crawler.scrapyext.feed_exporters.JsonLinesItemExporter"),
    "xml": "crawler.scrapyext.feed_exporters.XmlItemExporter",
    "pickle": "crawler.scrapyext.feed_exporters.PickleItemExporter",
    "marshal": "crawler.scrapyext.feed_exporters.MarshalItemExporter",
}
FEED_EXPORT_ENCODING = "utf-8"  # letters as they are, not escaped

LOG_LEVEL = "WARNING"  # the table at the end shows what went well; -L INFO logs each page
LOG_FORMATTER = "crawler.scrapyext.log_formatter.OneLineLogFormatter"
STATS_DUMP = False
LOGSTATS_INTERVAL = 0.0  # no line each minute: at a terminal, the progress line has the counts

# Scrapy's own default is the folder .scrapy beside a scrapy.cfg.
HTTPCACHE_DIR = str(_home.folder / ".scrapy" / "httpcache")

defaults = {name: value for name, value in globals().items() if name.isupper()}
"""The settings before those of the user."""

_values = _of_user(_found)
set_by_user = frozenset(_values)
"""The names of those that the home sets, some perhaps to the default."""

globals().update(_values)
globals().update(
    {
        name: os.environ[name]
        for name in [*globals()]
        if name.startswith("NEWS_") and name != "NEWS_HOME" and name in os.environ
    }
)
