import { spawnSync } from "node:child_process";

// npm run examples
// Runs the test that asks for everything once, and keeps what it gets as the examples of the API's reference.

const target = "packages/server/src/http/openapi/recorded-examples.json";
const test = ["node_modules/vitest/vitest.mjs", "run", "--project", "acceptance", "acceptance/src/schemas.test.ts"];
for (const args of [test, ["--conditions=sluice-source", "scripts/docs.ts"]]) {
  const environment = { ...process.env, SLUICE_RECORD_EXAMPLES: target };
  const { status } = spawnSync(process.execPath, args, { env: environment, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
