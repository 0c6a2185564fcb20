import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { type FileHandle, open } from "node:fs/promises";
import { get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import type { CuttingProxy } from "../harness/cutting-proxy.ts";
import { listFiles } from "../harness/library.ts";
import { ask } from "../harness/tus.ts";
import type { WebhookReceiver } from "../harness/webhook-receiver.ts";

const MB = 1_000_000;

export interface SourceFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Writes a file of random bytes, of which every megabyte is another one. */
export async function writeSource(path: string, bytes: number): Promise<SourceFile> {
  const hash = createHash("sha256");
  const file: FileHandle = await open(path, "w");
  try {
    for (let left = bytes; left > 0; left -= MB) {
      const block = randomBytes(Math.min(left, MB));
      hash.update(block);
      await file.write(block);
    }
  } finally {
    await file.close();
  }
  return { path, bytes, sha256: hash.digest("hex") };
}

/** The troubles that the network, the client and the server have during an upload. */
export interface Ordeal {
  readonly proxy: CuttingProxy;
  /** The number of cuts, at about equal distances. */
  readonly cuts: number;
  /** The cuts after which the client is killed as well. */
  readonly killsClient: ReadonlySet<number>;
  /** Called at each cut, with its number from 1 on, before connections are let through again. */
  atCut(cut: number): Promise<void>;
}

/** Something that uploads the file and can be killed. It goes on where it was when it is started again. */
export interface KillableClient {
  start(): Promise<void>;
  kill(): Promise<void>;
  /** Resolves with the session's URL once the upload has ended. */
  readonly ended: Promise<string>;
}

/** Uploads the file through all troubles. @returns the session */
export async function suffer(
  source: SourceFile,
  client: KillableClient,
  { proxy, cuts, killsClient, atCut }: Ordeal,
): Promise<string> {
  const distance = Math.floor(source.bytes / (cuts * 1.3));
  // Each cut is set before a client begins or goes on: one that starts slowly may have sent much by then.
  let next = proxy.cutAfter(distance);
  await client.start();
  for (let cut = 1; cut <= cuts; cut++) {
    const tooSoon = client.ended.then(() => Promise.reject(new Error(`the upload ended before cut ${cut}`)));
    await Promise.race([next, tooSoon]);
    if (cut < cuts) next = proxy.cutAfter(distance);
    if (killsClient.has(cut)) await client.kill();
    await atCut(cut);
    if (killsClient.has(cut)) await client.start();
  }
  return client.ended;
}

/** Expects the upload's file to be the only one, with the right hash. @returns its id */
export async function expectStoredOnce(url: string, session: string, source: SourceFile): Promise<string> {
  const { status, body } = await ask(url + new URL(session).pathname);
  expect([status, body.size]).toEqual([200, source.bytes]);
  const files = await listFiles(url);
  expect(files.map(({ fileId }) => fileId)).toEqual([body.fileId]);
  const { pathname } = new URL(body.url);
  expect(await hashAt(`${url}${pathname}?tr=orig-true`)).toBe(source.sha256);
  return body.fileId;
}

/** Expects the file's event to have been told, and nothing else. */
export async function expectOneEvent(webhooks: WebhookReceiver, fileId: string): Promise<void> {
  await expect.poll(() => webhooks.received.length, { timeout: 60_000 }).toBeGreaterThan(0);
  await sleep(2000);
  const events = webhooks.received.map(({ event }) => `${event.type} ${event.data?.fileId ?? ""}`);
  expect(events).toEqual([`file.created ${fileId}`]);
}

/** The SHA-256 of what a URL delivers. */
export async function hashAt(url: string): Promise<string> {
  const hash = createHash("sha256");
  const [answer] = await once(get(url), "response");
  for await (const chunk of answer) hash.update(chunk);
  return hash.digest("hex");
}
