import { expect, test } from "vitest";
import { UnsentImages } from "./unsent-images.ts";

test("an image counts once, for as long as anybody is still to get it", () => {
  const unsent = new UnsentImages(10);
  const [shared, other] = [new Uint8Array(6), new Uint8Array(6)];
  const releases = [unsent.hold(shared), unsent.hold(shared)];
  expect(unsent.full).toBe(false);
  const releaseOther = unsent.hold(other);
  expect(unsent.full).toBe(true);
  releases[0]?.();
  expect(unsent.full).toBe(true);
  releases[1]?.();
  expect(unsent.full).toBe(false);
  releaseOther();
  unsent.hold(shared);
  expect(unsent.full).toBe(false);
});
