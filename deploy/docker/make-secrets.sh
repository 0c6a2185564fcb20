#!/bin/sh
# Makes the secrets of compose.cluster.yaml in deploy/secrets, once: sh deploy/docker/make-secrets.sh uploads.example
set -eu
umask 077
site=${1:?name the host under which clients reach the servers, such as uploads.example}
folder=$(dirname "$0")/../secrets
# Other passwords would not fit the data that the volumes hold.
[ ! -e "$folder" ] || { echo "$folder is there already, and stays as it is" >&2; exit 1; }
mkdir "$folder"
cd "$folder"

secret() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
database=$(secret)
access=$(secret)
key=$(secret)

# No line's end: PostgreSQL's image takes the file as it is.
printf %s "$database" > postgres-password
cat > s3.env <<END
ROOT_ACCESS_KEY_ID=$access
ROOT_SECRET_ACCESS_KEY=$key
END
cat > sluice.env <<END
SLUICE_PUBLIC_URL=https://$site
SLUICE_DATABASE_URL=postgres://sluice:$database@postgres/sluice
SLUICE_STORAGE_URL=s3://sluice/files?endpoint=http://s3:7070&region=us-east-1&forcePathStyle=true
AWS_ACCESS_KEY_ID=$access
AWS_SECRET_ACCESS_KEY=$key
SLUICE_PUBLIC_KEY=public_$(secret)
SLUICE_PRIVATE_KEY=private_$(secret)
SLUICE_METRICS_TOKEN=$(secret)
SLUICE_SECRETS_KEY=$(secret)$(secret | cut -c 1-16)
END
# Compose reads this file beside compose.cluster.yaml.
printf 'SITE_ADDRESS=%s\n' "$site" > ../.env
# The servers run as user 1000 and read the file as it is on this machine.
if [ "$(id -u)" = 0 ]; then chown 1000:1000 sluice.env; fi
[ "$(id -u)" = 0 ] || [ "$(id -u)" = 1000 ] || echo "let user 1000 read $folder/sluice.env: sudo chown 1000 it" >&2
echo "made $(pwd)"
