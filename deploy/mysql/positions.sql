-- The positions of the trading system, as docs/contracts.md describes them. For MySQL 8.4 and MariaDB 10.11; run it in the trading system's database.
-- Texts keep their case. TIMESTAMP holds UTC whatever the time zone of a session.
CREATE TABLE IF NOT EXISTS positions (
    position_id VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
    trader_id VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    desk VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    security_id VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    quantity DECIMAL(28, 10) NOT NULL,
    delta DECIMAL(28, 10),
    entry_date DATE NOT NULL,
    currency CHAR(3) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    created_at TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
    updated_at TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
    CONSTRAINT positions_texts_not_blank CHECK (trim(position_id) <> '' AND trim(trader_id) <> '' AND trim(desk) <> '' AND trim(security_id) <> ''),
    CONSTRAINT positions_currency CHECK (currency REGEXP '^[A-Z]{3}$'),
    KEY positions_by_desk (desk)
) ENGINE=InnoDB;
