# Stand-in for rabbitmq:4-management where no registry answers: Debian's RabbitMQ 4 behind the official image's interface.
FROM debian:trixie-slim
LABEL posthorn.stand-in=rabbitmq

# The user and group ids are the official image's, so that a volume or a security context fits both.
# PLUGINS_DIR is for `rabbitmq-plugins`: otherwise only Debian's wrapper knows it.
RUN groupadd --system --gid 999 rabbitmq \
 && useradd --system --uid 999 --gid rabbitmq --home-dir /var/lib/rabbitmq --shell /bin/bash rabbitmq \
 && apt-get update -qq \
 && apt-get install -qq --yes --no-install-recommends rabbitmq-server \
 && rm -rf /var/lib/apt/lists/* /var/lib/rabbitmq/.erlang.cookie \
 && mkdir -p /etc/rabbitmq/conf.d \
 && echo "PLUGINS_DIR=$(ls -d /usr/lib/rabbitmq/lib/rabbitmq_server-*/plugins)" >> /etc/rabbitmq/rabbitmq-env.conf \
 && printf 'log.console = true\nlog.file = false\n' > /etc/rabbitmq/conf.d/10-defaults.conf \
 && printf 'loopback_users.guest = false\n' >> /etc/rabbitmq/conf.d/10-defaults.conf \
 && echo '[rabbitmq_management,rabbitmq_prometheus].' > /etc/rabbitmq/enabled_plugins \
 && chown -R rabbitmq:rabbitmq /etc/rabbitmq /var/lib/rabbitmq

# RabbitMQ's own scripts come before Debian's wrappers, which switch users and lose the environment on the way.
# HOME is where the command line tools look for the Erlang cookie, also when root runs them in the container.
ENV LANG=C.UTF-8 \
    HOME=/var/lib/rabbitmq \
    PATH=/usr/lib/rabbitmq/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

COPY rabbitmq-entrypoint.sh /usr/local/bin/docker-entrypoint.sh
VOLUME /var/lib/rabbitmq
EXPOSE 5672 15672 15692
STOPSIGNAL SIGTERM
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["rabbitmq-server"]
