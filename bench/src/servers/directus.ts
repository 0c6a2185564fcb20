import { spawnSync } from "node:child_process";
import type { createServer as createNetServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

// Directus as its documentation sets it up for one server: local storage, no cache, no telemetry, a static token.

const { values } = parseArgs({
  options: {
    peers: { type: "string", default: "." },
    "data-dir": { type: "string", default: "." },
    "database-url": { type: "string" },
    token: { type: "string", default: "" },
    "max-file-size": { type: "string", default: "" },
  },
});
const { "data-dir": dataDir, "database-url": databaseUrl } = values;
const modules = join(values.peers, "node_modules");

Object.assign(process.env, {
  SECRET: "not-a-secret-not-a-secret-not-a-secret",
  ADMIN_EMAIL: "admin@example.com",
  ADMIN_PASSWORD: "not-a-secret",
  ADMIN_TOKEN: values.token,
  ACCEPT_TERMS: "true",
  PUBLIC_URL: "http://127.0.0.1",
  LOG_LEVEL: "error",
  TELEMETRY: "false",
  SERVE_APP: "false",
  WEBSOCKETS_ENABLED: "false",
  CACHE_ENABLED: "false",
  RATE_LIMITER_ENABLED: "false",
  FILES_MAX_UPLOAD_SIZE: values["max-file-size"],
  STORAGE_LOCATIONS: "local",
  STORAGE_LOCAL_ROOT: join(dataDir, "uploads"),
  EXTENSIONS_PATH: join(dataDir, "extensions"),
  ...(databaseUrl === undefined
    ? { DB_CLIENT: "sqlite3", DB_FILENAME: join(dataDir, "data.db") }
    : { DB_CLIENT: "pg", DB_CONNECTION_STRING: databaseUrl }),
});

const bootstrap = spawnSync(process.execPath, [join(modules, "directus", "cli.js"), "bootstrap"], {
  env: { ...process.env, BENCH_EVENT_LOOP_FOLDER: undefined },
  stdio: ["ignore", "inherit", "inherit"],
});
if (bootstrap.status !== 0) throw new Error(`bootstrap ended with ${bootstrap.status}`);

interface Api {
  createServer(): Promise<ReturnType<typeof createNetServer>>;
}

const { createServer }: Api = await import(pathToFileURL(join(modules, "@directus", "api", "dist", "server.js")).href);
const server = await createServer();
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`listening on http://127.0.0.1:${port}\n`);
});
// Directus's own shutdown ends with the signal, but the bench needs an exit code.
process.removeAllListeners("SIGTERM");
process.once("SIGTERM", () => process.exit(0));
