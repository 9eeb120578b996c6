#!/usr/bin/env bash
# Makes the positions table, the monitor's database, and the users of Debezium and of the monitor. It may run again: tables stay, passwords are set anew.
#   MONITOR_PASSWORD, DEBEZIUM_PASSWORD   the passwords to set
#   TRADING_DATABASE                      the trading system's database; default: trading
#   SQL_CLIENT                            how to reach the server as an administrator; default: "mysql --user=root". Its password: MYSQL_PWD
# As a file in /docker-entrypoint-initdb.d of the mysql or mariadb image it runs at the first start.
set -euo pipefail

folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
database=${TRADING_DATABASE:-trading}
client=${SQL_CLIENT:-mysql --user=root}
export MYSQL_PWD=${MYSQL_PWD:-${MYSQL_ROOT_PASSWORD:-${MARIADB_ROOT_PASSWORD:-}}}

[[ $database =~ ^[A-Za-z0-9_]+$ ]] || { echo "TRADING_DATABASE is '$database': give a name of letters, digits and _" >&2; exit 1; }

# Hexadecimal, so that no character of a password can end the text. It goes by the standard input, where no list of processes shows it.
secret() {
  local value=${!1:-}
  [[ -n $value ]] || { echo "$1 is not set: give the password by the environment" >&2; exit 1; }
  printf "SET @%s = CONVERT(X'%s' USING utf8mb4);\n" "$2" "$(printf %s "$value" | od -An -v -tx1 | tr -d ' \n')"
}

monitor=$(secret MONITOR_PASSWORD monitor_password)
debezium=$(secret DEBEZIUM_PASSWORD debezium_password)

$client <<<"CREATE DATABASE IF NOT EXISTS $database CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
$client "$database" <"$folder/positions.sql"
{ echo "$monitor"; cat "$folder/monitor-user.sql"; } | $client
{ echo "$debezium"; cat "$folder/debezium-user.sql"; } | $client "$database"
