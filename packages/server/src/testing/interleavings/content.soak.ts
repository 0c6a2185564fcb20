import { describe, expect, test } from "vitest";
import { describePostgres } from "../../database/testing/postgres-database.ts";
import { describeEngines, postgresEngine, sqliteEngine } from "../engines.ts";
import { contentScenariosOfThree, largeContentScenarios } from "./content-scenarios.ts";
import { runInterleavings, sampleInterleavings } from "./run-interleavings.ts";

/*
 * The interleavings that `content.test.ts` has no time for. On PostgreSQL, all interleavings of the scenarios of three
 * actors are run. Of the large scenarios, all interleavings are run on SQLite, and on both engines a random sample, as
 * many as there is time for. Running all of them on PostgreSQL would take some minutes for each scenario.
 */
const scenarios = Object.entries(largeContentScenarios);
const sampleMs = 8000;

describe("every interleaving on SQLite", () => {
  test.each(scenarios)("%s", { timeout: 100_000 }, async (_, scenario) => {
    expect(await runInterleavings(sqliteEngine, scenario, 90_000)).toMatchObject({ complete: true });
  });
});

describePostgres("every interleaving of three actors on PostgreSQL", () => {
  test.each(Object.entries(contentScenariosOfThree))("%s", { timeout: 310_000 }, async (_, scenario) => {
    expect(await runInterleavings(postgresEngine, scenario, 300_000)).toMatchObject({ complete: true });
  });
});

describe("interleavings drawn by lot", () => {
  describeEngines((engine) => {
    test.each(scenarios)("%s", async (_, scenario) => {
      expect(await sampleInterleavings(engine, scenario, sampleMs)).toBeGreaterThan(20);
    });
  });
});
