-- What people look at the history with: indexes for its pages; what was told to whom; what was taken
-- out of the history, and why.

-- Indexes ------------------------------------------------------------------------------------------

CREATE INDEX changes_kind ON changes (kind, observed_by);
CREATE INDEX _changes_facets ON changes (observed_by, kind, significance, field, note);
CREATE INDEX _learned_at ON _learned (at);
CREATE INDEX captures_at ON captures (captured_at);
CREATE INDEX _captures_unread ON captures (captured_at)
    WHERE is_cut OR page_kind IN ('blocked', 'error', 'unreadable');
CREATE INDEX problems_kind ON problems (what, capture);

-- Retractions --------------------------------------------------------------------------------------

-- A capture that was taken out of the history, and why.
CREATE TABLE retractions (
    capture TEXT PRIMARY KEY, why TEXT NOT NULL, at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Told ---------------------------------------------------------------------------------------------

