import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { bringUp } from "./bring-up.ts";
import { makeMemoryFolder } from "./memory-folder.ts";
import type { Requirement } from "./requirements.ts";
import { type Service, startServices } from "./services/service.ts";

/** One run of vitest. */
export interface Pass {
  readonly projects: readonly string[];
  /** Arguments for vitest, in addition to the projects. */
  readonly args: readonly string[];
}

export interface Run {
  /** The passes, which run one after another. Each runs even if an earlier one failed, and all of them count. */
  readonly passes: readonly Pass[];
  readonly requirements: readonly Requirement[];
  /** The services that are started before the tests and stopped after them. */
  readonly services: readonly Service[];
  /** A text about what to expect, printed first. */
  readonly announcement?: string;
  /**
   * Whether the files of tests and services may stay in memory, where there is room for them. `SLUICE_TEST_DISK` then
   * names the folder for the files of tests that need a disk.
   */
  readonly inMemory?: boolean;
  /** The time after which the whole run is killed, with everything that it has started. */
  readonly minutes?: number;
}

/**
 * Brings up what the passes' tests need, and runs them. The last printed line counts the results. Tests that can't run
 * count as failed where CI=true. Elsewhere the lines before the last list them.
 * @returns the exit code
 */
export async function runVitest({
  passes,
  requirements,
  services,
  announcement,
  inMemory = false,
  minutes,
}: Run): Promise<number> {
  if (announcement !== undefined) console.log(announcement);
  const projects = passes.flatMap((pass) => pass.projects);
  const missing = await bringUp([...requirements, ...requirementsOf(services)]);
  const interruption = listenForSignals();
  const memory = inMemory ? makeMemoryFolder() : undefined;
  if (memory !== undefined) {
    process.env.SLUICE_TEST_DISK = tmpdir();
    process.env.TMPDIR = memory;
  }
  const folder = memory ?? mkdtempSync(join(tmpdir(), "sluice-test-"));
  const { environment, problems, cut: withoutService, stop } = await startServices(services);
  const cutProjects = [...missing.flatMap((requirement) => requirement.projects), ...withoutService];
  const left = new Set(cutProjects.filter((name) => projects.includes(name)));
  const deadline = minutes === undefined ? undefined : performance.now() + minutes * 60_000;
  const limit = { deadline, interruption };
  try {
    if (interruption.signal !== undefined) return 1;
    const results: PassResult[] = [];
    for (const [index, pass] of passes.entries()) {
      if (interruption.signal !== undefined) break;
      const running = pass.projects.filter((project) => !left.has(project));
      const report = join(folder, `report-${index}.json`);
      // Half of the cost of a server's start is compiling, and the tests start hundreds of servers.
      const env = { NODE_COMPILE_CACHE: join(folder, "compiled"), ...process.env, ...environment };
      if (running.length > 0) results.push(await runPass({ ...pass, projects: running }, report, env, limit));
    }
    const passed = sum(results.map((result) => result.passed));
    const failed = sum(results.map((result) => result.failed));
    const refused = process.env.CI === "true" ? left.size + problems.length : 0;
    for (const { program, debianPackage, projects: cut } of missing) {
      const what = cut.filter((name) => projects.includes(name)).join(", ") || "the tests that need it";
      console.log(`not run without ${program} (Debian's package ${debianPackage}): ${what}`);
    }
    for (const problem of problems) console.log(problem);
    // Repeats the failures near the end, because thousands of lines may follow the place where they happened.
    for (const failure of results.flatMap(({ failures }) => failures)) console.log(failure);
    console.log(`${passed} passed, ${failed + refused} failed`);
    return failed + refused > 0 ? 1 : 0;
  } finally {
    await stop();
    interruption.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface PassResult {
  readonly passed: number;
  readonly failed: number;
  readonly failures: readonly string[];
}

async function runPass(
  { projects, args }: Pass,
  report: string,
  env: NodeJS.ProcessEnv,
  limit: Limit,
): Promise<PassResult> {
  const chosen = projects.flatMap((project) => ["--project", project]);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const code = await runInGroup("vitest", ["run", ...chosen, ...reporters, ...args], env, limit);
  const result = readReport(report);
  return code !== 0 && result.failed === 0 ? { ...result, failed: 1 } : result;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Returns the requirements of the services. A service that the environment names needs nothing on this machine. */
function requirementsOf(services: readonly Service[]): Requirement[] {
  return services.filter(({ variable }) => !process.env[variable]).flatMap((service) => service.requirements);
}

interface Limit {
  /** The end of the time, by the clock of `performance`. */
  readonly deadline: number | undefined;
  readonly interruption: Interruption;
}

/** Runs a command in its own process group, so that killing the group also ends the servers that tests have started. */
async function runInGroup(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  { deadline, interruption }: Limit,
): Promise<number | null> {
  const child = spawn(command, args, { env, stdio: "inherit", detached: true });
  const signalGroup = (signal: NodeJS.Signals): void => {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  };
  const stop = (): void => {
    console.log("stopped: the time for the tests is over");
    signalGroup("SIGKILL");
  };
  const timer = deadline === undefined ? undefined : setTimeout(stop, Math.max(0, deadline - performance.now()));
  interruption.pass = signalGroup;
  try {
    const [code] = (await once(child, "exit")) as [number | null];
    return code;
  } finally {
    clearTimeout(timer);
    interruption.pass = undefined;
  }
}

interface Interruption {
  /** The first signal received. */
  readonly signal: NodeJS.Signals | undefined;
  /** Receives each further signal. */
  pass: ((signal: NodeJS.Signals) => void) | undefined;
  end(): void;
}

/** Keeps signals from ending the process while services run, because it would leave the services behind. */
function listenForSignals(): Interruption {
  let first: NodeJS.Signals | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    first ??= signal;
    interruption.pass?.(signal);
  };
  const interruption: Interruption = {
    get signal() {
      return first;
    },
    pass: undefined,
    end: () => void process.off("SIGINT", onSignal).off("SIGTERM", onSignal),
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  return interruption;
}

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly status: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/**
 * The number of characters of a failure's message that are shown. The message may contain two whole objects that
 * differ.
 */
const shownMessage = 400;

function readReport(path: string): PassResult {
  let report: Report;
  try {
    report = JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return { passed: 0, failed: 1, failures: [`failed: vitest, which left no report at ${path}`] };
  }
  const failures = report.testResults.flatMap(({ name: file, status, message, assertionResults }) => {
    const where = relative(process.cwd(), file);
    const failed = assertionResults.filter((test) => test.status === "failed");
    // A file that can't be loaded has failed, although none of its tests have.
    if (failed.length === 0) return status === "failed" ? [describe(where, message)] : [];
    return failed.map(({ fullName, failureMessages }) =>
      describe(`${where} > ${fullName}`, failureMessages.join("\n")),
    );
  });
  return { passed: report.numPassedTests, failed: report.numFailedTests, failures };
}

/** Describes a failure in one line, so that it is easy to find in the output of a larger run. */
function describe(what: string, message: string): string {
  const [said = ""] = message.split(/\n\s+at /, 1);
  return `failed: ${what}: ${said.slice(0, shownMessage).replace(/\s+/g, " ")}`;
}
