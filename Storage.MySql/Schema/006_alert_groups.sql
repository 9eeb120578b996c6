-- works with programs of schema 4
-- Which alerts a list told of: a message to one endpoint about several alerts. Written before it is posted, read by the page that its link opens.
CREATE TABLE IF NOT EXISTS alert_groups (
    group_id VARBINARY(100) NOT NULL PRIMARY KEY,
    endpoint VARBINARY(200) NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    alerts LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    KEY alert_groups_by_end (expires_at)
) ENGINE=InnoDB;
