import { describe, expect, test } from "vitest";
import { describePostgres } from "../../database/testing/postgres-database.ts";
import { postgresEngine, sqliteEngine } from "../engines.ts";
import { largeContentScenarios } from "./content-scenarios.ts";
import { runInterleavings, sampleInterleavings } from "./run-interleavings.ts";

/*
 * The interleavings of the large scenarios (`content-of-two.soak.ts` explains them). All are run on SQLite. On PostgreSQL
 * they would take some minutes for each scenario, so a random sample is run there, as many as there is time for.
 */
const scenarios = Object.entries(largeContentScenarios);
const sampleMs = 8000;
const sampleRuns = 40;

describe("every interleaving on SQLite", () => {
  test.each(scenarios)("%s", { timeout: 310_000 }, async (_, scenario) => {
    expect(await runInterleavings(sqliteEngine, scenario, 300_000)).toMatchObject({ complete: true });
  });
});

describePostgres("interleavings drawn by lot on PostgreSQL", () => {
  test.each(scenarios)("%s", { timeout: 120_000 }, async (_, scenario) => {
    const runs = await sampleInterleavings(postgresEngine, scenario, sampleMs, sampleRuns);
    expect(runs).toBeGreaterThanOrEqual(sampleRuns);
  });
});
