#!/usr/bin/env bash
# Puts a copy that backup.sh wrote in the place of the monitor's database. Every process of the monitor must be stopped.
#   MYSQL_OPTIONS, DATABASE, BACKUPS   as for backup.sh
#   COPY                               name of the copy in BACKUPS; default: the newest
#   FORCE=true                         although silos have written within the last minute that they live
set -euo pipefail

options=${MYSQL_OPTIONS:-/secrets/backup/my.cnf}
database=${DATABASE:-riskmonitor}
folder=${BACKUPS:-/backups}

[[ -r $options ]] || { echo "MYSQL_OPTIONS is '$options', which cannot be read: give a file with [client] host, user and password" >&2; exit 1; }
[[ $database =~ ^[A-Za-z0-9_]+$ ]] || { echo "DATABASE is '$database': give a name of letters, digits and _" >&2; exit 1; }
copy=${COPY:-$(find "$folder" -maxdepth 1 -name "$database-*.sql.gz" -printf '%f\n' | sort | tail -n 1)}
[[ -n $copy && -f $folder/$copy ]] || { echo "COPY is '$copy', which is no file in $folder: give the name of one:" >&2; find "$folder" -maxdepth 1 -name "*.sql.gz" -printf '  %f\n' | sort >&2; exit 1; }
[[ $(sha256sum <"$folder/$copy" | cut -d ' ' -f 1) == $(cat "$folder/$copy.sha256") ]] || { echo "$copy does not have the bytes that were written; nothing was changed" >&2; exit 1; }

client=(mysql --defaults-extra-file="$options" --batch --skip-column-names)
table=$("${client[@]}" -e "SELECT count(*) FROM information_schema.tables WHERE table_schema = '$database' AND table_name = 'OrleansMembershipTable'")
if [[ $table != 0 && ${FORCE:-} != true ]]; then
  alive=$("${client[@]}" "$database" -e "SELECT count(*) FROM OrleansMembershipTable WHERE Status <> 6 AND IAmAliveTime > UTC_TIMESTAMP() - INTERVAL 1 MINUTE")
  [[ $alive == 0 ]] || { echo "$alive silos have written within the last minute that they live: stop every process of the monitor first, and wait a minute (FORCE=true restores all the same)" >&2; exit 1; }
fi

# Tables of a newer schema would stay beside those of the copy.
"${client[@]}" -e "DROP DATABASE IF EXISTS $database; CREATE DATABASE $database CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
gzip -dc "$folder/$copy" | "${client[@]}" "$database"
echo "$copy: restored into $database"
