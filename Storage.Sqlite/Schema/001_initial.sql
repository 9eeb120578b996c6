-- Instants are ticks of 100 ns since 0001-01-01 UTC, decimals are TEXT (a numeric column would turn 18 digits into a float), blobs are
-- versioned by their first byte.

-- A desk exists from its first journal record. head_sequence and head_writer name its newest record and the activation that wrote it.
CREATE TABLE desks (
    desk_id INTEGER PRIMARY KEY,
    desk TEXT NOT NULL UNIQUE,
    head_sequence INTEGER NOT NULL,
    head_writer INTEGER NOT NULL,
    limits_version INTEGER NOT NULL,
    next_validity INTEGER,
    folded_sequence INTEGER NOT NULL DEFAULT 0,
    checkpoint BLOB
);

CREATE TABLE journal (
    desk_id INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    writer INTEGER NOT NULL,
    at INTEGER NOT NULL,
    record BLOB NOT NULL,
    PRIMARY KEY (desk_id, sequence)
);

CREATE TABLE held_positions (
    desk_id INTEGER NOT NULL,
    position_id TEXT NOT NULL,
    trader_id TEXT NOT NULL,
    security_id TEXT NOT NULL,
    quantity TEXT NOT NULL,
    delta TEXT,
    entry_date TEXT NOT NULL,
    currency TEXT NOT NULL,
    updated_at INTEGER,
    source_log TEXT,
    source_file INTEGER,
    source_offset INTEGER,
    source_row INTEGER,
    feed TEXT NOT NULL,
    generation INTEGER NOT NULL,
    PRIMARY KEY (desk_id, position_id)
) WITHOUT ROWID;

CREATE INDEX held_positions_by_position ON held_positions (position_id);
CREATE INDEX held_positions_by_trader ON held_positions (trader_id);
CREATE INDEX held_positions_by_security ON held_positions (security_id);

CREATE TABLE outbox (
    alert_id TEXT PRIMARY KEY,
    desk_id INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    report BLOB NOT NULL
);

CREATE INDEX outbox_by_age ON outbox (recorded_at, alert_id);
CREATE INDEX outbox_by_desk ON outbox (desk_id, sequence);

CREATE TABLE alerts (
    alert_id TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    request_id TEXT NOT NULL,
    desk TEXT NOT NULL,
    severity TEXT NOT NULL,
    status TEXT NOT NULL,
    breach_open INTEGER NOT NULL,
    transient INTEGER NOT NULL,
    opened_at INTEGER NOT NULL,
    next_attempt_at INTEGER,
    metric TEXT NOT NULL,
    horizon TEXT NOT NULL,
    profile TEXT NOT NULL,
    episode INTEGER NOT NULL,
    state TEXT NOT NULL
);

CREATE INDEX alerts_by_age ON alerts (opened_at DESC, alert_id);
CREATE INDEX alerts_by_desk ON alerts (desk, opened_at DESC, alert_id);
CREATE INDEX alerts_by_status ON alerts (status, opened_at DESC, alert_id);
CREATE INDEX alerts_by_request ON alerts (request_id);
CREATE INDEX alerts_by_due ON alerts (next_attempt_at) WHERE next_attempt_at IS NOT NULL;

CREATE TABLE alert_events (
    alert_id TEXT NOT NULL,
    n INTEGER NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    revision INTEGER NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (alert_id, n)
) WITHOUT ROWID;

CREATE TABLE risk_limits (
    limit_id TEXT PRIMARY KEY,
    profile TEXT NOT NULL,
    scope_kind TEXT NOT NULL,
    scope_key TEXT NOT NULL,
    metric TEXT NOT NULL,
    horizon TEXT NOT NULL,
    threshold TEXT NOT NULL,
    warning_ratio TEXT NOT NULL,
    cure_ratio TEXT NOT NULL,
    severity_warning TEXT NOT NULL,
    severity_critical TEXT NOT NULL,
    currency TEXT,
    valid_from INTEGER,
    valid_to INTEGER,
    version INTEGER NOT NULL,
    reason TEXT NOT NULL,
    changed_by TEXT NOT NULL
);

CREATE INDEX risk_limits_by_scope ON risk_limits (scope_kind, scope_key);

-- Every version that a limit ever had; the row of a removal repeats what was removed.
CREATE TABLE risk_limit_history (
    limit_id TEXT NOT NULL,
    profile TEXT NOT NULL,
    scope_kind TEXT NOT NULL,
    scope_key TEXT NOT NULL,
    metric TEXT NOT NULL,
    horizon TEXT NOT NULL,
    threshold TEXT NOT NULL,
    warning_ratio TEXT NOT NULL,
    cure_ratio TEXT NOT NULL,
    severity_warning TEXT NOT NULL,
    severity_critical TEXT NOT NULL,
    currency TEXT,
    valid_from INTEGER,
    valid_to INTEGER,
    version INTEGER NOT NULL,
    reason TEXT NOT NULL,
    changed_by TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    removed INTEGER NOT NULL,
    PRIMARY KEY (limit_id, version)
);

-- One row: the version of the whole limit table, and the scope whose limits raise alerts.
CREATE TABLE limit_settings (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    version INTEGER NOT NULL,
    profile TEXT NOT NULL,
    horizon TEXT NOT NULL
);

CREATE TABLE dead_letters (
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    "offset" INTEGER NOT NULL,
    reason TEXT NOT NULL,
    position_id TEXT,
    key BLOB NOT NULL,
    payload BLOB NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (topic, partition, "offset")
);

CREATE INDEX dead_letters_by_age ON dead_letters (at DESC);

-- A cleared state keeps its row without payload, so that an etag from before never fits again.
CREATE TABLE grain_state (
    type_name TEXT NOT NULL,
    grain_key TEXT NOT NULL,
    version INTEGER NOT NULL,
    payload BLOB,
    PRIMARY KEY (type_name, grain_key)
);

CREATE TABLE reminders (
    service_id TEXT NOT NULL,
    grain_id TEXT NOT NULL,
    name TEXT NOT NULL,
    start_at INTEGER NOT NULL,
    period INTEGER NOT NULL,
    grain_hash INTEGER NOT NULL,
    etag TEXT NOT NULL,
    PRIMARY KEY (service_id, grain_id, name)
) WITHOUT ROWID;

CREATE INDEX reminders_by_hash ON reminders (service_id, grain_hash);
