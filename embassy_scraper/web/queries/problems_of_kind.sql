-- Problems of one kind, the newest first, those of files without a capture last; a capture's id
-- begins with its instant.
SELECT p.capture, p.path, p."where", p.text, c.captured_at, c.url
FROM (
    SELECT rowid AS number, capture FROM problems WHERE what = :what
    ORDER BY capture DESC, rowid LIMIT :most OFFSET :begin
) newest JOIN problems p ON p.rowid = newest.number LEFT JOIN captures c ON c.id = p.capture
ORDER BY newest.capture DESC, newest.number
