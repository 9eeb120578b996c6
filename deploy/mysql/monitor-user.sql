-- The database of the monitor, and its user, who may do everything there and nothing elsewhere. The monitor makes and migrates its tables by itself.
-- @monitor_password is set by the caller (apply.sh). A password that is given anew replaces the old one.
CREATE DATABASE IF NOT EXISTS riskmonitor CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

SET @statement = CONCAT('CREATE USER IF NOT EXISTS ''riskmonitor''@''%'' IDENTIFIED BY ', QUOTE(@monitor_password));
PREPARE create_user FROM @statement;
EXECUTE create_user;
DEALLOCATE PREPARE create_user;

SET @statement = CONCAT('ALTER USER ''riskmonitor''@''%'' IDENTIFIED BY ', QUOTE(@monitor_password));
PREPARE set_password FROM @statement;
EXECUTE set_password;
DEALLOCATE PREPARE set_password;

GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX, DROP ON riskmonitor.* TO 'riskmonitor'@'%';
