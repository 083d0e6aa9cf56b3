# One image, three commands: node api/main.ts, node workers/main.ts, node db/migrate.ts. Node runs the TypeScript as it is.
FROM node:24-slim

# Temporal's client verifies TLS servers with the system's certificates.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev && npm cache clean --force
COPY . .
RUN node workers/build-bundle.ts /app/workflow-bundle.js

ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 HOLDFAST_WORKFLOW_BUNDLE=/app/workflow-bundle.js
USER node
EXPOSE 3000
CMD ["node", "api/main.ts"]
