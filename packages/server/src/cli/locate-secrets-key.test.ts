import { expect, test } from "vitest";
import { locateSecretsKey } from "./locate-secrets-key.ts";

const file = "/data/secrets-key.txt";

test.each([
  [{ file, canEncrypt: true, lacking: [] }, `in ${file} (for the secrets of origins; in no backup)`],
  [
    { file, canEncrypt: true, lacking: ["1a", "2b"] },
    `in ${file}, but stored secrets of origins need the keys 1a, 2b (see docs/keys.md)`,
  ],
  [
    { file, canEncrypt: false, lacking: ["1a"] },
    `not in ${file}: stored secrets of origins need the key 1a (see docs/keys.md)`,
  ],
  [
    { file, canEncrypt: false, lacking: [] },
    `not in ${file}, where it could not be stored: origins with secrets are refused`,
  ],
  [{ file: undefined, canEncrypt: true, lacking: [] }, "given by SLUICE_SECRETS_KEY"],
  [
    { file: undefined, canEncrypt: true, lacking: ["1a"] },
    "given by SLUICE_SECRETS_KEY, but stored secrets of origins need the key 1a (see docs/keys.md)",
  ],
  [
    { file: undefined, canEncrypt: false, lacking: ["1a"] },
    "not in --secrets-key: stored secrets of origins need the key 1a (see docs/keys.md)",
  ],
  [{ file: undefined, canEncrypt: false, lacking: [] }, undefined],
])("%j is told as %j", (facts, line) => {
  expect(locateSecretsKey(facts, "SLUICE_SECRETS_KEY")).toBe(line);
});
