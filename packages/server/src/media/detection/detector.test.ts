import { expect, test } from "vitest";
import { openDetector } from "./detector.ts";
import { injectedDetector } from "./testing/injected-detector.ts";

test("models that could not be loaded once are loaded with the next picture", async () => {
  let loads = 0;
  const detector = openDetector(true, async () => {
    loads += 1;
    if (loads === 1) throw new Error("no memory");
    return injectedDetector();
  });
  const find = () => detector.objects(new Uint8Array(), new AbortController().signal);
  await expect(find()).rejects.toThrow("no memory");
  expect(await find()).toEqual([]);
  expect(await find()).toEqual([]);
  expect(loads).toBe(2);
  await detector.close();
});
