import { readFile, stat } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Account, createAccount, rotateKey } from "./harness/account.ts";
import { type CommandResult, sluice } from "./harness/command.ts";
import { withTemporaryFolder } from "./harness/data-dir.ts";
import { expectRefusal, expectStored } from "./harness/expectations.ts";
import { listFiles } from "./harness/library.ts";
import { basicFor } from "./harness/private-key.ts";
import { alive, header, signRaw } from "./harness/raw-token.ts";
import { keys, type RunningServer, startServer } from "./harness/server.ts";
import { basic, uploadBasic, uploadWithToken } from "./harness/upload.ts";

const fields = { fileName: "account.txt" } as const;

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

function account(...args: string[]): Promise<CommandResult> {
  return sluice(["account", ...args, "--data-dir", server.dataDir]);
}

function upload({ authorization }: Pick<Account, "authorization">, version: 1 | 2 = 2) {
  return uploadBasic(server.url, "hello", fields, { authorization, version });
}

function mintWith({ publicKey, privateKey }: Account): string {
  return signRaw({ header: header({ kid: publicKey }), payload: alive(fields), privateKey });
}

/** Changes apply to a running server within five seconds (docs/architecture.md §4). */
const applied = { timeout: 5000 } as const;

async function expectApplied(pair: Account, status = 200): Promise<void> {
  await expect.poll(async () => (await upload(pair)).status, applied).toBe(status);
}

describe("sluice account create", () => {
  test("makes an account that the running server knows, with a key and files of its own", async () => {
    const acme = await createAccount(server.dataDir, "acme");
    await expectApplied(acme);
    const stored = await uploadWithToken(server.url, "hello", fields, mintWith(acme));
    expectStored(stored);
    expect(new URL(stored.body.url).pathname).toMatch(/^\/acme\//);

    expect(await listFiles(server.url)).toEqual([]);
    expect(await listFiles(server.url, acme.authorization)).toHaveLength(2);
    const details = `${server.url}/v1/files/${stored.body.fileId}/details`;
    expect((await fetch(details, { headers: { authorization: basic } })).status).toBe(404);
    expect((await fetch(stored.body.url)).status).toBe(200);
    expect((await fetch(stored.body.url.replace("/acme/", "/demo/"))).status).toBe(404);
  });

  test("prints the public key, and the private one not at all where nobody reads a terminal", async () => {
    const { code, stdout, stderr } = await account("create", "quiet");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^public key\s+public_\S+$/m);
    expect(stdout).not.toMatch(/\bprivate_/);
    const [, path = ""] = /^private key\s+in (\S+)$/m.exec(stdout) ?? [];
    expect(await readFile(path, "utf8")).toMatch(/^private_\S+\n$/);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test("refuses ids that are taken, reserved or no ids, with one line and exit code 2", async () => {
    const ids = ["demo", "v1", "a/b", ""];
    const results = await Promise.all(ids.map((id) => account("create", id)));
    for (const { code, stdout, stderr } of results) {
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toMatch(/^sluice: imagekitId.*\n$/);
    }
  });
});

test("sluice account list names accounts and public keys, and no private key", async () => {
  const listed = await createAccount(server.dataDir, "listed");
  expect(await account("set", "listed", "--v1-uploads", "on")).toMatchObject({ code: 0, stderr: "" });
  const { code, stdout } = await account("list");
  expect(code).toBe(0);
  expect(stdout).toContain(`listed (active, V1 uploads on)\n  ${listed.publicKey} `);
  expect(stdout).toContain("demo (active)\n  public_test ");
  expect(stdout).not.toContain(listed.privateKey);
  expect(stdout).not.toContain(keys.privateKey);
});

describe("sluice account rotate-key", () => {
  test("keeps the old pairs going for the grace that was chosen, several at once", async () => {
    const pairs = [await createAccount(server.dataDir, "graceful")];
    const graces: [grace: string, hours: number][] = [
      ["7d", 168],
      ["3d", 72],
      ["24h", 24],
      ["1h", 1],
    ];
    for (const [grace, hours] of graces) {
      const old = pairs.at(-1);
      pairs.push(await rotateKey(server.dataDir, "graceful", grace));
      const { stdout } = await account("list");
      const line = stdout.split("\n").find((text) => text.includes(String(old?.publicKey)));
      const [, end = ""] = /until (\S+)\)/.exec(line ?? "") ?? [];
      expect(Math.abs(Date.parse(end) - Date.now() - hours * 3_600_000), grace).toBeLessThan(60_000);
    }
    for (const pair of pairs) {
      await expectApplied(pair);
      expectStored(await uploadWithToken(server.url, "hello", fields, mintWith(pair)));
    }
  });

  test("with no grace the old pair stops: its key, its tokens, and what is said of them", async () => {
    const old = await createAccount(server.dataDir, "graceless");
    const token = mintWith(old);
    const fresh = await rotateKey(server.dataDir, "graceless", "0");
    await expectApplied(old, 403);
    for (const version of [1, 2] as const) expectRefusal(await upload(old, version), 403, "PRIVATE_KEY_EXPIRED");
    const listing = await fetch(`${server.url}/v1/files`, { headers: { authorization: old.authorization } });
    expectRefusal({ status: listing.status, body: await listing.json() }, 403, "PRIVATE_KEY_EXPIRED");
    expectRefusal(await uploadWithToken(server.url, "hello", fields, token), 403, "PRIVATE_KEY_EXPIRED");
    await expectApplied(fresh);
    expectStored(await uploadWithToken(server.url, "hello", fields, mintWith(fresh)));
    const { stdout } = await sluice(["token", "inspect", token, "--data-dir", server.dataDir]);
    expect(stdout).toContain("This token would not be accepted.");
    expect(stdout).toContain("Your request contains expired private API key.");
  });

  test("refuses other graces and unknown accounts, with one line and exit code 2", async () => {
    const wrong = [
      ["demo", "--grace", "2h"],
      ["demo", "--grace", "toString"],
      ["nobody", "--grace", "0"],
    ];
    const results = await Promise.all(wrong.map((args) => account("rotate-key", ...args)));
    for (const { code, stdout, stderr } of results) {
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toMatch(/^sluice: .*(--grace|imagekitId).*\n$/);
    }
    expectStored(await uploadBasic(server.url, "hello", fields));
  });
});

test("sluice account set refuses what it doesn't know, with one line and exit code 2", async () => {
  const wrong = [["demo"], ["demo", "--v1-uploads", "maybe"], ["nobody", "--v1-uploads", "off"]];
  const results = await Promise.all(wrong.map((args) => account("set", ...args)));
  for (const { code, stdout, stderr } of results) {
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^sluice: .*(--v1-uploads|imagekitId).*\n$/);
  }
});

describe("the pair given by flag", () => {
  /** The account's pairs, as the command prints them, with the milliseconds for which each is still valid. */
  async function pairsIn(dataDir: string) {
    const { stdout } = await sluice(["account", "list", "--data-dir", dataDir]);
    return [...stdout.matchAll(/^ {2}(public_\S+) \((\w+)(?:, until ([^,)]+))?(?:, last used \S+)?\)$/gm)].map(
      ([, key, origin, end]) => ({
        key,
        origin,
        left: end === undefined ? Number.POSITIVE_INFINITY : Date.parse(end) - Date.now(),
      }),
    );
  }

  test("comes beside those that were rotated, which keep their grace", async () => {
    await withTemporaryFolder(async (dataDir) => {
      const first = await startServer({ dataDir });
      await first.stop();
      const rotated = await rotateKey(dataDir, "demo", "24h");
      const second = await startServer({
        dataDir,
        flags: ["--public-key", "public_second", "--private-key", "private_second"],
      });
      try {
        const uploadThere = (authorization: string) => uploadBasic(second.url, "hello", fields, { authorization });
        expectStored(await uploadThere(basicFor("private_second")));
        expectStored(await uploadThere(rotated.authorization));
        expectStored(await uploadThere(basic));
      } finally {
        await second.stop();
      }
      const old = (await pairsIn(dataDir)).find(({ key }) => key === "public_test");
      expect((old?.left ?? 0) / 3_600_000).toBeCloseTo(24, 1);
      const foreign = ["--public-key", rotated.publicKey, "--private-key", "private_third"];
      await expect(startServer({ dataDir, flags: foreign })).rejects.toThrow("--public-key and --private-key");
    });
  });

  test("is no command's to change, nor a start's that fails, whatever they are told", async () => {
    const before = (await pairsIn(server.dataDir)).map(({ key, origin }) => [key, origin]);
    const { port } = new URL(server.url);
    const environment = { SLUICE_PUBLIC_KEY: "public_second", SLUICE_PRIVATE_KEY: "private_second" };
    const commands = [["token", "mint", "--file", "a.txt"], ["fsck"], ["serve", "--port", port]];
    const results = await Promise.all(
      commands.map((command) => sluice([...command, "--data-dir", server.dataDir], { environment })),
    );
    expect(results.map(({ code }) => code)).toEqual([0, 0, 2]);
    const after = await pairsIn(server.dataDir);
    expect(after.map(({ key, origin }) => [key, origin])).toEqual(before);
    expect(after).toContainEqual({ key: "public_test", origin: "configured", left: Number.POSITIVE_INFINITY });
    expectStored(await uploadBasic(server.url, "hello", fields));
  });
});
