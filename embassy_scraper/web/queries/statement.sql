-- One statement, as it stands now.
SELECT key, title, published_on, published_at, url, status, first_seen, last_seen, versions
FROM statements WHERE key = :key
