import { afterEach, beforeEach, expect, test } from "vitest";
import { expireTokens } from "../../maintenance/expire-tokens.ts";
import { describeEngines } from "../../testing/engines.ts";
import { never, openUploadFixture, type UploadFixture } from "../../testing/upload-fixture.ts";
import { burnV1Token, pruneV1Tokens } from "./token-transactions.ts";

const day = 24 * 60 * 60 * 1000;

describeEngines((engine) => {
  let fixture: UploadFixture;
  beforeEach(async () => {
    fixture = await openUploadFixture(engine);
  });
  afterEach(() => fixture.close());

  function burn(digit: number, { accountId } = fixture.principal): Promise<boolean> {
    const digest = new Uint8Array(32).fill(digit);
    return fixture.parts.database.run(burnV1Token, { accountId, digest, now: fixture.time });
  }

  test("of twenty that present one token at once, one is admitted, and nobody after, in this account", async () => {
    const admitted = await Promise.all(Array.from({ length: 20 }, () => burn(1)));
    expect(admitted.filter(Boolean)).toHaveLength(1);
    expect([await burn(1), await burn(2), await burn(1, fixture.stranger)]).toEqual([false, true, true]);
  });

  test("they are forgotten a batch at a time, the earliest first, until none is left", async () => {
    const today = fixture.time;
    for (let digit = 0; digit < 5; digit++) {
      fixture.time = today - (50 - digit) * day;
      await burn(digit);
    }
    fixture.time = today;
    await burn(5);
    const prune = () => fixture.parts.database.run(pruneV1Tokens, { now: today, keepMs: 30 * day, limit: 2 });
    expect([await prune(), await burn(1), await burn(2)]).toEqual([2, true, false]);
    expect([await prune(), await prune(), await prune()]).toEqual([2, 1, 0]);
  });

  test("a token is forgotten 30 days after its use, by no clock that runs ahead", async () => {
    const today = fixture.time;
    fixture.time = today - 31 * day;
    await burn(1);
    fixture.time = today - 29 * day;
    await burn(2);
    fixture.time = today + 100 * day;
    expect(await expireTokens(fixture.services, never)).toBe(0);
    fixture.time = today;
    await burn(3);
    expect(await expireTokens(fixture.services, never)).toBe(1);
    expect([await burn(1), await burn(2), await burn(3)]).toEqual([true, false, false]);
  });
});
