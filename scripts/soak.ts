import { proxies, requirements } from "./requirements.ts";
import { runVitest } from "./run-vitest.ts";
import { consoleBuild } from "./services/console-build.ts";
import { documentationBuild } from "./services/documentation-build.ts";
import { postgres } from "./services/postgres.ts";
import { s3 } from "./services/s3.ts";
import { serverBundle } from "./services/server-bundle.ts";

// Runs the long tests: crash rounds, power cuts at every acknowledgement, and the other `*.soak.ts`. It also runs the
// acceptance tests on two processes, and on PostgreSQL and S3 the acceptance tests, those of the web console among them,
// that `npm test` runs only on SQLite and a folder. The files that measure time come last, one at a time.

const needed = ["chromium-headless-shell", "curl", "strace", "faketime"];

process.exitCode = await runVitest({
  passes: [
    {
      projects: [
        ...["soak-packages", "soak", "soak-waiting", "soak-alone"],
        ...["acceptance-workers", "acceptance-cluster", "acceptance-console-cluster"],
      ],
      args: process.argv.slice(2),
    },
  ],
  requirements: [...requirements.filter(({ program }) => needed.includes(program)), ...proxies],
  inMemory: true,
  services: [postgres, s3, serverBundle, consoleBuild, documentationBuild],
  minutes: 46,
});
