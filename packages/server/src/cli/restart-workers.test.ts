import { pino } from "pino";
import { expect, test } from "vitest";
import type { Sluice } from "../app/sluice.ts";
import { defaultLimits } from "../config/limits.ts";
import type { Settings } from "../config/settings.ts";
import { restartWorkers } from "./restart-workers.ts";

/** Restarts the workers of a server that was started with some settings, and now finds others. */
async function restart(started: Settings, now: () => Settings, server?: Partial<Sluice>) {
  const lines: string[] = [];
  const logger = pino({ base: null, timestamp: false }, { write: (line) => void lines.push(JSON.parse(line).msg) });
  const configs: string[] = [];
  const environments = ["former"];
  const sluice = {
    async restartWorkers({ config, logLevel }: Parameters<NonNullable<Sluice["restartWorkers"]>>[0]) {
      configs.push(`${config.publicUrl} ${logLevel} ${environments.at(-1)}`);
    },
    ...server,
  };
  const takeEnvironment = () => {
    environments.push("new");
    return () => void environments.push("former");
  };
  const config = await restartWorkers(sluice as Sluice, logger, started, () => ({ settings: now(), takeEnvironment }));
  return { lines, configs, environments, config };
}

test("new workers get the settings and the environment as they are now", async () => {
  const { lines, configs, config } = await restart({ workers: 2 }, () => ({
    workers: 2,
    publicUrl: "https://uploads.example",
    logLevel: "debug",
  }));
  expect(configs).toEqual(["https://uploads.example debug new"]);
  expect(config).toMatchObject({ publicUrl: "https://uploads.example" });
  expect(lines).toEqual(["restarting the workers, one after the other", "all workers have been restarted"]);
});

test("what the supervisor uses as well is named, and nothing is restarted", async () => {
  const { lines, configs, environments, config } = await restart(
    { port: 3000, extensions: { a: "https://a.example" } },
    () => ({
      port: 3001,
      extensions: { a: "https://b.example" },
    }),
  );
  expect([configs, config]).toEqual([[], undefined]);
  expect(environments).toEqual(["former"]);
  expect(lines).toEqual([
    "the workers were not restarted: --port, --extension changed, which takes a restart of the server",
  ]);
});

test("limits that the supervisor's jobs use are named one by one; one that says the default has not changed", async () => {
  const { requestMs, eventsMs } = defaultLimits;
  const { lines, configs } = await restart({ limits: { requestMs, stallMs: 1000 } }, () => ({
    limits: { requestMs: 3 * requestMs, sweepGraceMs: 600_000, eventsMs, stallMs: 2000 },
  }));
  expect(configs).toEqual([]);
  expect(lines).toEqual([
    "the workers were not restarted: --limit request-seconds, --limit sweep-grace-seconds changed, which takes a restart of the server",
  ]);
  const harmless = await restart({ limits: { requestMs } }, () => ({ limits: { stallMs: 2000, eventsMs } }));
  expect(harmless.lines).toContain("all workers have been restarted");
});

test("a wrong setting, a worker that does not start and a server without workers are a line in the log", async () => {
  const wrong = await restart({}, () => ({ countryHeader: "x" }));
  expect(wrong.lines).toContainEqual(expect.stringMatching(/^the workers were not restarted: --country-header needs/));
  const restartWorkers = () => Promise.reject(new Error("the program on the disk is version 9"));
  const failed = await restart({}, () => ({}), { restartWorkers });
  expect(failed.lines).toContain("the workers were not restarted: the program on the disk is version 9");
  expect(failed.environments).toEqual(["former", "new", "former"]);
  const single = { restartWorkers: undefined } as unknown as Partial<Sluice>;
  const alone = await restart({}, () => ({}), single);
  expect(alone.lines).toEqual(["the workers were not restarted: the server has no workers, see --workers"]);
});
