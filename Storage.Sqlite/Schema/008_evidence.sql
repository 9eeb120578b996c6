-- What happened to alerts, deliveries, limits, endpoints, users and the audit log, in chains: each entry names the hash of the one before it. An entry is
-- written in the transaction of what it records. previous and hash are hexadecimal; docs/contracts.md says what is hashed.
CREATE TABLE evidence (
    chain TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    document TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (chain, sequence)
) WITHOUT ROWID;

CREATE INDEX evidence_by_subject ON evidence (subject, ordinal);

-- The newest entry of each chain. recorded is the newest one that records more than the heads of other chains.
CREATE TABLE evidence_heads (
    chain TEXT PRIMARY KEY,
    sequence INTEGER NOT NULL,
    hash TEXT NOT NULL,
    at INTEGER NOT NULL,
    recorded INTEGER NOT NULL
) WITHOUT ROWID;
