-- The digest of the bytes of one capture.
SELECT sha256 FROM captures WHERE id = :capture
