-- works with programs of schema 2
-- Messages of the topic risk_alerts that are not published yet. subject is alert or desk, subject_key the alert's id or the desk's name. Those of one
-- subject are published in the order of (sequence, part).
CREATE TABLE IF NOT EXISTS topic_outbox (
    subject VARBINARY(10) NOT NULL,
    subject_key VARBINARY(1000) NOT NULL,
    sequence BIGINT NOT NULL,
    part INT NOT NULL,
    at BIGINT NOT NULL,
    type VARBINARY(100) NOT NULL,
    trace_parent VARBINARY(100),
    body LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    PRIMARY KEY (subject, subject_key, sequence, part),
    KEY topic_outbox_by_age (at)
) ENGINE=InnoDB;
