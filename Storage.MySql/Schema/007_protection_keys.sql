-- works with programs of schema 4
-- The keys that protect the console's cookies, which all frontends share.
CREATE TABLE IF NOT EXISTS protection_keys (
    name VARBINARY(200) NOT NULL PRIMARY KEY,
    xml LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    added_at BIGINT NOT NULL
) ENGINE=InnoDB;

INSERT IGNORE INTO write_locks (name) VALUES ('protection_keys');
