-- Who told the URL and the instant of a capture. Of captures stored before that was written down, it
-- follows from their source: a saved file had both from a manifest, or its instant from its clock.

ALTER TABLE captures ADD COLUMN url_from TEXT;
ALTER TABLE captures ADD COLUMN instant_from TEXT;
ALTER TABLE _retracted ADD COLUMN url_from TEXT;
ALTER TABLE _retracted ADD COLUMN instant_from TEXT;

UPDATE captures SET
    url_from = CASE WHEN url IS NULL THEN NULL WHEN source = 'live' THEN 'response'
        WHEN source = 'wayback' THEN 'archive' WHEN source IN ('html', 'text') THEN 'manifest'
        ELSE 'record' END,
    instant_from = CASE WHEN source = 'live' THEN 'response' WHEN source = 'wayback' THEN 'archive'
        WHEN source NOT IN ('html', 'text') THEN 'record'
        WHEN captured_at = page_clock THEN 'clock' ELSE 'manifest' END;
UPDATE captures SET evidence = json_insert(
    evidence, '$[#]', instant_from, '$[#]', url_from, '$[#]', source
);

UPDATE _retracted SET
    url_from = CASE WHEN url IS NULL THEN NULL WHEN source = 'live' THEN 'response'
        WHEN source = 'wayback' THEN 'archive' WHEN source IN ('html', 'text') THEN 'manifest'
        ELSE 'record' END,
    instant_from = CASE WHEN source = 'live' THEN 'response' WHEN source = 'wayback' THEN 'archive'
        WHEN source NOT IN ('html', 'text') THEN 'record'
        WHEN captured_at = page_clock THEN 'clock' ELSE 'manifest' END;
UPDATE _retracted SET evidence = json_insert(
    evidence, '$[#]', instant_from, '$[#]', url_from, '$[#]', source
);
-- What waits to be read again waits with the tellers of its capture.
UPDATE _evidence SET evidence = (
    SELECT json_insert(
        _evidence.evidence, '$[#]', c.instant_from, '$[#]', c.url_from, '$[#]', c.source
    ) FROM (SELECT * FROM captures UNION ALL SELECT * FROM _retracted) c
    WHERE c.id = _evidence.capture
);
