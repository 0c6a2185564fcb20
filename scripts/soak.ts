import { proxies, requirements } from "./requirements.ts";
import { runVitest } from "./run-vitest.ts";
import { consoleBuild } from "./services/console-build.ts";
import { documentationBuild } from "./services/documentation-build.ts";
import { postgres } from "./services/postgres.ts";
import { s3 } from "./services/s3.ts";
import { serverBundle } from "./services/server-bundle.ts";

// Runs the long tests: crash rounds, power cuts at every acknowledgement, and the other `*.soak.ts`. Those that measure
// time or memory run one file at a time, so that they don't measure each other. Then it runs the acceptance tests on two
// processes, and on PostgreSQL and S3 the acceptance tests, those of the web console among them, that `npm test` runs
// only on SQLite and a folder.

const given = process.argv.slice(2);
// A file named on the command line belongs to one of the passes, so the others may have nothing to run.
const chosen = given.length > 0 ? [...given, "--passWithNoTests"] : [];

const needed = ["chromium-headless-shell", "curl", "strace", "faketime"];

process.exitCode = await runVitest({
  passes: [
    { projects: ["soak"], args: chosen },
    { projects: ["soak-alone"], args: ["--no-file-parallelism", ...chosen] },
    { projects: ["acceptance-workers"], args: chosen },
    { projects: ["acceptance-cluster"], args: chosen },
    { projects: ["acceptance-console-cluster"], args: chosen },
  ],
  requirements: [...requirements.filter(({ program }) => needed.includes(program)), ...proxies],
  services: [postgres, s3, serverBundle, consoleBuild, documentationBuild],
  minutes: 46,
});
