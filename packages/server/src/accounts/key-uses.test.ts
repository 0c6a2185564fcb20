import { expect, test, vi } from "vitest";
import { findKeyPair } from "../database/repositories/key-pairs.ts";
import { openUploadFixture } from "../testing/upload-fixture.ts";
import { KeyUses } from "./key-uses.ts";

const day = 24 * 60 * 60 * 1000;
const noon = Date.parse("2026-03-01T12:00:00Z");

test("a pair's last use is kept by the day, and written once a day", async () => {
  const fixture = await openUploadFixture();
  try {
    const { database } = fixture.parts;
    const run = vi.fn(database.run.bind(database));
    const uses = new KeyUses({ run } as never);
    const pair = async () => {
      const row = await findKeyPair(database.reader, { public_key: "public_demo" });
      if (row === undefined) throw new Error("no pair");
      return row;
    };
    const use = async (now: number) => {
      uses.note(await pair(), now);
      await uses.flush();
      return (await pair()).last_used_on;
    };
    expect((await pair()).last_used_on).toBeNull();
    expect(await use(noon)).toBe("2026-03-01");
    expect(await use(noon + 1000)).toBe("2026-03-01");
    expect(run).toHaveBeenCalledTimes(1);
    expect(await use(noon + day)).toBe("2026-03-02");
    // Another node's clock may be behind.
    expect(await use(noon)).toBe("2026-03-02");
    expect(run).toHaveBeenCalledTimes(2);
  } finally {
    await fixture.close();
  }
});

test("a day that could not be written is written the next time", async () => {
  let fails = true;
  const written: unknown[] = [];
  const uses = new KeyUses({
    run: async (_name: string, input: unknown) => {
      if (fails) throw new Error("the database is gone");
      written.push(input);
    },
  } as never);
  uses.note({ id: "a", last_used_on: null }, noon);
  await uses.flush();
  fails = false;
  uses.note({ id: "b", last_used_on: "2026-02-28" }, noon);
  await uses.flush();
  await uses.flush();
  expect(written).toEqual([{ ids: ["a", "b"], day: "2026-03-01" }]);
});
