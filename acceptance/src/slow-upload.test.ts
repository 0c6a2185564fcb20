import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { spoolFiles } from "./harness/data-dir.ts";
import { expectRefusal, expectStored } from "./harness/expectations.ts";
import { filePart, textPart, textParts } from "./harness/multipart.ts";
import { openUpload } from "./harness/open-upload.ts";
import { unixTime } from "./harness/raw-token.ts";
import { type RunningServer, startServer } from "./harness/server.ts";
import { mint, uploadWithToken } from "./harness/upload.ts";

const MiB = 1024 * 1024;
const fields = { fileName: "slow.bin" } as const;

let server: RunningServer;
beforeAll(async () => {
  server = await startServer({ flags: ["--slow-request-ms", "2000"] });
});
afterAll(() => server?.stop());

/** Opens an upload that has sent nearly everything of its file, but not its token. */
async function openWithFileSent(token: string, uploadsBefore: number) {
  const parts = [filePart(Buffer.alloc(2 * MiB, 0x61)), ...textParts(fields), textPart("token", token)];
  const upload = openUpload(server.url, parts);
  await upload.sendUntil('name="token"');
  await expect.poll(() => spoolFiles(server.dataDir)).toHaveLength(uploadsBefore + 1);
  return upload;
}

async function expiry(token: string): Promise<void> {
  const { exp } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
  await expect.poll(unixTime).toBeGreaterThan(exp);
}

describe("a token's lifetime is judged at the arrival of the request's headers", () => {
  test("a slow upload whose token expires under way is accepted, and uses the token up", async () => {
    const token = mint(fields, { expiresIn: 3 });
    const [first, second] = [await openWithFileSent(token, 0), await openWithFileSent(token, 1)];
    await expiry(token);
    first.finish();
    expectStored(await first.answer);
    // The second upload arrived in time as well, so it is not told that it came too late.
    second.finish();
    expectRefusal(await second.answer, 400, "TOKEN_USED");
    expectRefusal(await uploadWithToken(server.url, "hello", fields, token), 400, "TOKEN_EXPIRED");
  });

  test("a request whose headers arrive after the expiry is refused, however fast it is then", async () => {
    const token = mint(fields, { expiresIn: 1 });
    await expiry(token);
    expectRefusal(await uploadWithToken(server.url, "hello", fields, token), 400, "TOKEN_EXPIRED");
  });
});

test("a body that arrives in pieces of a few bytes is the same body", async () => {
  const parts = [filePart("trickled content"), ...textParts(fields), textPart("token", mint(fields))];
  const upload = openUpload(server.url, parts);
  for (const stop of [
    "filename=",
    "octet-stream",
    "trickled",
    "content\r\n",
    "fileName",
    "slow.bin",
    "token",
    "--\r\n",
  ]) {
    await upload.sendUntil(stop);
  }
  upload.finish();
  const answer = await upload.answer;
  expectStored(answer);
  expect(answer.body.size).toBe("trickled content".length);
});

test("an upload that its client takes seconds for is no slow request in the log", () => {
  expect(server.output()).toContain('"msg":"answered"');
  expect(server.output()).not.toContain("slow request");
});
