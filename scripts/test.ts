import { requirements } from "./requirements.ts";
import { runVitest } from "./run-vitest.ts";
import { consoleBuild } from "./services/console-build.ts";
import { documentationBuild } from "./services/documentation-build.ts";
import { postgres } from "./services/postgres.ts";
import { s3 } from "./services/s3.ts";
import { serverBundle } from "./services/server-bundle.ts";

// Runs every test except the soak, after bringing up what the tests need.

process.exitCode = await runVitest({
  announcement:
    "Every test but the soak: 9 to 10 minutes on two quiet cores. Nothing leaves this machine but installs.",
  passes: [
    {
      projects: [
        "unit",
        "long-unit",
        "linear-time",
        "browser",
        "acceptance",
        "acceptance-engines",
        "acceptance-browser",
      ],
      args: process.argv.slice(2),
    },
  ],
  requirements,
  inMemory: true,
  services: [postgres, s3, serverBundle, consoleBuild, documentationBuild],
});
