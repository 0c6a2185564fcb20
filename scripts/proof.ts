import { requirements } from "./requirements.ts";
import { runVitest } from "./run-vitest.ts";
import { postgres, startPostgres } from "./services/postgres.ts";

// Proves scale and endurance, which takes many minutes, and prints the figures. Run it before an issue is resolved.

process.exitCode = await runVitest({
  passes: [
    // The files come first: a name behind a switch would be taken for its value.
    { projects: ["proof"], args: [...process.argv.slice(2), "--no-file-parallelism", "--disable-console-intercept"] },
  ],
  requirements: requirements.filter(({ projects }) => projects.includes("proof")),
  // The figures are those of PostgreSQL as operators have it.
  services: [{ ...postgres, start: () => startPostgres({ jit: true }) }],
  minutes: 60,
});
