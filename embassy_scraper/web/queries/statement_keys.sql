-- The addresses of one statement, as keys.
SELECT DISTINCT url_key FROM _wordings WHERE statement = :key AND url_key IS NOT NULL
ORDER BY length(url_key), url_key
