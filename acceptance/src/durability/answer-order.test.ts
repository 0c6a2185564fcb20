import { createHash } from "node:crypto";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectRefusal, expectStored } from "../harness/expectations.ts";
import { describeWhere } from "../harness/needs.ts";
import { startTracedServer, straceProblem } from "../harness/traced-server.ts";
import { type Answer, mint, uploadBasic, uploadWithToken } from "../harness/upload.ts";
import { type AnsweredUpload, proveToken, proveUpload } from "./trace/answer-order.ts";
import type { Trace } from "./trace/trace.ts";

const text = (name: string, length = 2000) => Buffer.from(`${name} `.repeat(length).slice(0, length));

function answered(answer: Answer, content: Buffer, token?: string): AnsweredUpload {
  expectStored(answer);
  return {
    requestId: answer.headers.get("x-ik-requestid") ?? "",
    versionId: answer.body.versionInfo.id,
    content,
    ...(token === undefined ? {} : { digest: digestOf(token) }),
  };
}

/** The digest by which the ledger identifies a token (docs/protocol/upload.md §3). */
function digestOf(token: string): Buffer {
  return createHash("sha256")
    .update(token.slice(0, token.lastIndexOf(".")))
    .digest();
}

async function withToken(url: string, content: Buffer, fields: Record<string, string>, token = mint(fields)) {
  return { token, answer: await uploadWithToken(url, content, fields, token) };
}

/**
 * Waits until nobody writes to the file for a while. The jobs of a start sync the log as well, and such a sync just
 * before an answer would stand in for the sync that the answer has to wait for.
 */
async function untilUnwritten(path: string): Promise<void> {
  for (let before = -1; ; ) {
    const { mtimeMs } = await stat(path);
    if (mtimeMs === before) return;
    before = mtimeMs;
    await sleep(1000);
  }
}

describeWhere(straceProblem(), "the answer waits for the disk", () => {
  let folder: string;
  let trace: Trace;
  const uploads: AnsweredUpload[] = [];
  const refusals: { readonly requestId: string; readonly digest: Buffer }[] = [];

  const upload = async (url: string, content: Buffer, fields: Record<string, string>) => {
    const { answer, token } = await withToken(url, content, fields);
    uploads.push(answered(answer, content, token));
  };

  /** Records the answers to one token that was sent several times: one upload is stored, the rest are refused. */
  const replay = (answers: readonly Answer[], token: string, content: Buffer) => {
    for (const answer of answers) {
      if (answer.status === 200) uploads.push(answered(answer, content, token));
      else {
        expectRefusal(answer, 400, "TOKEN_USED");
        refusals.push({ requestId: answer.headers.get("x-ik-requestid") ?? "", digest: digestOf(token) });
      }
    }
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "sluice-trace-"));
    const server = await startTracedServer(join(folder, "data"), join(folder, "strace.log"));
    try {
      const { url } = server;
      await untilUnwritten(join(folder, "data", "sluice.sqlite-wal"));
      await upload(url, text("one after another"), { fileName: "first.txt" });
      await upload(url, text("larger", 700_000), { fileName: "large.txt", folder: "/deep/er" });
      await upload(url, text("one after another"), { fileName: "adopted.txt" });
      const overwriting = { fileName: "same.txt", useUniqueFileName: "false" };
      await upload(url, text("version 1"), overwriting);
      await upload(url, text("version 2"), overwriting);
      const plain = text("in server mode");
      uploads.push(answered(await uploadBasic(url, plain, { fileName: "basic.txt" }), plain));

      const fields = { fileName: "replayed.txt" };
      const { token, answer } = await withToken(url, text("replayed"), fields);
      replay([answer, await uploadWithToken(url, text("replayed"), fields, token)], token, text("replayed"));

      const together = Array.from({ length: 24 }, (_, index) => {
        const content = text(`at once ${index % 8}`, 20_000 + 5000 * (index % 8));
        return upload(url, content, { fileName: `${index}.txt`, folder: `/at-once/${index % 3}` });
      });
      const shared = mint(fields);
      const race = Array.from({ length: 6 }, () => uploadWithToken(url, text("raced"), fields, shared));
      await Promise.all(together);
      replay(await Promise.all(race), shared, text("raced"));
    } finally {
      await server.stop();
    }
    trace = await server.readTrace();
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("each stored upload was durable, bytes and rows, before its answer left", () => {
    expect(uploads).toHaveLength(32);
    for (const upload of uploads) proveUpload(trace, upload);
  });

  test("each refusal that says a token was used waited for the ledger's row", () => {
    expect(refusals).toHaveLength(6);
    for (const refusal of refusals) proveToken(trace, refusal);
  });

  test.each([
    ["an upload alone", 0],
    ["a large one in new folders", 1],
    ["an overwriting one", 4],
  ])("the proof of %s needs every one of its events, and each in its place", (_, index) => {
    const upload = uploads[index];
    if (upload === undefined) throw new Error("there is no such upload");
    const evidence = proveUpload(trace, upload);
    expect(evidence.length).toBeGreaterThan(10);
    for (const event of evidence) {
      const without = trace.filter((other) => other !== event);
      expect(() => proveUpload(without, upload), `without ${describeEvent(event)}`).toThrow();
      if (event === evidence.at(-1)) continue;
      const late = { ...event, begin: trace.length + 1e9, end: trace.length + 1e9 };
      expect(() => proveUpload([...without, late], upload), `${describeEvent(event)} too late`).toThrow();
    }
  });
});

function describeEvent(event: Trace[number]): string {
  return `${event.kind} ${"path" in event ? event.path : ""} ${event.begin}`;
}
