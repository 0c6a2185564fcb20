import { expect, test } from "vitest";
import { cacheControl, redirectCacheControl } from "./cache-control.ts";

const plain = {
  immutable: false,
  isPrivate: false,
  isGuarded: false,
  signedSeconds: undefined,
  standsIn: false,
  sharedSeconds: 60,
};

test.each([
  [plain, "public, max-age=0, s-maxage=60, must-revalidate"],
  [{ ...plain, sharedSeconds: 7 }, "public, max-age=0, s-maxage=7, must-revalidate"],
  [{ ...plain, immutable: true }, "public, max-age=31536000, immutable"],
  [{ ...plain, immutable: true, standsIn: true }, "public, max-age=60"],
  [{ ...plain, isPrivate: true, standsIn: true }, "private, max-age=0"],
  [{ ...plain, signedSeconds: 300, standsIn: true }, "private, max-age=300"],
  [{ ...plain, isPrivate: true }, "private, max-age=0"],
  [{ ...plain, isPrivate: true, immutable: true }, "private, max-age=0"],
  [{ ...plain, signedSeconds: 300 }, "private, max-age=300"],
  [{ ...plain, signedSeconds: 0, immutable: true }, "private, max-age=0"],
  [{ ...plain, signedSeconds: 99_999_999, isPrivate: true }, "private, max-age=31536000"],
  [{ ...plain, isGuarded: true }, "private, max-age=0, must-revalidate"],
  [{ ...plain, isGuarded: true, standsIn: true }, "private, max-age=60"],
  [{ ...plain, isGuarded: true, immutable: true }, "private, max-age=31536000, immutable"],
])("%j: %s", (cacheability, expected) => {
  expect(cacheControl(cacheability)).toBe(expected);
});

test.each([
  [plain, 300, "public, max-age=0, s-maxage=60, must-revalidate"],
  [plain, 60, "public, max-age=0, s-maxage=30, must-revalidate"],
  [{ ...plain, immutable: true }, 300, "public, max-age=150"],
  [{ ...plain, standsIn: true }, 300, "public, max-age=60"],
  [{ ...plain, isPrivate: true, immutable: true }, 300, "private, max-age=0"],
  [{ ...plain, isPrivate: true, signedSeconds: 20 }, 20, "private, max-age=10"],
  [{ ...plain, signedSeconds: 0 }, 1, "private, max-age=0"],
  [{ ...plain, isGuarded: true }, 300, "private, max-age=0, must-revalidate"],
  [{ ...plain, isGuarded: true, standsIn: true }, 300, "private, max-age=60"],
  [{ ...plain, isGuarded: true, immutable: true }, 300, "private, max-age=150"],
])("a redirect for %j to an address that is good for %i s: %s", (cacheability, seconds, expected) => {
  expect(redirectCacheControl(cacheability, seconds)).toBe(expected);
});
