import { createHash } from "node:crypto";
import { SluiceError } from "@sluice/protocol";
import { expect } from "vitest";
import { checkConsistency } from "../../maintenance/fsck.ts";
import type { TestEngine } from "../engines.ts";
import { never } from "../upload-fixture.ts";
import type { Control } from "./control.ts";
import { type Exploration, explore } from "./explore.ts";
import { sample } from "./sample.ts";
import type { Scenario } from "./scenario.ts";
import { type Director, runSchedule } from "./schedule.ts";
import { openWorld, type Run, type World } from "./world.ts";

/**
 * Runs the scenario in every interleaving of its parts, and checks the invariants after each one.
 * @throws Error with the interleaving that broke an invariant
 */
export async function runInterleavings(engine: TestEngine, scenario: Scenario, budgetMs: number): Promise<Exploration> {
  return inWorld(engine, scenario, (play) => explore(play, budgetMs));
}

/** Does the same for random interleavings, as many as there is time for, and at least `least`. @returns how many were run */
export async function sampleInterleavings(
  engine: TestEngine,
  scenario: Scenario,
  budgetMs: number,
  least = 1,
): Promise<number> {
  return inWorld(engine, scenario, (play) => sample(play, budgetMs, least));
}

async function inWorld<Result>(
  engine: TestEngine,
  scenario: Scenario,
  use: (play: (director: Director) => Promise<void>) => Promise<Result>,
): Promise<Result> {
  const world = await openWorld(engine, Object.keys(scenario.parts));
  try {
    return await use((director) => runOnce(world, scenario, director));
  } finally {
    await world.close();
  }
}

async function runOnce(world: World, scenario: Scenario, director: Director): Promise<void> {
  const run = await world.begin();
  await scenario.before?.(run.preparing);
  const parts = Object.values(scenario.parts);
  const playing = run.nodes.map((node, index) => node.actor.play(async () => parts[index]?.(node)));
  const ending = Promise.allSettled(playing);
  const trace = await runSchedule(world.actors, director, world.control.findWaiting);
  if (trace === undefined) for (const actor of world.actors) actor.abandon();
  const outcomes = await ending;
  if (trace === undefined) return;
  try {
    for (const outcome of outcomes) assertExpected(outcome, scenario.refusals ?? []);
    await assertNothingLost(world, run);
    await scenario.after?.(world.control);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new Error(`${problem}\nafter this interleaving:\n${trace.join("\n")}`, { cause: error });
  }
}

function assertExpected(outcome: PromiseSettledResult<unknown>, refusals: readonly string[]): void {
  if (outcome.status === "fulfilled") return;
  const { reason } = outcome;
  if (!(reason instanceof SluiceError && refusals.includes(reason.reason))) throw reason;
}

async function assertNothingLost({ actors, control, fixture }: World, { history, losses }: Run): Promise<void> {
  for (const { name, failure } of actors) expect(failure, `what a transaction of ${name}'s met`).toBeUndefined();
  expect(history.admissions, "tokens, each admitted once").toEqual([...new Set(history.admissions)]);
  const isStored = history.acknowledged.length > 0 ? "stored" : "nothing";
  for (const outcome of history.told) expect(outcome, "the outcome that was told").toBe(isStored);
  expect(losses, "objects deleted while a version needed them").toEqual([]);
  const { problems } = await checkConsistency(fixture.parts, { deep: true }, never);
  expect(problems.filter((problem) => !uncounted.test(problem))).toEqual([]);
  for (const { versionId, fileId, content } of history.acknowledged) {
    if (history.removed.has(versionId) || history.removed.has(fileId)) continue;
    expect(await contentOf(control, versionId), "the SHA-256 of an acknowledged version").toBe(sha256Of(content));
  }
}

/** The problem that fsck finds on PostgreSQL because of `leaveUncounted`. */
const uncounted = /count of stored bytes/;

async function contentOf({ connection }: Control, versionId: string): Promise<string | undefined> {
  for (const table of ["versions", "trashed_versions"] as const) {
    const blob = await connection
      .selectFrom(`${table as "versions"} as versions`)
      .innerJoin("blobs", "blobs.id", "versions.blob_id")
      .select("blobs.sha256")
      .where("versions.id", "=", versionId)
      .executeTakeFirst();
    if (blob !== undefined) return Buffer.from(blob.sha256).toString("hex");
  }
  return undefined;
}

function sha256Of(content: string): string {
  return createHash("sha256").update(content).digest("hex");
}
