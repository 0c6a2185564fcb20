import { type ChildProcess, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { type FileHandle, open } from "node:fs/promises";
import { get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { type CuttingProxy, startCuttingProxy } from "../harness/cutting-proxy.ts";
import { listFiles } from "../harness/library.ts";
import { ask } from "../harness/tus.ts";
import { mint } from "../harness/upload.ts";
import { startWebhookReceiver, type WebhookReceiver } from "../harness/webhook-receiver.ts";

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
  readonly webhooks: WebhookReceiver;
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

/** The cuts after which the client is killed as well. */
const killsClient: ReadonlySet<number> = new Set([3, 7]);

/** Cuts the network ten times at about equal distances, and kills the client at two of them. @returns the session */
export async function cutTenTimes(source: SourceFile, client: KillableClient, ordeal: Ordeal): Promise<string> {
  await client.start();
  for (let cut = 1; cut <= 10; cut++) {
    await ordeal.proxy.cutAfter(Math.floor(source.bytes / 13));
    if (killsClient.has(cut)) await client.kill();
    await ordeal.atCut(cut);
    if (killsClient.has(cut)) await client.start();
  }
  return client.ended;
}

/** Expects the file to be stored once with the right hash, and its event to have been told once. */
export async function expectSurvived(url: string, session: string, source: SourceFile, webhooks: WebhookReceiver) {
  const { status, body } = await ask(url + new URL(session).pathname);
  expect([status, body.size]).toEqual([200, source.bytes]);
  const files = await listFiles(url);
  expect(files.map(({ fileId }) => fileId)).toEqual([body.fileId]);
  const target = new URL(body.url);
  expect(await hashAt(`${url}${target.pathname}?tr=orig-true`)).toBe(source.sha256);
  await expect.poll(() => webhooks.received.length, { timeout: 60_000 }).toBeGreaterThan(0);
  await sleep(2000);
  const events = webhooks.received.map(({ event }) => `${event.type} ${event.data?.fileId ?? ""}`);
  expect(events).toEqual([`file.created ${body.fileId}`]);
}

/** The SHA-256 of what a URL delivers. */
export async function hashAt(url: string): Promise<string> {
  const hash = createHash("sha256");
  const [answer] = await once(get(url), "response");
  for await (const chunk of answer) hash.update(chunk);
  return hash.digest("hex");
}

export async function openOrdeal(): Promise<Pick<Ordeal, "proxy" | "webhooks">> {
  return { proxy: await startCuttingProxy("http://127.0.0.1:9"), webhooks: await startWebhookReceiver() };
}

export interface NodeClientOptions {
  readonly source: SourceFile;
  readonly endpoint: string;
  readonly fields: Readonly<Record<string, string>>;
  /** The file in which the client remembers its sessions. */
  readonly storage: string;
}

/** tus-js-client in a process of its own, which is killed with SIGKILL. */
export function nodeClient({ source, endpoint, fields, storage }: NodeClientOptions): KillableClient {
  const { promise: ended, resolve, reject } = Promise.withResolvers<string>();
  const script = fileURLToPath(new URL("tus-client.ts", import.meta.url));
  const metadata = JSON.stringify({ ...fields, token: mint(fields, { expiresIn: 3600 }) });
  let child: ChildProcess | undefined;
  return {
    ended,
    async start() {
      const started = spawn(process.execPath, [script, source.path, endpoint, metadata, storage]);
      child = started;
      let [output, errors] = ["", ""];
      started.stdout.on("data", (text: Buffer) => {
        output += text;
      });
      started.stderr.on("data", (text: Buffer) => {
        errors += text;
      });
      started.once("exit", (code) => {
        if (code === 0) resolve(output.trim());
        else if (code !== null) reject(new Error(`the client ended with ${code}: ${errors}`));
      });
    },
    async kill() {
      const exited = child && once(child, "exit");
      child?.kill("SIGKILL");
      await exited;
    },
  };
}
