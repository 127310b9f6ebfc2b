# The base is an argument, so that another Node or a mirrored image can take its place.
ARG NODE_IMAGE=node:24-bookworm-slim

# ── packages: the compiler for the embedded database stays in this stage ──────────────────────────────────────────────
FROM ${NODE_IMAGE} AS packages
RUN apt-get update \
  && apt-get install -y --no-install-recommends python3 make g++ \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci

# ── build: server and page, then without what only building needs ─────────────────────────────────────────────────────
FROM packages AS build
COPY . .
RUN npm run build && npm prune --omit=dev

# ── what runs ─────────────────────────────────────────────────────────────────────────────────────────────────────────
FROM ${NODE_IMAGE}
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/migrations ./migrations
COPY --from=build /app/dist ./dist
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Node itself gets the signals: no shell and no npm between.
CMD ["node", "dist/server/main.js"]
