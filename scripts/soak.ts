import { requirements } from "./requirements.ts";
import { runVitest } from "./run-vitest.ts";
import { postgres } from "./services/postgres.ts";
import { s3 } from "./services/s3.ts";

// Runs the long tests: crash rounds, power cuts at every acknowledgement, and the other `*.soak.ts`. One file at a
// time, so that they don't measure each other.

process.exitCode = await runVitest({
  projects: ["soak"],
  requirements: requirements.filter(({ program }) => ["strace", "faketime"].includes(program)),
  services: [postgres, s3],
  args: ["--no-file-parallelism", ...process.argv.slice(2)],
  minutes: 29,
});
