import { expect, test } from "vitest";
import { shareCheck } from "./shared-check.ts";

test("callers at the same time share a look, and the next one looks again", async () => {
  let looks = 0;
  const look = shareCheck(async () => ++looks);
  expect(await Promise.all([look(), look()])).toEqual([1, 1]);
  expect(await look()).toBe(2);
});

test("a look that fails or hangs is undefined, and the one that hangs is not begun again", async () => {
  expect(await shareCheck(() => Promise.reject(new Error("away")))()).toBeUndefined();
  let looks = 0;
  const { promise, resolve } = Promise.withResolvers<string>();
  const look = shareCheck(() => {
    looks += 1;
    return promise;
  }, 5);
  expect(await Promise.all([look(), look()])).toEqual([undefined, undefined]);
  expect(await look()).toBeUndefined();
  expect(looks).toBe(1);
  resolve("there");
  expect(await look()).toBe("there");
});
