-- The user of the Debezium connector: reads the positions table for the snapshot, and the binary log. Rights on the log cannot be limited to a table.
-- RELOAD lets the snapshot lock tables for the moment in which it notes its place in the log. MariaDB calls REPLICATION CLIENT "BINLOG MONITOR", and
-- accepts this name as well.
-- @debezium_password is set by the caller (apply.sh). Run it in the trading system's database, after positions.sql.
SET @statement = CONCAT('CREATE USER IF NOT EXISTS ''debezium''@''%'' IDENTIFIED BY ', QUOTE(@debezium_password));
PREPARE create_user FROM @statement;
EXECUTE create_user;
DEALLOCATE PREPARE create_user;

SET @statement = CONCAT('ALTER USER ''debezium''@''%'' IDENTIFIED BY ', QUOTE(@debezium_password));
PREPARE set_password FROM @statement;
EXECUTE set_password;
DEALLOCATE PREPARE set_password;

GRANT SELECT ON positions TO 'debezium'@'%';
GRANT RELOAD, SHOW DATABASES, REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO 'debezium'@'%';
