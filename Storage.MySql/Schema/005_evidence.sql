-- works with programs of schema 4
-- What happened to alerts, deliveries, limits, endpoints, users and the audit log, in chains: each entry names the hash of the one before it. An entry is
-- written in the transaction of what it records. previous and hash are hexadecimal; docs/contracts.md says what is hashed.
CREATE TABLE IF NOT EXISTS evidence (
    chain VARBINARY(60) NOT NULL,
    sequence BIGINT NOT NULL,
    at BIGINT NOT NULL,
    kind VARBINARY(30) NOT NULL,
    subject VARBINARY(1000) NOT NULL,
    ordinal BIGINT NOT NULL,
    document LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    previous VARBINARY(64) NOT NULL,
    hash VARBINARY(64) NOT NULL,
    PRIMARY KEY (chain, sequence),
    KEY evidence_by_subject (subject, ordinal)
) ENGINE=InnoDB;

-- The newest entry of each chain. recorded is the newest one that records more than the heads of other chains.
CREATE TABLE IF NOT EXISTS evidence_heads (
    chain VARBINARY(60) NOT NULL PRIMARY KEY,
    sequence BIGINT NOT NULL,
    hash VARBINARY(64) NOT NULL,
    at BIGINT NOT NULL,
    recorded BIGINT NOT NULL
) ENGINE=InnoDB;
