import { expect, test } from "vitest";
import { describeEngines } from "../engines.ts";
import { contentScenarios } from "./content-scenarios.ts";
import { runInterleavings } from "./run-interleavings.ts";

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
 * Not covered: what happens inside one statement of PostgreSQL or one call of the store; several transactions of SQLite
 * in one COMMIT; crashes, lost connections and a storage that answers late (the fault tests do those); S3, whose store
 * behaves alike by its conformance suite; more than three actors; two sweeps at once; a clock that moves between a
 * commit's look at it and the end of its transaction, or that differs between nodes.
 */
describeEngines((engine) => {
  test.each(Object.entries(contentScenarios))("%s", { timeout: patienceMs }, async (_, scenario) => {
    expect(await runInterleavings(engine, scenario, patienceMs)).toMatchObject({ complete: true });
  });
});
