-- The captures of one address before another capture, newest first, so many at most.
SELECT id, url, captured_at, http_status, page_kind, source, is_cut FROM captures
WHERE url = :url AND id < :before ORDER BY id DESC LIMIT :most
