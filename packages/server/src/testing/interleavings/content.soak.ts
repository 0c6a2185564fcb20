import { describe, expect, test } from "vitest";
import { describeEngines, sqliteEngine } from "../engines.ts";
import { largeContentScenarios } from "./content-scenarios.ts";
import { runInterleavings, sampleInterleavings } from "./run-interleavings.ts";

/*
 * More actors than in `content.test.ts`: all interleavings on SQLite, and on both engines as many as there is time for,
 * drawn by lot: all of them would take PostgreSQL some minutes each.
 */
const scenarios = Object.entries(largeContentScenarios);
const sampleMs = 15_000;

describe("every interleaving on SQLite", () => {
  test.each(scenarios)("%s", { timeout: 100_000 }, async (_, scenario) => {
    expect(await runInterleavings(sqliteEngine, scenario, 90_000)).toMatchObject({ complete: true });
  });
});

describe("interleavings drawn by lot", () => {
  describeEngines((engine) => {
    test.each(scenarios)("%s", async (_, scenario) => {
      expect(await sampleInterleavings(engine, scenario, sampleMs)).toBeGreaterThan(20);
    });
  });
});
