import { availableParallelism } from "node:os";
import { describe, expect, test } from "vitest";
import { domainParsers } from "../app/configuration/configure.ts";
import { ConfigError } from "./config-error.ts";
import { readSettings } from "./read-settings.ts";
import { resolveConfig } from "./resolve-config.ts";

const read = (flags: Record<string, string | boolean>, environment: Record<string, string> = {}) =>
  readSettings({ flags, environment }, domainParsers);

describe("reading", () => {
  test("a flag wins over its variable, and an empty variable counts as unset", () => {
    expect(read({ "--port": "1" }, { SLUICE_PORT: "2" }).port).toBe(1);
    expect(read({}, { SLUICE_PORT: "2" }).port).toBe(2);
    expect(read({}, { SLUICE_PORT: "" }).port).toBeUndefined();
  });

  test("PORT counts where neither the flag nor SLUICE_PORT is given", () => {
    expect(read({}, { PORT: "3" }).port).toBe(3);
    expect(read({}, { PORT: "3", SLUICE_PORT: "2" }).port).toBe(2);
    expect(read({}, { PORT: "3", SLUICE_PORT: "" }).port).toBe(3);
    expect(read({ "--port": "1" }, { PORT: "3" }).port).toBe(1);
    expect(read({}, { PORT: "" }).port).toBeUndefined();
    expect(() => read({}, { PORT: "/tmp/pipe" })).toThrow("--port must be a whole number");
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
    ["--api-rate-limit", "600"],
    ["--api-rate-limit", "0/60"],
    ["--metrics-port", "70000"],
    ["--metrics-host", "localhost"],
    ["--metrics-token", "too-short"],
    ["--metrics-token", "with spaces in its middle"],
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
    ["--workers", "0"],
    ["--workers", "1.5"],
    ["--workers", "257"],
    ["--workers", "many"],
    ["--trust-proxy", "example.com"],
    ["--trust-proxy", "10.0.0.0/40"],
    ["--webhook-url", "example.com/hook"],
    ["--webhook-url", "https://me:secret@example.com/hook"],
    ["--webhook-secret", "secret-without-its-beginning"],
    ["--webhook-secret", "whsec_short"],
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

  test("a switch is on, off or left open", () => {
    const switched = (flags: Record<string, boolean>, text = "") => read(flags, { SLUICE_V1_UPLOADS: text }).v1Uploads;
    expect([switched({ "--v1-uploads": true }), switched({}, "true"), switched({}, "1")]).toEqual([true, true, true]);
    expect([switched({ "--v1-uploads": false }, "true"), switched({}, "false")]).toEqual([false, false]);
    expect([switched({}, "on"), switched({}, "off"), switched({}, "0")]).toEqual([true, false, false]);
    expect([switched({}), resolveConfig({}).v1Uploads]).toEqual([undefined, undefined]);
    expect(() => switched({}, "yes")).toThrow("SLUICE_V1_UPLOADS must be true or false");
  });

  test("limits are read in the unit of their name, several at once", () => {
    expect(read({ "--limit": "parts=3,stall-seconds=1.5" }).limits).toEqual({ parts: 3, stallMs: 1500 });
  });

  test("proxies are a number of hops or a list of ranges", () => {
    expect(read({ "--trust-proxy": "2" }).trustProxy).toBe(2);
    expect(read({ "--trust-proxy": "off" }).trustProxy).toBe(false);
    expect(read({ "--trust-proxy": "10.0.0.0/8, ::1" }).trustProxy).toEqual(["10.0.0.0/8", "::1"]);
  });

  test("a country is taken from a header of a trusted proxy alone", () => {
    const countryHeader = read({ "--country-header": "CF-IPCountry" }).countryHeader;
    expect(resolveConfig({ countryHeader: "cf-ipcountry", trustProxy: 1 }).countryHeader).toBe(countryHeader);
    expect(() => read({ "--country-header": "a: b" })).toThrow("--country-header must be a header's name");
    expect(() => resolveConfig({ countryHeader: "cf-ipcountry" })).toThrow("--country-header needs --trust-proxy");
  });
});

describe("resolving", () => {
  test("models' pictures are paid for, so they take a place where they are kept", () => {
    const asked = {
      aiEffects: { "e-edit": "http://127.0.0.1/" },
      extensionSecret: "whsec_long-enough-for-a-secret",
      limits: { derivedBytes: 0 },
    };
    expect(() => resolveConfig(asked)).toThrow("--ai-effect needs --limit derived-bytes above 0, or a bucket");
    const storageUrl = "s3://bucket?endpoint=http://127.0.0.1:9000";
    expect(resolveConfig({ ...asked, storageUrl }).aiEffects.endpoints).toEqual(asked.aiEffects);
    expect(resolveConfig({ ...asked, limits: {} }).aiEffects.endpoints).toEqual(asked.aiEffects);
    const { aiEffects } = asked;
    expect(() => resolveConfig({ aiEffects })).toThrow("--ai-effect needs --extension-secret");
  });

  test("a server that is alone encodes its videos", () => {
    const limits = { encodes: 0 };
    expect(() => resolveConfig({ limits })).toThrow("--limit encodes=0 needs --database-url");
    expect(resolveConfig({ limits, databaseUrl: "postgres://db.example/sluice" }).limits.encodes).toBe(0);
  });

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

  test("behind a proxy, of which the public URL or --trust-proxy tells, the demo is off unless it is asked for", () => {
    expect(resolveConfig({ trustProxy: 1 }).demo).toBe(false);
    expect(resolveConfig({ trustProxy: ["127.0.0.1/32"] }).demo).toBe(false);
    expect(resolveConfig({ trustProxy: 1, demo: true }).demo).toBe(true);
    expect(resolveConfig({ trustProxy: false }).demo).toBe(true);
    expect(resolveConfig({ publicUrl: "https://media.example" }).demo).toBe(false);
    expect(resolveConfig({ publicUrl: "https://media.example", demo: true }).demo).toBe(true);
    expect(resolveConfig({ publicUrl: "http://localhost:8080" }).demo).toBe(true);
    expect(resolveConfig({ publicUrl: "http://[::1]:8080" }).demo).toBe(true);
  });

  test("metrics on a port of their own are on loopback, unless an address is given with the port", () => {
    expect(resolveConfig({ metricsPort: 9464 }).metricsListen).toEqual({ host: "127.0.0.1", port: 9464 });
    expect(() => resolveConfig({ metricsHost: "0.0.0.0" })).toThrow("--metrics-host needs --metrics-port");
    expect(() => resolveConfig({ port: 80, metricsPort: 80 })).toThrow("--metrics-port must be another port");
  });

  test("a secret of webhooks needs somebody who is told", () => {
    expect(() => resolveConfig({ webhookSecret: "whsec_long-enough-for-a-secret" })).toThrow("--webhook-url");
    expect(resolveConfig({ webhookUrl: "https://example.com" }).webhook).toEqual({ url: "https://example.com" });
  });

  test("workers are a number of processes, or one for each core", () => {
    expect(resolveConfig({}).workers).toBe(1);
    expect(resolveConfig(read({ "--workers": "3" })).workers).toBe(3);
    expect(resolveConfig(read({ "--workers": "auto" })).workers).toBe(availableParallelism());
  });

  test("what bounds all processes together is divided among them, rounded up", () => {
    const limits = { uploads: 10, connections: 5, drains: 2, spoolBytes: 1001, spoolFiles: 3, databaseConnections: 4 };
    const { limits: shared } = resolveConfig({ workers: 4, limits: { ...limits, parts: 9 } });
    expect(shared).toMatchObject({ uploads: 3, connections: 2, drains: 1, spoolBytes: 251, spoolFiles: 1, parts: 9 });
    // One connection for reading, one for writing.
    expect(shared.databaseConnections).toBe(2);
  });

  test("one key without the other is refused", () => {
    expect(() => resolveConfig({ publicKey: "public_test" })).toThrow("--private-key");
    expect(() => resolveConfig({ privateKey: "private_test" })).toThrow("--public-key");
  });

  test("the configuration is frozen", () => {
    expect(Object.isFrozen(resolveConfig({}))).toBe(true);
  });
});
