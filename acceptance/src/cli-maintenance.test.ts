import { rm, truncate } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CommandResult, sluice } from "./harness/command.ts";
import { blobFiles, spoolFiles, withTemporaryFolder } from "./harness/data-dir.ts";
import { expectRefusal, expectStored } from "./harness/expectations.ts";
import { fetchOriginal, listFiles } from "./harness/library.ts";
import { filePart, textPart, textParts } from "./harness/multipart.ts";
import { openUpload } from "./harness/open-upload.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { basic, mint, uploadBasic, uploadWithToken } from "./harness/upload.ts";

const MiB = 1024 * 1024;
const fields = { fileName: "kept.txt" } as const;

let server: RunningServer;
beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server?.stop());

function fsck(...flags: string[]): Promise<CommandResult> {
  return sluice(["fsck", "--data-dir", server.dataDir, ...flags]);
}

describe("sluice fsck", () => {
  beforeEach(async () => {
    for (const content of ["one", "two", "two"]) expectStored(await uploadBasic(server.url, content, fields));
  });

  test("finds nothing wrong beside a running server, nor with every byte read", async () => {
    for (const result of [await fsck(), await fsck("--deep")]) {
      expect(result).toMatchObject({ code: 0, stderr: "" });
      expect(result.stdout).toContain("3 files");
      expect(result.stdout).toMatch(/\bclean\b/);
    }
  });

  test("exits with 1 and names the blob when its file was cut short by hand", async () => {
    const [blob = ""] = await blobFiles(server.dataDir);
    await truncate(blob, 1);
    const { code, stdout } = await fsck();
    expect(code).toBe(1);
    expect(stdout).toMatch(/problem: .*has 1 bytes in the store instead of 3/);
  });

  test("exits with 1 and names the blob when its file was deleted by hand", async () => {
    const [blob = ""] = await blobFiles(server.dataDir);
    await rm(blob);
    const { code, stdout } = await fsck();
    expect(code).toBe(1);
    expect(stdout).toMatch(/problem: .*has no object in the store/);
  });

  test("finds with --deep what has the right length and other bytes", async () => {
    const [blob = ""] = await blobFiles(server.dataDir);
    await truncate(blob, 0);
    await truncate(blob, 3);
    expect(await fsck()).toMatchObject({ code: 0 });
    const { code, stdout } = await fsck("--deep");
    expect(code).toBe(1);
    expect(stdout).toMatch(/problem: .*other content/);
  });
});

describe("sluice sweep", () => {
  const sweep = () => sluice(["sweep", "--data-dir", server.dataDir]);

  test("runs beside a running server and takes nothing that is needed", async () => {
    const token = mint(fields);
    const stored = await uploadWithToken(server.url, "kept", fields, token);
    expectStored(stored);
    const deleted = await uploadBasic(server.url, "deleted just now", fields);
    const path = `${server.url}/v1/files/${deleted.body.fileId}`;
    await fetch(path, { method: "DELETE", headers: { authorization: basic } });

    const half = Buffer.concat([Buffer.alloc(2 * MiB, 1), Buffer.from("the rest"), Buffer.alloc(MiB, 1)]);
    const parts = [filePart(half), ...textParts(fields), textPart("token", mint(fields))];
    const upload = openUpload(server.url, parts);
    await upload.sendUntil("the rest");
    await expect.poll(() => spoolFiles(server.dataDir)).toHaveLength(1);

    const [result] = await Promise.all([sweep(), uploadBasic(server.url, "at the same time", fields)]);
    expect(result).toMatchObject({ code: 0, stderr: "" });

    upload.finish();
    expectStored(await upload.answer);
    expect((await fetchOriginal(server.url, stored.body.url)).toString()).toBe("kept");
    expectRefusal(await uploadWithToken(server.url, "kept", fields, token), 400, "TOKEN_USED");
    expect(await listFiles(server.url)).toHaveLength(3);
    expect(await fsck("--deep")).toMatchObject({ code: 0 });
  });
});

test("commands beside a server need its data, and make none", async () => {
  await withTemporaryFolder(async (folder) => {
    const nothing = join(folder, "nothing");
    for (const command of [["fsck"], ["sweep"], ["account", "list"]]) {
      const { code, stdout, stderr } = await sluice([...command, "--data-dir", nothing]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toMatch(/^sluice: .*--data-dir.*\n$/);
      await expect(blobFiles(nothing)).rejects.toThrow("ENOENT");
    }
  });
});
