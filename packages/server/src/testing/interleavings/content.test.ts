import { describe, expect, test } from "vitest";
import { describePostgres } from "../../database/testing/postgres-database.ts";
import { describeEngines, postgresEngine, sqliteEngine } from "../engines.ts";
import { contentScenarios, contentScenariosOfThree } from "./content-scenarios.ts";
import { runInterleavings, sampleInterleavings } from "./run-interleavings.ts";

const scenariosOfThree = Object.entries(contentScenariosOfThree);
const sampleMs = 2_000;

/** Each takes seconds; on a machine that is busy with other tests it may be many. */
const patienceMs = 150_000;

/*
 * Every interleaving of uploads, deletions, restores and sweeps of one content, of a commit that is delayed and of the
 * healing of an object that is gone. The steps are the real ones, suspended: each call of the store and each read; each
 * statement of a transaction and its end on PostgreSQL, where whoever meets another's lock waits; each transaction on
 * SQLite, whose only writer runs one after the other. Each actor is a node of its own on one database and one store.
 *
 * After each: no object was deleted while a version needed it, `fsck` (with hashes) finds no problem, every version
 * that was acknowledged is there with its content unless somebody deleted it, nobody failed who should not have, and no
 * transaction ran into another's end, as in a deadlock.
 *
 * Those of three actors are run whole on SQLite; on PostgreSQL some of them, drawn by lot (`content.soak.ts` runs all).
 *
 * Of interleavings that differ only in the order of steps that touch nothing in common one is run (`explore.ts`); what a
 * step touches is said in `statement-footprint.ts`, a table or a file's rows at a time, and in `suspended-store.ts`.
 *
 * Not covered: what happens inside one statement of PostgreSQL or one call of the store (so not the sweep's second look,
 * which is for what is committed between its statement's snapshot and its lock); several transactions of SQLite in one
 * COMMIT; crashes, lost connections and a storage that answers late, which have tests of their own; S3, whose store
 * behaves alike by its conformance suite; objects that go missing meanwhile; more than three actors and two sweeps at
 * once (`content.soak.ts`, by lot on PostgreSQL); clocks that differ between nodes; a commit that is held up for half
 * the grace period after it has looked at its clock: here a transaction takes no time.
 */
describeEngines((engine) => {
  test.each(Object.entries(contentScenarios))("%s", { timeout: patienceMs }, async (_, scenario) => {
    expect(await runInterleavings(engine, scenario, patienceMs)).toMatchObject({ complete: true });
  });
});

describe("with three actors", () => {
  test.each(scenariosOfThree)("%s, on SQLite", { timeout: patienceMs }, async (_, scenario) => {
    expect(await runInterleavings(sqliteEngine, scenario, patienceMs)).toMatchObject({ complete: true });
  });

  // All of them in `content.soak.ts`.
  describePostgres("on PostgreSQL, some drawn by lot", () => {
    test.each(scenariosOfThree)("%s", { timeout: patienceMs }, async (_, scenario) => {
      expect(await sampleInterleavings(postgresEngine, scenario, sampleMs)).toBeGreaterThan(0);
    });
  });
});
