"""Every Scrapy setting; ``ITEM_PIPELINES`` is the table of stages.

The defaults are for a public site that is not ours: robots.txt and pauses are the business of
``fetching.manners``, which takes them from ``embassy.toml``; no cookies, nothing that listens,
nothing but http and https; and every status reaches the spider, for each of them is a fact.
"""

BOT_NAME = "embassy-scraper"
SPIDER_MODULES = ["embassy_scraper.spiders"]
NEWSPIDER_MODULE = "embassy_scraper.spiders"

ITEM_PIPELINES = {
    "pipelines.diff.DiffPipeline": 50,  # does its work last: stages are closed in reverse order
    "pipelines.normalise.NormalisePipeline": 100,
    "pipelines.dedupe.DedupePipeline": 200,
    "pipelines.store.StorePipeline": 300,
}
EMBASSY_INTAKE = "embassy_scraper.intake.crawler.intake_of"  # the engine behind spider and stages
EMBASSY_DB = "data/embassy.db"
EMBASSY_CONFIG = None  # a path; without it embassy.toml in the working folder

DOWNLOADER_MIDDLEWARES = {
    "embassy_scraper.fetching.manners.Manners": 100,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "embassy_scraper.fetching.encodings.Encodings": 590,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
}
SPIDER_MIDDLEWARES = {  # none of them has anything to do here, and each handles every request
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
}
TWISTED_DNS_RESOLVER = "embassy_scraper.fetching.addresses.PublicResolver"
DOWNLOAD_DELAY = 0  # the manners keep it, so that a pause is never shortened by chance
DOWNLOAD_DELAY_JITTER = 0
DOWNLOAD_FAIL_ON_DATALOSS = False  # a page cut off is a fact, and is stored as such
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_HANDLERS = {
    **dict.fromkeys(("http", "https"), "embassy_scraper.fetching.downloads.BoundedDownloads"),
    **dict.fromkeys(("file", "ftp", "s3", "data")),
}
CONCURRENT_ITEMS = 1  # in their order; and Scrapy makes so many tasks for every answer
WARN_ON_GENERATOR_RETURN_VALUE = False  # else it parses the source of every callback
COOKIES_ENABLED = False
DOWNLOAD_VERIFY_CERTIFICATES = True
REMOTE_CONTROL_ENABLED = False
TELNETCONSOLE_ENABLED = False
LOG_LEVEL = "ERROR"
