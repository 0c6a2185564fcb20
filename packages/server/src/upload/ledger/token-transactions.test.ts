import { afterEach, beforeEach, expect, test } from "vitest";
import { describeEngines } from "../../testing/engines.ts";
import { openUploadFixture, type UploadFixture } from "../../testing/upload-fixture.ts";
import { burnToken, pruneTokens } from "./token-transactions.ts";

describeEngines((engine) => {
  let fixture: UploadFixture;
  beforeEach(async () => {
    fixture = await openUploadFixture(engine);
  });
  afterEach(() => fixture.close());

  function burn(digit: number, expiresAt = 2_000_000_000): Promise<boolean> {
    const { parts, principal, time } = fixture;
    const digest = new Uint8Array(32).fill(digit);
    return parts.database.run(burnToken, {
      accountId: principal.accountId,
      digest,
      expiresAt,
      attempt: null,
      now: time,
    });
  }

  test("of fifty that present one token at once, one is admitted, and nobody after", async () => {
    const admitted = await Promise.all(Array.from({ length: 50 }, () => burn(1)));
    expect(admitted.filter(Boolean)).toHaveLength(1);
    expect(await burn(1)).toBe(false);
    expect(await burn(2)).toBe(true);
  });

  test("expired tokens are forgotten a batch at a time, the earliest first, until none is left", async () => {
    const { database } = fixture.parts;
    for (let digit = 0; digit < 10; digit++) await burn(digit, 1_000_000 + digit);
    await burn(100);
    const prune = () => database.run(pruneTokens, { now: 1_700_000_000, keepSeconds: 60, limit: 4 });
    expect([await prune(), await prune(), await prune(), await prune()]).toEqual([4, 4, 2, 0]);
    expect(await burn(100)).toBe(false);
  });

  test("presenting tokens while expired ones are forgotten admits none twice", async () => {
    const { database } = fixture.parts;
    const prune = () => database.run(pruneTokens, { now: 2_100_000_000, keepSeconds: 60, limit: 3 });
    const rounds = Array.from({ length: 20 }, async (_, digit) => {
      const [first, , second] = await Promise.all([burn(digit), prune(), burn(digit)]);
      return Number(first) + Number(second);
    });
    expect(await Promise.all(rounds)).toEqual(Array(20).fill(1));
  });
});
