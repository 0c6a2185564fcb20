import { expect, test } from "vitest";
import { describeEngines } from "../engines.ts";
import { inOrder } from "./content-parts.ts";
import { runInterleavings } from "./run-interleavings.ts";
import type { Scenario } from "./scenario.ts";
import { expire, expireAhead, tokenParts, useLaterToken } from "./token-parts.ts";

const { mint, present, uploadWithToken, ask, passLifetime } = tokenParts();
const refusals = ["TOKEN_USED", "TOKEN_EXPIRED"];

const scenarios: Readonly<Record<string, Scenario>> = {
  "two who present it, while used tokens are forgotten and time passes to beyond its end": {
    before: inOrder(mint, useLaterToken),
    parts: { one: present, other: present, clock: passLifetime, pruner: expire },
    refusals,
  },
  "an upload with it, and somebody who asks twice for its outcome": {
    before: mint,
    parts: { uploader: uploadWithToken, asker: inOrder(ask, ask) },
    refusals: [...refusals, "UPLOAD_ABANDONED"],
  },
  "two who present it, while used tokens are forgotten by a clock that is days ahead": {
    before: mint,
    parts: { one: present, other: present, pruner: expireAhead },
    refusals,
  },
};

/** Each scenario takes seconds, but possibly many on a machine that is busy with other tests. */
const patienceMs = 150_000;

/*
 * Runs every interleaving of requests that present one token, of the clock, and of the job that deletes used tokens.
 * The steps are those of `content-of-two.soak.ts`. A presentation is what an upload does with its token: it arrives, the token
 * is verified with the key from the database, and the token is burnt. After each interleaving, at most one request must
 * have been admitted. All requests for the outcome must have been told the same, and the outcome must be true.
 *
 * Not covered: a request that is under way for longer than the longest possible one and a day; what follows the
 * burning; lost connections (`lost-connection.soak.ts`).
 */
describeEngines((engine) => {
  test.each(Object.entries(scenarios))("%s", { timeout: patienceMs }, async (_, scenario) => {
    expect(await runInterleavings(engine, scenario, patienceMs)).toMatchObject({ complete: true });
  });
});
