"""``python -m embassy_scraper`` is the console script."""

from embassy_scraper.commands import main

if __name__ == "__main__":
    main()
