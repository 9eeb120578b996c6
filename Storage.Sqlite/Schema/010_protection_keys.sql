-- The keys that protect the console's cookies, which all frontends share.
CREATE TABLE protection_keys (
    name TEXT PRIMARY KEY,
    xml TEXT NOT NULL,
    added_at INTEGER NOT NULL
) WITHOUT ROWID;
