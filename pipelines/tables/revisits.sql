-- What a revisit was read with, and what it became: the capture, on what evidence, and the raw record
-- of the revisit itself. "url" is the address that it repeats, as the site spells it. "doubt" is 1
-- where another original may be better, 2 where its original is to be read otherwise.

ALTER TABLE _waiting_revisits ADD COLUMN url TEXT;
ALTER TABLE _waiting_revisits ADD COLUMN capture TEXT;
ALTER TABLE _waiting_revisits ADD COLUMN evidence TEXT;
ALTER TABLE _waiting_revisits ADD COLUMN warc_file TEXT;
ALTER TABLE _waiting_revisits ADD COLUMN warc_offset INTEGER;
ALTER TABLE _waiting_revisits ADD COLUMN doubt INTEGER NOT NULL DEFAULT 0;

CREATE INDEX _waiting_revisits_open ON _waiting_revisits (id) WHERE original IS NULL OR doubt > 0;
CREATE INDEX _waiting_revisits_digest ON _waiting_revisits (digest);
CREATE INDEX _waiting_revisits_named ON _waiting_revisits (refers_at, url);
CREATE INDEX _waiting_revisits_capture ON _waiting_revisits (capture);
CREATE INDEX _waiting_revisits_place ON _waiting_revisits (warc_file, warc_offset);
