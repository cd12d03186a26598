# Stand-in for node:24-slim where no registry answers: the Node and npm packages of the npm registry on Debian.
# base-images.sh collects the build context: one unpacked package each in node/ and npm/, and what certificates/ needs.
FROM debian:trixie-slim
LABEL posthorn.stand-in=node

# The user and group ids are the official image's.
RUN groupadd --gid 1000 node \
 && useradd --uid 1000 --gid node --shell /bin/bash --create-home node

COPY node/bin/node /usr/local/bin/node
COPY npm /usr/local/lib/node_modules/npm
RUN ln -s node /usr/local/bin/nodejs \
 && ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
 && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx \
 && chmod +x /usr/local/lib/node_modules/npm/bin/np?-cli.js \
 && node --version && npm --version

# Empty unless the machine's own Node is told to trust more than the public authorities.
ARG NODE_EXTRA_CA_CERTS=
ENV NODE_EXTRA_CA_CERTS=$NODE_EXTRA_CA_CERTS
COPY certificates /usr/local/share/node-certificates

COPY node-entrypoint.sh /usr/local/bin/docker-entrypoint.sh
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["node"]
