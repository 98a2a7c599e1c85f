-- The versions of one statement without their texts.
SELECT number, first_seen, last_seen, first_capture FROM _versions WHERE statement = :key
ORDER BY number
