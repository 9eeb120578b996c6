-- Which alerts a list told of: a message to one endpoint about several alerts. Written before it is posted, read by the page that its link opens.
CREATE TABLE alert_groups (
    group_id TEXT PRIMARY KEY,
    endpoint TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    alerts TEXT NOT NULL
) WITHOUT ROWID;

CREATE INDEX alert_groups_by_end ON alert_groups (expires_at);
