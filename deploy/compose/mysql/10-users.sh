#!/usr/bin/env bash
# Runs in the mysql container at its first start: the trading system's table, the monitor's database, and the users with the passwords that init made.
# The image reads a file that is not executable into its own shell, which `set -u` would end afterwards: hence the parentheses.
(
  set -euo pipefail

  MONITOR_PASSWORD=$(cat /secrets/mysql/riskmonitor) DEBEZIUM_PASSWORD=$(cat /secrets/mysql/debezium) MYSQL_PWD=$MYSQL_ROOT_PASSWORD SQL_CLIENT="mysql --user=root" \
    bash /riskmonitor/mysql/apply.sh

  # The demo trader writes positions and nothing else.
  MYSQL_PWD=$MYSQL_ROOT_PASSWORD mysql --user=root <<SQL
CREATE USER IF NOT EXISTS 'trader'@'%' IDENTIFIED BY '$(cat /secrets/mysql/trader)';
GRANT SELECT, INSERT, UPDATE, DELETE ON trading.positions TO 'trader'@'%';
SQL
)
