"""Every Scrapy setting; ``ITEM_PIPELINES`` is the table of stages.

The defaults are for a public site that is not ours: one request at a time, robots.txt obeyed, no
cookies, nothing that listens, nothing but http and https.
"""

BOT_NAME = "embassy-scraper"
SPIDER_MODULES = ["embassy_scraper.spiders"]
NEWSPIDER_MODULE = "embassy_scraper.spiders"
USER_AGENT = "embassy-scraper/0.1 (research archive of public statements)"

ITEM_PIPELINES = {
    "pipelines.normalise.NormalisePipeline": 100,
    "pipelines.dedupe.DedupePipeline": 200,
    "pipelines.store.StorePipeline": 300,
    "pipelines.diff.DiffPipeline": 400,
}
EMBASSY_DB = "data/embassy.db"

ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 5.0
DOWNLOAD_MAXSIZE = 64_000_000
DOWNLOAD_HANDLERS = {"file": None, "ftp": None, "s3": None, "data": None}
COOKIES_ENABLED = False
DOWNLOAD_VERIFY_CERTIFICATES = True
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False
