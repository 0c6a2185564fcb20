import { describe, expect, test } from "vitest";
import { describePostgres } from "../../database/testing/postgres-database.ts";
import { describeEngines, postgresEngine, sqliteEngine } from "../engines.ts";
import { contentScenariosOfThree, largeContentScenarios } from "./content-scenarios.ts";
import { runInterleavings, sampleInterleavings } from "./run-interleavings.ts";

/*
 * What `content.test.ts` has no time for: on PostgreSQL all interleavings of three actors. And of more than three, all on
 * SQLite, and on both engines as many as there is time for, drawn by lot: all of them would take PostgreSQL some minutes
 * each.
 */
const scenarios = Object.entries(largeContentScenarios);
const sampleMs = 15_000;

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
