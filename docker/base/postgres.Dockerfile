# Stand-in for postgres:17 where no registry answers: Debian's PostgreSQL 17 behind the official image's interface.
FROM debian:trixie-slim
LABEL posthorn.stand-in=postgres

# The user and group ids are the official image's, so that a volume or a security context fits both.
# No cluster by the package: the entrypoint makes it, where the official image has it.
# The two directories at the end are open to all, so that the container can also be started as another user.
RUN groupadd --system --gid 999 postgres \
 && useradd --system --uid 999 --gid postgres --home-dir /var/lib/postgresql --shell /bin/bash postgres \
 && apt-get update -qq \
 && apt-get install -qq --yes --no-install-recommends locales postgresql-common \
 && localedef -i en_US -c -f UTF-8 -A /usr/share/locale/locale.alias en_US.UTF-8 \
 && echo 'create_main_cluster = false' >> /etc/postgresql-common/createcluster.conf \
 && apt-get install -qq --yes --no-install-recommends postgresql-17 \
 && rm -rf /var/lib/apt/lists/* \
 && mkdir /docker-entrypoint-initdb.d \
 && install --directory --owner=postgres --group=postgres --mode=1777 /var/lib/postgresql/data \
 && install --directory --owner=postgres --group=postgres --mode=3777 /var/run/postgresql

# The same locale as the official image, because it decides how text sorts.
ENV LANG=en_US.utf8 \
    PGDATA=/var/lib/postgresql/data \
    PATH=/usr/lib/postgresql/17/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

COPY postgres-entrypoint.sh /usr/local/bin/docker-entrypoint.sh
VOLUME /var/lib/postgresql/data
EXPOSE 5432
# Fast shutdown: SIGTERM would wait for every client to leave first.
STOPSIGNAL SIGINT
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["postgres"]
