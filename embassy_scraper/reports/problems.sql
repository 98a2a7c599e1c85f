-- Every problem, kind by kind, the newest first; those of files without a capture come last.
SELECT p.what, p."where", p.text, p.capture, c.captured_at, coalesce(c.url, p.path) AS url
FROM problems p LEFT JOIN captures c ON c.id = p.capture
WHERE (:kinds IS NULL OR p.what IN (SELECT value FROM json_each(:kinds)))
ORDER BY p.what, c.captured_at IS NULL, c.captured_at DESC, p.capture, p.path, p."where", p.text
