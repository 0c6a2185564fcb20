import { expect, test } from "vitest";
import { describeEngines } from "../engines.ts";
import { inOrder } from "./content-parts.ts";
import { runInterleavings } from "./run-interleavings.ts";
import type { Scenario } from "./scenario.ts";
import { sessionParts } from "./session-parts.ts";

const parts = sessionParts();
const { advance, ask, create, createWithToken, finish, mint, present, takeAndAdvance, takeAndFinish } = parts;
const { expire, piecesFollow, storedOnce, takeAndRemove } = parts;

const scenarios: Readonly<Record<string, Scenario>> = {
  // Two scenarios of two parts: where two wait for one row of PostgreSQL, the test can't say which gets it first.
  "a holder that was late acknowledges bytes, while another request takes its lease over and goes on": {
    before: create(),
    parts: { late: advance("late", 5), other: takeAndAdvance("other") },
    after: piecesFollow,
  },
  "two requests take the lease of a late holder over and go on": {
    before: create(),
    parts: { one: takeAndAdvance("one"), other: takeAndAdvance("other") },
    after: piecesFollow,
  },
  "a holder that was late stores the upload, while another request takes it over and stores it": {
    before: create(),
    parts: { late: finish("late"), other: takeAndFinish("other") },
    refusals: ["UPLOAD_ABANDONED"],
    after: storedOnce,
  },
  "an upload is stored, while another request takes it over and removes it": {
    before: create(),
    parts: { late: finish("late"), remover: takeAndRemove("remover") },
    refusals: ["UPLOAD_ABANDONED"],
    after: storedOnce,
  },
  "an upload is stored, while the sweep ends its session, which has expired": {
    before: create({ lifetimeMs: -1 }),
    parts: { late: finish("late"), sweeper: expire },
    refusals: ["UPLOAD_ABANDONED"],
    after: storedOnce,
  },
  "an upload is stored whose session has expired, while somebody asks for the outcome of its token": {
    before: inOrder(mint, createWithToken({ lifetimeMs: -1, late: true })),
    parts: { late: finish("late"), asker: ask },
    refusals: ["UPLOAD_ABANDONED"],
    after: storedOnce,
  },
  "two requests create a session with one token, and a form presents it": {
    before: mint,
    parts: { one: createWithToken(), other: createWithToken(), form: present },
    refusals: ["TOKEN_USED"],
  },
};

/** Each scenario takes seconds, but possibly many on a machine that is busy with other tests. */
const patienceMs = 150_000;

/*
 * Runs every interleaving of requests for one session of a resumable upload, and of the sweep. The steps are those of
 * `content-of-two.soak.ts`. After each interleaving the acknowledged pieces must follow each other without a gap or an overlap,
 * the upload must have been stored once at most and be stored if that was acknowledged, the session must say so, and
 * one token must have been admitted once.
 *
 * Not covered: the bytes of the pieces (`storage/testing/partial-blobs-conformance.ts`); a lease that runs out
 * meanwhile, because the database's clock can't be set: it has run out from the beginning here; a revocation
 * (`upload/resumable/sessions/sessions.test.ts`).
 */
describeEngines((engine) => {
  test.each(Object.entries(scenarios))("%s", { timeout: patienceMs }, async (_, scenario) => {
    expect(await runInterleavings(engine, scenario, patienceMs)).toMatchObject({ complete: true });
  });
});
