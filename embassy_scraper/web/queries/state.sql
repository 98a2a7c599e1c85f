-- How much is known, up to when, and how the last run ended.
SELECT (SELECT count(*) FROM captures) AS captures,
       (SELECT count(*) FROM statements) AS statements,
       (SELECT min(captured_at) FROM captures) AS first_look,
       (SELECT max(captured_at) FROM captures) AS last_look,
       (SELECT max(at) FROM _learned) AS learned,
       (SELECT count(*) FROM _pending) AS pending
