-- A revoked user keeps its row: the audit log goes on naming somebody who can be found, and a table that once had users asks for keys for ever.
CREATE TABLE users (
    key_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    desks TEXT,
    clearance TEXT NOT NULL,
    key_hash TEXT NOT NULL,
    added_at INTEGER NOT NULL,
    added_by TEXT NOT NULL,
    revoked_at INTEGER,
    revoked_by TEXT
);

CREATE UNIQUE INDEX users_by_name ON users (name) WHERE revoked_at IS NULL;

-- Written at every call: no index but the order of writing.
CREATE TABLE audit_log (
    n INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    user TEXT,
    address TEXT,
    channel TEXT NOT NULL,
    tool TEXT NOT NULL,
    scope TEXT,
    clearance TEXT,
    outcome TEXT NOT NULL,
    request_id TEXT NOT NULL,
    took_us INTEGER NOT NULL,
    arguments TEXT NOT NULL,
    desk TEXT,
    calls INTEGER NOT NULL
);
