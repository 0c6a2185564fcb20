import { describe, expect, test } from "vitest";
import { describeEngines, sqliteEngine } from "../engines.ts";
import { largeContentScenarios } from "./content-scenarios.ts";
import { runInterleavings, sampleInterleavings } from "./run-interleavings.ts";

/*
 * The interleavings of the large scenarios, for which `content.test.ts` has no time. All are run on SQLite, and on both
 * engines a random sample, as many as there is time for. Running all of them on PostgreSQL would take some minutes for
 * each scenario.
 */
const scenarios = Object.entries(largeContentScenarios);
const sampleMs = 8000;

describe("every interleaving on SQLite", () => {
  test.each(scenarios)("%s", { timeout: 310_000 }, async (_, scenario) => {
    expect(await runInterleavings(sqliteEngine, scenario, 300_000)).toMatchObject({ complete: true });
  });
});

describe("interleavings drawn by lot", () => {
  describeEngines((engine) => {
    test.each(scenarios)("%s", async (_, scenario) => {
      expect(await sampleInterleavings(engine, scenario, sampleMs)).toBeGreaterThan(20);
    });
  });
});
