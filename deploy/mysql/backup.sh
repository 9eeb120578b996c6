#!/usr/bin/env bash
# Writes one consistent copy of the monitor's database, while everything runs. Needs no more rights than the user riskmonitor has.
#   MYSQL_OPTIONS   file with [client] host, port, user and password; default: /secrets/backup/my.cnf
#   DATABASE        default: riskmonitor
#   BACKUPS         folder of the copies; default: /backups
#   KEEP            so many copies stay, the newest; default: 14
set -euo pipefail

options=${MYSQL_OPTIONS:-/secrets/backup/my.cnf}
database=${DATABASE:-riskmonitor}
folder=${BACKUPS:-/backups}
keep=${KEEP:-14}

[[ -r $options ]] || { echo "MYSQL_OPTIONS is '$options', which cannot be read: give a file with [client] host, user and password" >&2; exit 1; }
[[ $keep =~ ^[1-9][0-9]*$ ]] || { echo "KEEP is '$keep': give how many copies stay, such as 14" >&2; exit 1; }

# MySQL's program asks for more rights than this user has, unless it is told what not to write; MariaDB's does not know these options.
extra=()
help=$(mysqldump --help 2>/dev/null || true)
[[ $help == *--set-gtid-purged* ]] && extra+=(--set-gtid-purged=OFF)
[[ $help == *--column-statistics* ]] && extra+=(--column-statistics=0)

copy=$folder/$database-$(date -u +%Y%m%dT%H%M%SZ).sql.gz
trap 'rm -f "$copy.new"' EXIT
mysqldump --defaults-extra-file="$options" --single-transaction --quick --hex-blob --no-tablespaces --skip-triggers --skip-lock-tables --skip-add-locks "${extra[@]}" "$database" | gzip >"$copy.new"
# A dump that was cut off lacks its last line.
gzip -dc "$copy.new" | tail -n 1 | grep -q '^-- Dump completed' || { echo "the copy is not complete; nothing was kept" >&2; exit 1; }
sha256sum <"$copy.new" | cut -d ' ' -f 1 >"$copy.sha256"
mv "$copy.new" "$copy"
echo "$copy: $(stat -c %s "$copy") bytes"

# By name, which is by time.
find "$folder" -maxdepth 1 -name "$database-*.sql.gz" | sort -r | tail -n +$((keep + 1)) | while read -r old; do
  rm -f "$old" "$old.sha256"
  echo "$old: removed, $keep newer ones stay"
done
