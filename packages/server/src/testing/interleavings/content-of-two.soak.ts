import { expect, test } from "vitest";
import { describeEngines } from "../engines.ts";
import { contentScenarios } from "./content-scenarios.ts";
import { runInterleavings } from "./run-interleavings.ts";

/** Each scenario takes seconds, but possibly many on a machine that is busy with other tests. */
const patienceMs = 150_000;

/*
 * Runs every interleaving of uploads, deletions, restores and sweeps of one content, of a delayed commit, and of the
 * healing of a missing object. The steps are the real ones, suspended. Each call of the store and each read is a step.
 * On PostgreSQL, each statement of a transaction and the transaction's end are steps, and an actor that meets another's
 * lock waits. On SQLite, each transaction is a step, because its only writer runs one after the other. Each actor is a
 * separate node. All nodes share one database and one store.
 *
 * After each interleaving these must hold: no object was deleted while a version needed it; `fsck` (with hashes) finds
 * no problem; every acknowledged version is there with its content unless somebody deleted it; no actor failed that
 * should not have; and no transaction failed because of another, as in a deadlock.
 *
 * `content-of-three.soak.ts` does so with three actors, and `large-content.soak.ts` with large scenarios.
 *
 * Of the interleavings that differ only in the order of steps that touch nothing in common, one is run (`explore.ts`).
 * `statement-footprint.ts` says what a statement touches, by table or by the rows of one file. `suspended-store.ts`
 * says it for calls of the store.
 *
 * Not covered:
 * - what happens inside one statement of PostgreSQL or one call of the store, and so not the sweep's second look, which
 *   is for changes committed between its statement's snapshot and its lock;
 * - several transactions of SQLite in one COMMIT;
 * - crashes, lost connections and a storage that answers late, which have their own tests;
 * - S3, whose store behaves alike according to its conformance suite;
 * - objects that go missing meanwhile;
 * - more than three actors and two sweeps at once (`large-content.soak.ts`; on PostgreSQL a random sample);
 * - clocks that differ between nodes;
 * - a commit that is held up for half the grace period after it has read its clock, because here a transaction takes no
 *   time.
 */
describeEngines((engine) => {
  test.each(Object.entries(contentScenarios))("%s", { timeout: patienceMs }, async (_, scenario) => {
    expect(await runInterleavings(engine, scenario, patienceMs)).toMatchObject({ complete: true });
  });
});
