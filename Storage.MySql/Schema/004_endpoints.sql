-- The delivery log: each message at each endpoint, as the alert's row has it. Written in the transaction that writes the alert.
CREATE TABLE IF NOT EXISTS alert_deliveries (
    delivery_id VARBINARY(100) NOT NULL PRIMARY KEY,
    alert_id VARBINARY(36) NOT NULL,
    desk VARBINARY(1000) NOT NULL,
    endpoint VARBINARY(200) NOT NULL,
    kind VARBINARY(100) NOT NULL,
    revision INT NOT NULL,
    required TINYINT NOT NULL,
    state VARBINARY(30) NOT NULL,
    attempts INT NOT NULL,
    next_attempt_at BIGINT,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    delivered_at BIGINT,
    last_status INT,
    latency_ms DOUBLE,
    last_error LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    answer LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
    KEY alert_deliveries_by_alert (alert_id, created_at),
    KEY alert_deliveries_by_age (created_at DESC, delivery_id),
    KEY alert_deliveries_by_state (state, created_at DESC, delivery_id)
) ENGINE=InnoDB;

-- Endpoints that were set at run time. The settings are JSON and hold the endpoint's secrets.
CREATE TABLE IF NOT EXISTS endpoints (
    name VARBINARY(200) NOT NULL PRIMARY KEY,
    version INT NOT NULL,
    settings LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    reason LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    changed_by VARBINARY(1000) NOT NULL,
    changed_at BIGINT NOT NULL
) ENGINE=InnoDB;
