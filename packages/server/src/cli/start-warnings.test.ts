import { expect, test } from "vitest";
import { generateKeyPair } from "../accounts/key-pair.ts";
import { resolveConfig } from "../config/resolve-config.ts";
import { startWarnings } from "./start-warnings.ts";

const configured = (privateKey: string) => resolveConfig({ publicKey: "public_test", privateKey });

test("the defaults warn of nothing", () => {
  expect(startWarnings(resolveConfig({}))).toEqual([]);
});

test("a configured private key of fewer than 32 characters is warned of, and not printed", () => {
  const key = `private_${"k".repeat(23)}`;
  expect(startWarnings(configured(key))).toEqual([
    expect.stringMatching(/^--private-key is shorter than 32 characters/),
  ]);
  expect(startWarnings(configured(key)).join()).not.toContain(key);
  expect(startWarnings(configured(`${key}k`))).toEqual([]);
});

test("keys that Sluice makes are long enough", () => {
  expect(startWarnings(resolveConfig(generateKeyPair()))).toEqual([]);
});

test("listening beyond loopback without a public URL is warned of", () => {
  expect(startWarnings(resolveConfig({ host: "0.0.0.0" }))).toEqual([expect.stringContaining("--public-url")]);
  expect(startWarnings(resolveConfig({ host: "0.0.0.0", publicUrl: "https://media.example.com" }))).toEqual([]);
});

test("a webhook to an address that is not public is warned of, unless such addresses are allowed", () => {
  const warningsOf = (webhookUrl: string, allowPrivateNetworks = false) =>
    startWarnings(resolveConfig({ webhookUrl, allowPrivateNetworks }));
  expect(warningsOf("http://localhost:4000/hook")).toEqual([expect.stringContaining("--allow-private-networks")]);
  expect(warningsOf("http://localhost:4000/hook", true)).toEqual([]);
  expect(warningsOf("https://app.example/hook")).toEqual([]);
});
