# One image for the migrator, the ingester, the API and the generator. It has no ClickHouse engine: under Docker the
# stack uses the official server.
FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc tsconfig.base.json ./
COPY packages/ packages/
COPY scripts/ scripts/
# The scripts write the dashboards, too.
COPY superset/package.json superset/tsconfig.json superset/
COPY superset/src/ superset/src/
# The engine (npm chdb) is an optional package of 570 MB that only the embedded server loads: it stays behind here.
RUN npm ci --ignore-scripts \
 && node node_modules/typescript/bin/tsc --build scripts \
 && npm prune --omit=dev --omit=optional --ignore-scripts

FROM node:22-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules/ node_modules/
COPY --from=build /app/packages/ packages/
# What node_modules links to has to be there.
COPY --from=build /app/superset/ superset/
COPY --from=build /app/scripts/dist/ scripts/dist/
COPY clickhouse/migrations/ clickhouse/migrations/
USER node
ENTRYPOINT ["node", "--enable-source-maps"]
