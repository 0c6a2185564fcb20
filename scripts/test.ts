import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bringUp, requirements } from "./requirements.ts";

// Runs every test but the soak, after bringing up what the tests need. What can't run fails where CI=true; elsewhere
// the last lines list it.

const projects = ["unit", "browser", "acceptance", "acceptance-browser"];
const missing = bringUp(requirements);
const left = new Set(missing.flatMap((requirement) => requirement.projects));
const running = projects.filter((project) => !left.has(project));

const folder = mkdtempSync(join(tmpdir(), "sluice-test-"));
try {
  const report = join(folder, "report.json");
  const run = spawnSync(
    "vitest",
    [
      "run",
      ...running.flatMap((project) => ["--project", project]),
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
      ...process.argv.slice(2),
    ],
    { stdio: "inherit" },
  );
  const { passed, failed } = readCounts(report);
  const broken = run.status !== 0 && failed === 0 ? 1 : 0;
  const refused = process.env.CI === "true" ? left.size : 0;
  for (const { program, debianPackage, projects: cut } of missing) {
    console.log(`not run without ${program} (Debian's package ${debianPackage}): ${cut.join(", ")}`);
  }
  console.log(`${passed} passed, ${failed + broken + refused} failed`);
  process.exitCode = failed + broken + refused > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function readCounts(path: string): { passed: number; failed: number } {
  try {
    const report: { numPassedTests: number; numFailedTests: number } = JSON.parse(readFileSync(path, "utf8"));
    return { passed: report.numPassedTests, failed: report.numFailedTests };
  } catch {
    return { passed: 0, failed: 1 };
  }
}
