import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createUploadToken } from "@sluice/token";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSluice } from "../app/app.ts";
import { runCommand } from "./testing/run-command.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-account-keys-"));
  const sluice = await createSluice({ dataDir: folder, port: 0 });
  await sluice.close();
});
afterAll(() => rm(folder, { recursive: true }));

const account = (...args: string[]) => runCommand(["account", ...args, "--data-dir", folder]);

async function create(role: string, ...flags: string[]): Promise<{ publicKey: string; privateKey: string }> {
  const { code, printed, errors } = await account("create-key", "demo", "--role", role, ...flags);
  expect([code, errors]).toEqual([0, ""]);
  return keysIn(printed);
}

async function keysIn(printed: string): Promise<{ publicKey: string; privateKey: string }> {
  const [, publicKey = ""] = /^public key +(\S+)$/m.exec(printed) ?? [];
  const [, path = ""] = /^private key +in (\S+)$/m.exec(printed) ?? [];
  return { publicKey, privateKey: (await readFile(path, "utf8")).trim() };
}

const listed = async () => (await account("list")).printed;

test("a pair with a role is listed with it, and has a file of its own", async () => {
  const uploads = await create("upload");
  const overwrites = await create("upload", "--may-overwrite");
  const reads = await create("read");
  const full = await create("full");
  const list = await listed();
  expect(list).toContain(`${uploads.publicKey} (generated, role upload)`);
  expect(list).toContain(`${overwrites.publicKey} (generated, role upload, may overwrite)`);
  expect(list).toContain(`${reads.publicKey} (generated, role read)`);
  expect(list).toContain(`${full.publicKey} (generated)`);
  expect(await readdir(folder)).toContain(`private-key-demo.${reads.publicKey}.txt`);
});

test("a pair may have a name, which the list shows and its successor keeps", async () => {
  const named = await create("upload", "--name", " shop backend ");
  expect(await listed()).toContain(`${named.publicKey} ("shop backend", generated, role upload)`);
  const { printed } = await account("rotate-key", "demo", "--key", named.publicKey, "--grace", "0");
  expect(await listed()).toContain(`${(await keysIn(printed)).publicKey} ("shop backend", generated, role upload)`);
});

test("one pair is replaced or revoked, and the others stay", async () => {
  const earlier = await create("upload");
  const { printed } = await account("rotate-key", "demo", "--key", earlier.publicKey, "--grace", "1h");
  const next = await keysIn(printed);
  const [, until = ""] = new RegExp(`^earlier pair ${earlier.publicKey} works until (\\S+)$`, "m").exec(printed) ?? [];
  expect(Math.abs(Date.parse(until) - Date.now() - 3_600_000)).toBeLessThan(60_000);
  expect(await listed()).toContain(`${next.publicKey} (generated, role upload)`);
  expect(await listed()).toMatch(new RegExp(`${earlier.publicKey} \\(generated, role upload, until `));
  const again = await account("rotate-key", "demo", "--key", earlier.publicKey);
  expect(again).toMatchObject({ code: 2, errors: expect.stringContaining("--key: this pair has an end already") });
  expect(await account("revoke-key", "demo", next.publicKey)).toMatchObject({ code: 0, errors: "" });
  expect(await listed()).not.toContain(next.publicKey);
});

describe("refused with one line and exit code 2:", () => {
  test.each([
    ["--role", "create-key", "demo", "--role", "admin"],
    ["--role", "create-key", "demo", "--role", "toString"],
    ["--may-overwrite", "create-key", "demo", "--role", "read", "--may-overwrite"],
    ["--name", "create-key", "demo", "--role", "read", "--name", " "],
    ["imagekitId", "create-key", "nobody", "--role", "read"],
    ["--key", "rotate-key", "demo", "--key", "public_nobodys"],
    ["--key and --all", "rotate-key", "demo", "--key", "public_a", "--all"],
    ["publicKey", "revoke-key", "demo", "public_nobodys"],
    ["imagekitId", "revoke-key", "nobody", "public_nobodys"],
  ])("%s in %s %s %s", async (named, ...args) => {
    const { code, printed, errors } = await account(...args);
    expect([code, printed]).toEqual([2, ""]);
    expect(errors).toMatch(new RegExp(`^sluice: .*${named}.*$`));
  });
});

test("sluice token inspect explains that the pair's role is what refuses a token, and mint never takes such a pair", async () => {
  const reads = await create("read");
  const token = await createUploadToken({ fileName: "a.txt" }, { ...reads, expiresIn: 60 });
  const { code, printed } = await runCommand(["token", "inspect", token, "--data-dir", folder]);
  expect(code).toBe(1);
  expect(printed).toContain("failed   key pair in force");
  expect(printed).toContain("The key pair has the role read, and this needs a pair with the role full or upload.");
  const uploads = await create("upload");
  const good = await createUploadToken({ fileName: "a.txt" }, { ...uploads, expiresIn: 60 });
  expect(await runCommand(["token", "inspect", good, "--data-dir", folder])).toMatchObject({ code: 0 });
  const minted = await runCommand(["token", "mint", "--file", "a.txt", "--data-dir", folder]);
  const [, header = ""] = /token=([\w-]+)\./.exec(minted.printed) ?? [];
  const { kid } = JSON.parse(Buffer.from(header, "base64url").toString());
  expect([reads.publicKey, uploads.publicKey]).not.toContain(kid);
});

test("a rotation of all leaves one pair, and an erased account leaves no file with a key", async () => {
  await create("read");
  const { printed } = await account("rotate-key", "demo", "--all", "--grace", "0");
  const { publicKey } = await keysIn(printed);
  expect(printed).toMatch(/^earlier pair public_\S+ has ended$/m);
  expect(await readFile(join(folder, "public-key-demo.txt"), "utf8")).toBe(`${publicKey}\n`);
  expect((await listed()).match(/public_\S+/g)).toEqual([publicKey]);
  expect(await account("delete", "demo", "--confirm", "demo")).toMatchObject({ code: 0 });
  expect((await readdir(folder)).filter((name) => /^(?:private|public)-key-/.test(name))).toEqual([]);
});
