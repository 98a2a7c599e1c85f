"""The number of the schema, apart from what makes it: a verb that only reads does without that."""

NAME = "embassy_scraper"  # of the set of migrations
VERSION = 18  # the number of the schema, which is that of the last migration
OLDEST = 15  # the first whose databases can be brought up to date; earlier ones are made anew
