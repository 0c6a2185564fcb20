import { describe, expect, test } from "vitest";
import { ConfigError } from "./config-error.ts";
import { readSettings } from "./read-settings.ts";
import { resolveConfig } from "./resolve-config.ts";

const read = (flags: Record<string, string | boolean>, environment: Record<string, string> = {}) =>
  readSettings({ flags, environment });

describe("reading", () => {
  test("a flag wins over its variable, and an empty variable counts as unset", () => {
    expect(read({ "--port": "1" }, { SLUICE_PORT: "2" }).port).toBe(1);
    expect(read({}, { SLUICE_PORT: "2" }).port).toBe(2);
    expect(read({}, { SLUICE_PORT: "" }).port).toBeUndefined();
  });

  test.each([
    ["--port", "abc"],
    ["--port", "65536"],
    ["--port", "-1"],
    ["--host", "example.com"],
    ["--imagekit-id", "v1"],
    ["--imagekit-id", "_sluice"],
    ["--imagekit-id", "a/b"],
    ["--imagekit-id", ""],
    ["--plan", "gold"],
    ["--plan", "constructor"],
    ["--public-url", "ftp://example.com"],
    ["--public-url", "https://user@example.com"],
    ["--public-url", "https://example.com/path"],
    ["--private-key", "a:bcdefgh"],
    ["--database-url", "mysql://me:secret@localhost/sluice"],
    ["--database-url", "postgres://me:secret@localhost:port/sluice"],
    ["--max-file-size", "0"],
    ["--max-file-size", "1e3"],
    ["--log-level", "loud"],
    ["--trust-proxy", "example.com"],
    ["--trust-proxy", "10.0.0.0/40"],
    ["--limit", "parts"],
    ["--limit", "parts=many"],
    ["--limit", "parts=0"],
    ["--limit", "pears=3"],
    ["--limit", "constructor=3"],
  ])("%s %j is refused by name", (flag, value) => {
    expect(() => read({ [flag]: value })).toThrow(ConfigError);
    expect(() => read({ [flag]: value })).toThrow(flag);
  });

  test("a database's URL that is refused is not shown, for it holds a password", () => {
    expect(() => read({ "--database-url": "mysql://me:secret@localhost/sluice" })).not.toThrow("secret");
    expect(read({ "--database-url": "postgresql://me@localhost/sluice" }).databaseUrl).toContain("localhost");
  });

  test("limits are read in the unit of their name, several at once", () => {
    expect(read({ "--limit": "parts=3,stall-seconds=1.5" }).limits).toEqual({ parts: 3, stallMs: 1500 });
  });

  test("proxies are a number of hops or a list of ranges", () => {
    expect(read({ "--trust-proxy": "2" }).trustProxy).toBe(2);
    expect(read({ "--trust-proxy": "off" }).trustProxy).toBe(false);
    expect(read({ "--trust-proxy": "10.0.0.0/8, ::1" }).trustProxy).toEqual(["10.0.0.0/8", "::1"]);
  });

  test.each([
    [{ "--workers": "4" }, {}, "--workers"],
    [{}, { SLUICE_WEBHOOK_URL: "https://example.com" }, "--webhook-url"],
  ])("a feature that is not built is refused, by flag and by variable", (flags, environment, name) => {
    expect(() => read(flags, environment as Record<string, string>)).toThrow(`${name} is not available`);
  });
});

describe("resolving", () => {
  test("the plan sets both limits and single limits override it", () => {
    expect(resolveConfig({}).fileSize).toEqual({ file: 26_214_400, video: 314_572_800 });
    expect(resolveConfig({ plan: "free" }).fileSize).toEqual({ file: 26_214_400, video: 26_214_400 });
    expect(resolveConfig({ plan: "pro", maxFileSize: 7 }).fileSize).toEqual({ file: 7, video: 2_147_483_648 });
  });

  test("the demo is on when listening on loopback alone", () => {
    expect(resolveConfig({}).demo).toBe(true);
    expect(resolveConfig({ host: "::1" }).demo).toBe(true);
    expect(resolveConfig({ host: "0.0.0.0" }).demo).toBe(false);
    expect(resolveConfig({ host: "0.0.0.0", demo: true }).demo).toBe(true);
  });

  test("one key without the other is refused", () => {
    expect(() => resolveConfig({ publicKey: "public_test" })).toThrow("--private-key");
    expect(() => resolveConfig({ privateKey: "private_test" })).toThrow("--public-key");
  });

  test("the configuration is frozen", () => {
    expect(Object.isFrozen(resolveConfig({}))).toBe(true);
  });
});
