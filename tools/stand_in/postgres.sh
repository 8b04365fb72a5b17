#!/bin/sh
# What the published image's entrypoint does, as far as compose.yaml asks for it.
set -eu
programs=$(ls -d /usr/lib/postgresql/*/bin)
data=/var/lib/postgresql/data
as_postgres() { setpriv --reuid=postgres --regid=postgres --init-groups "$@"; }
install -d -o postgres -g postgres -m 700 "$data"
install -d -o postgres -g postgres /run/postgresql
if [ ! -s "$data/PG_VERSION" ]; then
    if [ -n "${POSTGRES_PASSWORD_FILE:-}" ]; then
        install -o postgres -m 600 "$POSTGRES_PASSWORD_FILE" /run/password
        set -- --auth-host=scram-sha-256 --pwfile=/run/password
    else
        set -- "--auth-host=${POSTGRES_HOST_AUTH_METHOD:?}"
    fi
    user=${POSTGRES_USER:-postgres}
    as_postgres "$programs/initdb" -D "$data" -U "$user" --encoding=UTF8 --locale=C.UTF-8 --auth-local=trust "$@"
    rm -f /run/password
    echo "host all all all ${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}" >> "$data/pg_hba.conf"
    if [ "$user" != postgres ]; then
        echo "CREATE DATABASE $user" | as_postgres "$programs/postgres" --single -D "$data" postgres
    fi
fi
exec setpriv --reuid=postgres --regid=postgres --init-groups \
    "$programs/postgres" -D "$data" -c 'listen_addresses=*'
