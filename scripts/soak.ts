import { proxies, requirements } from "./requirements.ts";
import { runVitest } from "./run-vitest.ts";
import { consoleBuild } from "./services/console-build.ts";
import { documentationBuild } from "./services/documentation-build.ts";
import { postgres } from "./services/postgres.ts";
import { s3 } from "./services/s3.ts";
import { serverBundle } from "./services/server-bundle.ts";
import { listOfGroups, passesFor, UnknownGroup } from "./soak-groups.ts";

// Runs the groups of the soak that the arguments name, or all of them. What follows the names goes to vitest.

const given = process.argv.slice(2);
const firstFlag = given.findIndex((argument) => argument.startsWith("-"));
const names = firstFlag === -1 ? given : given.slice(0, firstFlag);

try {
  if (given.includes("--list")) console.log(listOfGroups());
  else {
    process.exitCode = await runVitest({
      passes: passesFor(names, given.slice(names.length)),
      requirements: [...requirements, ...proxies],
      inMemory: true,
      services: [postgres, s3, serverBundle, consoleBuild, documentationBuild],
      minutes: 70,
    });
  }
} catch (error) {
  if (!(error instanceof UnknownGroup)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
