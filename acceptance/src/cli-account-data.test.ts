import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createAccount } from "./harness/account.ts";
import { sluice } from "./harness/command.ts";
import { withTemporaryFolder } from "./harness/data-dir.ts";
import { expectRefusal, expectStored } from "./harness/expectations.ts";
import { expectClean } from "./harness/fsck.ts";
import { listFiles } from "./harness/library.ts";
import { filePart, textPart, textParts } from "./harness/multipart.ts";
import { openUpload } from "./harness/open-upload.ts";
import { alive, header, signRaw } from "./harness/raw-token.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { uploadBasic } from "./harness/upload.ts";

const fields = { fileName: "kept.txt", useUniqueFileName: "false" } as const;

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

const account = (...args: string[]) => sluice(["account", ...args, "--data-dir", server.dataDir]);

test("beside a running server an account's data is handed over, then erased at once, and nobody else's", async () => {
  const { authorization, publicKey, privateKey } = await createAccount(server.dataDir, "acme");
  const ours = await uploadBasic(server.url, "equal", fields, { authorization });
  const others = await uploadBasic(server.url, "equal", fields);
  for (const stored of [ours, others]) expectStored(stored);
  expect((await fetch(ours.body.url)).status).toBe(200);

  await withTemporaryFolder(async (folder) => {
    const to = join(folder, "handed-over");
    const handed = await account("export", "acme", "--to", to);
    expect(handed).toMatchObject({ code: 0, stderr: "" });
    expect(handed.stdout).toMatch(/^files: 1, /m);
    expect(await readFile(join(to, "files", "kept.txt"), "utf8")).toBe("equal");
    const manifest = await readFile(join(to, "manifest.jsonl"), "utf8");
    expect(manifest).toContain('"path":"files/kept.txt"');
    expect(manifest + (await readFile(join(to, "rows", "key_pairs.jsonl"), "utf8"))).not.toContain(privateKey);
  });

  // The token has been accepted, and the file is still on its way.
  const payload = { fileName: "late.txt" };
  const token = signRaw({ header: header({ kid: publicKey }), payload: alive(payload), privateKey });
  const late = openUpload(server.url, [textPart("token", token), ...textParts(payload), filePart("on its way")]);
  await late.sendUntil("on its way");

  const refused = await account("delete", "acme", "--confirm", "demo");
  expect(refused).toMatchObject({ code: 2, stdout: "" });
  expect(refused.stderr).toMatch(/^sluice: --confirm acme must be given/);
  expect((await fetch(ours.body.url)).status).toBe(200);

  const erased = await account("delete", "acme", "--confirm", "acme");
  expect(erased).toMatchObject({ code: 0, stderr: "" });
  expect(erased.stdout).toMatch(/^erased the account acme$/m);
  expect((await fetch(ours.body.url)).status).toBe(404);
  late.finish();
  expect((await late.answer).status).toBe(403);
  expectRefusal(await uploadBasic(server.url, "again", fields, { authorization }), 403, "ACCOUNT_NOT_AUTHENTICATED");

  expect(await (await fetch(others.body.url)).text()).toBe("equal");
  expect(await listFiles(server.url)).toHaveLength(1);
  await expectClean(server.dataDir);
});
