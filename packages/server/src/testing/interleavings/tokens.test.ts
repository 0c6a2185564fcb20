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

/** Each takes seconds; on a machine that is busy with other tests it may be many. */
const patienceMs = 150_000;

/*
 * Every interleaving of those who present one token, of the clock and of the job that forgets used tokens; the steps are
 * as in `content.test.ts`. A presentation is what an upload does with it: its arrival, the verification with the key
 * from the database, the burning. After each interleaving at most one has been let in; those who asked for the outcome
 * have been told the same, and what they have been told is what there is.
 *
 * Not covered: a request that is under way for longer than the longest possible one and a day; what follows the burning;
 * lost connections (`lost-connection.test.ts`).
 */
describeEngines((engine) => {
  test.each(Object.entries(scenarios))("%s", { timeout: patienceMs }, async (_, scenario) => {
    expect(await runInterleavings(engine, scenario, patienceMs)).toMatchObject({ complete: true });
  });
});
