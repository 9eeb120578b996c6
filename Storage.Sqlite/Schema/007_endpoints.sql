-- The delivery log: each message at each endpoint, as the alert's row has it. Written in the transaction that writes the alert.
CREATE TABLE alert_deliveries (
    delivery_id TEXT PRIMARY KEY,
    alert_id TEXT NOT NULL,
    desk TEXT NOT NULL,
    endpoint TEXT NOT NULL,
    kind TEXT NOT NULL,
    revision INTEGER NOT NULL,
    required INTEGER NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_attempt_at INTEGER,
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    delivered_at INTEGER,
    last_status INTEGER,
    latency_ms REAL,
    last_error TEXT,
    answer TEXT
) WITHOUT ROWID;

CREATE INDEX alert_deliveries_by_alert ON alert_deliveries (alert_id, created_at);
CREATE INDEX alert_deliveries_by_age ON alert_deliveries (created_at DESC, delivery_id);
CREATE INDEX alert_deliveries_by_state ON alert_deliveries (state, created_at DESC, delivery_id);

-- Endpoints that were set at run time. The settings are JSON and hold the endpoint's secrets.
CREATE TABLE endpoints (
    name TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    settings TEXT NOT NULL,
    reason TEXT NOT NULL,
    changed_by TEXT NOT NULL,
    changed_at INTEGER NOT NULL
) WITHOUT ROWID;
