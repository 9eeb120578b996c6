-- Messages of the topic risk_alerts that are not published yet. subject is alert or desk, subject_key the alert's id or the desk's name. Those of one
-- subject are published in the order of (sequence, part).
CREATE TABLE topic_outbox (
    subject TEXT NOT NULL,
    subject_key TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    part INTEGER NOT NULL,
    at INTEGER NOT NULL,
    type TEXT NOT NULL,
    trace_parent TEXT,
    body TEXT NOT NULL,
    PRIMARY KEY (subject, subject_key, sequence, part)
) WITHOUT ROWID;

CREATE INDEX topic_outbox_by_age ON topic_outbox (at);
