-- Everything that the monitor stores, in the SQL that MySQL 8.4 and MariaDB 10.11 share. A script may run again after it
-- broke off, because neither database takes DDL back.
-- Texts that are compared are VARBINARY and hold UTF-8: collations merge FX with fx, and the binary ones that both databases have ignore
-- trailing blanks. Instants are ticks of 100 ns since 0001-01-01 UTC. Amounts are texts, so that every digit comes back as it was written;
-- a sum in SQL casts them to DECIMAL. Records, states and reports are blobs versioned by their first byte.

-- Rows that transactions lock when they decide by what they read, and numbers that processes share.
CREATE TABLE IF NOT EXISTS write_locks (
    name VARBINARY(20) NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL DEFAULT 0
) ENGINE=InnoDB;

INSERT IGNORE INTO write_locks (name) VALUES ('limits'), ('states'), ('users'), ('alert_changes'), ('writers'), ('probe');

-- A desk exists from its first journal record. head_sequence and head_writer name its newest record and the activation that wrote it.
-- written: bytes of all records that the desk ever wrote. positions: how many rows it has, as of its last fold.
CREATE TABLE IF NOT EXISTS desks (
    desk_id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    desk VARBINARY(1000) NOT NULL,
    head_sequence BIGINT NOT NULL,
    head_writer BIGINT NOT NULL,
    limits_version BIGINT NOT NULL,
    next_validity BIGINT,
    folded_sequence BIGINT NOT NULL DEFAULT 0,
    written BIGINT NOT NULL DEFAULT 0,
    positions INT NOT NULL DEFAULT 0,
    UNIQUE KEY desks_by_name (desk)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS journal (
    desk_id BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    writer BIGINT NOT NULL,
    at BIGINT NOT NULL,
    earliest BIGINT NOT NULL,
    latest BIGINT NOT NULL,
    record LONGBLOB NOT NULL,
    PRIMARY KEY (desk_id, sequence)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS checkpoints (
    desk_id BIGINT NOT NULL PRIMARY KEY,
    checkpoint LONGBLOB NOT NULL
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS held_positions (
    desk_id BIGINT NOT NULL,
    position_id VARBINARY(1000) NOT NULL,
    trader_id VARBINARY(1000) NOT NULL,
    security_id VARBINARY(1000) NOT NULL,
    quantity VARBINARY(60) NOT NULL,
    delta VARBINARY(60),
    entry_date VARBINARY(10) NOT NULL,
    currency VARBINARY(100) NOT NULL,
    updated_at BIGINT,
    source_log VARBINARY(1000),
    source_file BIGINT,
    source_offset BIGINT,
    source_row INT,
    feed VARBINARY(1000) NOT NULL,
    generation INT NOT NULL,
    PRIMARY KEY (desk_id, position_id),
    KEY held_positions_by_trader (desk_id, trader_id),
    KEY held_positions_by_security (desk_id, security_id),
    KEY held_positions_by_date (desk_id, entry_date, currency)
) ENGINE=InnoDB;

-- Desks as they were: everything of the records up to sequence, and nothing in it counts from later than through. Of the records since the
-- state before (previous), nothing counts from before earliest. kept_at and written say when it was kept.
CREATE TABLE IF NOT EXISTS desk_states (
    desk_id BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    previous BIGINT NOT NULL,
    earliest BIGINT NOT NULL,
    through BIGINT NOT NULL,
    kept_at BIGINT NOT NULL,
    written BIGINT NOT NULL,
    state LONGBLOB NOT NULL,
    PRIMARY KEY (desk_id, sequence),
    KEY desk_states_by_time (desk_id, through, sequence)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS outbox (
    alert_id VARBINARY(36) NOT NULL PRIMARY KEY,
    desk_id BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    report LONGBLOB NOT NULL,
    KEY outbox_by_age (recorded_at, alert_id),
    KEY outbox_by_desk (desk_id, sequence)
) ENGINE=InnoDB;

-- The number of a change is below 0 from its commit until it is numbered: an AUTO_INCREMENT is taken before the commit, and a reader would pass over
-- changes that commit late.
CREATE TABLE IF NOT EXISTS alerts (
    alert_id VARBINARY(36) NOT NULL PRIMARY KEY,
    version INT NOT NULL,
    request_id VARBINARY(100) NOT NULL,
    desk VARBINARY(1000) NOT NULL,
    severity VARBINARY(20) NOT NULL,
    status VARBINARY(20) NOT NULL,
    breach_open TINYINT NOT NULL,
    transient TINYINT NOT NULL,
    opened_at BIGINT NOT NULL,
    next_attempt_at BIGINT,
    metric VARBINARY(100) NOT NULL,
    horizon VARBINARY(200) NOT NULL,
    profile VARBINARY(200) NOT NULL,
    episode INT NOT NULL,
    state LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    `change` BIGINT NOT NULL DEFAULT 0,
    KEY alerts_by_age (opened_at DESC, alert_id),
    KEY alerts_by_desk (desk, opened_at DESC, alert_id),
    KEY alerts_by_status (status, opened_at DESC, alert_id),
    KEY alerts_by_request (request_id),
    KEY alerts_by_due (next_attempt_at, alert_id),
    KEY alerts_by_change (`change`)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS alert_events (
    alert_id VARBINARY(36) NOT NULL,
    n INT NOT NULL,
    at BIGINT NOT NULL,
    kind VARBINARY(100) NOT NULL,
    revision INT NOT NULL,
    detail LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    PRIMARY KEY (alert_id, n)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS risk_limits (
    limit_id VARBINARY(1000) NOT NULL PRIMARY KEY,
    profile VARBINARY(200) NOT NULL,
    scope_kind VARBINARY(20) NOT NULL,
    scope_key VARBINARY(1000) NOT NULL,
    metric VARBINARY(100) NOT NULL,
    horizon VARBINARY(200) NOT NULL,
    threshold VARBINARY(60) NOT NULL,
    warning_ratio VARBINARY(60) NOT NULL,
    cure_ratio VARBINARY(60) NOT NULL,
    severity_warning VARBINARY(60) NOT NULL,
    severity_critical VARBINARY(60) NOT NULL,
    currency VARBINARY(100),
    valid_from BIGINT,
    valid_to BIGINT,
    version INT NOT NULL,
    reason LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    changed_by VARBINARY(1000) NOT NULL,
    KEY risk_limits_by_scope (scope_kind, scope_key)
) ENGINE=InnoDB;

-- Every version that a limit ever had; the row of a removal repeats what was removed.
CREATE TABLE IF NOT EXISTS risk_limit_history (
    limit_id VARBINARY(1000) NOT NULL,
    profile VARBINARY(200) NOT NULL,
    scope_kind VARBINARY(20) NOT NULL,
    scope_key VARBINARY(1000) NOT NULL,
    metric VARBINARY(100) NOT NULL,
    horizon VARBINARY(200) NOT NULL,
    threshold VARBINARY(60) NOT NULL,
    warning_ratio VARBINARY(60) NOT NULL,
    cure_ratio VARBINARY(60) NOT NULL,
    severity_warning VARBINARY(60) NOT NULL,
    severity_critical VARBINARY(60) NOT NULL,
    currency VARBINARY(100),
    valid_from BIGINT,
    valid_to BIGINT,
    version INT NOT NULL,
    reason LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    changed_by VARBINARY(1000) NOT NULL,
    changed_at BIGINT NOT NULL,
    removed TINYINT NOT NULL,
    PRIMARY KEY (limit_id, version)
) ENGINE=InnoDB;

-- One row: the version of the whole limit table, and the scope whose limits raise alerts.
CREATE TABLE IF NOT EXISTS limit_settings (
    id INT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    profile VARBINARY(200) NOT NULL,
    horizon VARBINARY(200) NOT NULL
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS dead_letters (
    topic VARBINARY(1000) NOT NULL,
    `partition` INT NOT NULL,
    `offset` BIGINT NOT NULL,
    reason LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    position_id LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    `key` LONGBLOB NOT NULL,
    payload LONGBLOB NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (topic, `partition`, `offset`),
    KEY dead_letters_by_age (at)
) ENGINE=InnoDB;

-- How far each partition of a feed is. The epoch grows with each owner; only the newest one can store.
CREATE TABLE IF NOT EXISTS partition_checkpoints (
    feed VARBINARY(1000) NOT NULL,
    `partition` VARBINARY(1000) NOT NULL,
    epoch BIGINT NOT NULL,
    checkpoint LONGBLOB,
    PRIMARY KEY (feed, `partition`)
) ENGINE=InnoDB;

-- A revoked user keeps its row: the audit log goes on naming somebody who can be found. active_name makes names unique among the others.
CREATE TABLE IF NOT EXISTS users (
    key_id VARBINARY(100) NOT NULL PRIMARY KEY,
    name VARBINARY(1000) NOT NULL,
    role VARBINARY(50) NOT NULL,
    desks LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    clearance VARBINARY(50) NOT NULL,
    key_hash VARBINARY(500) NOT NULL,
    added_at BIGINT NOT NULL,
    added_by VARBINARY(1000) NOT NULL,
    revoked_at BIGINT,
    revoked_by VARBINARY(1000),
    active_name VARBINARY(1000) GENERATED ALWAYS AS (CASE WHEN revoked_at IS NULL THEN name END) STORED,
    UNIQUE KEY users_by_name (active_name)
) ENGINE=InnoDB;

-- Written at every call: no index but the order of writing.
CREATE TABLE IF NOT EXISTS audit_log (
    n BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
    at BIGINT NOT NULL,
    user VARBINARY(1000),
    address VARBINARY(1000),
    channel VARBINARY(50) NOT NULL,
    tool VARBINARY(1000) NOT NULL,
    scope LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    clearance VARBINARY(50),
    outcome VARBINARY(200) NOT NULL,
    request_id VARBINARY(500) NOT NULL,
    took_us BIGINT NOT NULL,
    arguments LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    desk LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    calls BIGINT NOT NULL
) ENGINE=InnoDB;
