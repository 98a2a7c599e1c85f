"""The stages of Scrapy's own front door are those of ``ingest``."""

from embassy_scraper import settings
from embassy_scraper.archives.http import read_content_type


def test_every_stage_of_the_table_exists() -> None:
    from scrapy.utils.misc import load_object

    for name in (*settings.ITEM_PIPELINES, settings.EMBASSY_INTAKE, settings.TWISTED_DNS_RESOLVER):
        assert load_object(name)


def test_the_stage_that_settles_is_closed_last() -> None:
    numbers = settings.ITEM_PIPELINES
    assert min(numbers, key=numbers.__getitem__) == "pipelines.diff.DiffPipeline"


def test_a_broken_content_type_is_read_alike_everywhere() -> None:
    assert read_content_type('text/html;charset="UTF-8"; x=y') == ("text/html", "utf-8")
    assert read_content_type("text/html charset=koi8-r") == ("text/html", "koi8-r")
    assert read_content_type("") == ("", None)
