import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "../app/open-database.ts";
import { resolveConfig } from "../config/resolve-config.ts";
import { openConsoleDoor } from "../console/console-door.ts";
import { signIn } from "../console/sign-in.ts";
import { runCommand } from "./testing/run-command.ts";

let folder: string;
let startLink: string;

const isConsoleLine = (line: string) => line.startsWith("  console");
const serve = (interactive: boolean, ...flags: string[]) =>
  runCommand(["serve", "--port", "0", "--data-dir", folder, "--log-level", "silent", ...flags], {
    interactive,
    endAfter: isConsoleLine,
  });
const link = (...flags: string[]) => runCommand(["console-link", "--data-dir", folder, ...flags]);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sluice-link-"));
  const { printed } = await serve(true);
  startLink = /console +(\S+) \(signs in once, within an hour\)/.exec(printed)?.[1] ?? "";
});
afterAll(() => rm(folder, { recursive: true }));

/** Signs in with the secret of a link. @returns the session's account and role */
async function use(printed: string): Promise<readonly [string, string]> {
  const config = resolveConfig({ dataDir: folder });
  const database = await openDatabase(config);
  try {
    const [, secret = ""] = printed.split("#link=");
    const asked = { proof: { link: secret }, address: "127.0.0.1", client: "", earlier: undefined };
    const { session } = await signIn(openConsoleDoor({ config, database, now: Date.now }), asked);
    return [session.principal.imagekitId, session.role];
  } finally {
    await database.close();
  }
}

test("a start at a terminal prints a link that signs in once", async () => {
  expect(startLink).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/console#link=[\w-]{43}$/);
  expect(await use(startLink)).toEqual(["demo", "full"]);
  await expect(use(startLink)).rejects.toThrow("doesn't sign in any more");
});

test("a start elsewhere prints none: output tends to be kept there", async () => {
  const { printed } = await serve(false);
  expect(printed).toMatch(/console +http:\/\/127\.0\.0\.1:\d+\/console \(sluice console-link/);
  expect(printed).not.toContain("#link");
});

test("sluice console-link prints a link alone, for the account and the role that are asked for", async () => {
  const made = await link("--port", "3210");
  expect(made).toMatchObject({ code: 0, errors: "" });
  expect(made.printed).toMatch(/^http:\/\/127\.0\.0\.1:3210\/console#link=[\w-]{43}$/);
  expect(await use(made.printed)).toEqual(["demo", "full"]);
  await runCommand(["account", "create", "other", "--data-dir", folder]);
  const other = await link("--account", "other", "--read-only", "--public-url", "https://media.example");
  expect(other.printed).toMatch(/^https:\/\/media\.example\/console#link=/);
  expect(await use(other.printed)).toEqual(["other", "read"]);
  const apart = ["--public-url", "https://media.example", "--console-origin", "https://console.example"];
  expect((await link(...apart)).printed).toMatch(/^https:\/\/console\.example\/console#link=/);
});

test("where the console is off, there is no link to it", async () => {
  const { code, printed, errors } = await link("--no-console");
  expect([code, printed]).toEqual([2, ""]);
  expect(errors).toContain("--no-console");
});

test("it says where nobody could sign in, and what account there isn't", async () => {
  expect((await link("--host", "10.0.0.1")).errors).toContain("over plain HTTP");
  const { code, printed, errors } = await link("--account", "nobody");
  expect([code, printed, errors]).toEqual([2, "", "sluice: --account: there is no account nobody"]);
});
