# The image of Keyposture. `npm run image:rehearse` carries out every step of this file without Docker.
#
# The Node that the tests run with, on Debian's C library, for which the packages bring binaries; "slim", as nothing is
# compiled here. Production runs the JavaScript that the compiler makes: nothing is transpiled at the start.
FROM node:26.10.0-trixie-slim AS base
WORKDIR /app
COPY .npmrc package.json package-lock.json ./
COPY tools/node-runtime tools/node-runtime

FROM base AS build
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src src
COPY checks checks
COPY migrations migrations
RUN npm run build
RUN chmod 755 dist/src/cli/main.js && mkdir bin state && ln -s ../dist/src/cli/main.js bin/keyposture

FROM base AS dependencies
RUN npm ci --omit=dev

# No RUN from here on: what runs is copied, and belongs to root.
FROM node:26.10.0-trixie-slim
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Keyposture" \
      org.opencontainers.image.description="Watches the encryption keys that an organization has handed to Anthropic and says when one is no longer as documented." \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.base.name="docker.io/library/node:26.10.0-trixie-slim"
ENV NODE_ENV=production \
    KEYPOSTURE_CONFIG=/etc/keyposture/keyposture.yaml \
    PATH=/app/bin:/usr/local/bin:/usr/bin:/bin
COPY --from=dependencies /app/node_modules /app/node_modules
COPY --from=build /app/dist /app/dist
COPY --from=build /app/bin /app/bin
COPY LICENSE /app/
# The only folder that is written, and the working directory: ./keyposture.db lies in it.
COPY --from=build --chown=65532:65532 /app/state /var/lib/keyposture
WORKDIR /var/lib/keyposture
VOLUME /var/lib/keyposture
USER 65532:65532
EXPOSE 8080 9090
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD ["keyposture", "healthcheck"]
# One thread beside ours for compiling and collecting: the four that Node would have hold up the one that answers, where
# there are two processors or fewer. And no collection whenever a busy time ends, which is there to give memory back: it
# holds up the one that answers longer than any other.
ENTRYPOINT ["node", "--v8-pool-size=1", "--no-memory-reducer", "/app/dist/src/cli/main.js"]
CMD ["serve"]
