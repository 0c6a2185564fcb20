import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { deliver, original } from "../harness/deliver.ts";
import { call } from "../harness/media-api.ts";
import { seededRandom } from "../harness/random.ts";
import { sealedContent } from "../harness/sealed-content.ts";
import { create, patch, tus } from "../harness/tus.ts";
import { type Answer, mint } from "../harness/upload.ts";

/** One upload through a session, as its client knows it. */
export interface SessionUpload {
  readonly path: string;
  readonly content: Buffer;
  /** The session's path, without the server's address, which changes with each restart. Undefined if never answered. */
  session: string | undefined;
  /** The largest offset that an answer has promised. */
  acknowledged: number;
  /** The upload's answer, once the client has read it. */
  answer: Answer["body"] | undefined;
}

export interface SessionLoad {
  readonly uploads: readonly SessionUpload[];
  /** Breaks of promises that clients met, in words. */
  readonly offences: readonly string[];
  /** The number of requests that a fault befell. */
  readonly troubled: number;
  /** Begins no more uploads, and resolves when those under way are stored. */
  end(): Promise<void>;
}

const pauseMs = 30;

/**
 * Starts clients that upload through sessions, piece by piece, each piece to any of the servers. A client whose request
 * fails asks for the offset and goes on, for as long as it takes.
 * @param urls the servers' addresses as they are now
 */
export function startSessions(urls: () => readonly string[], clients: number, seed: number): SessionLoad {
  const random = seededRandom(seed);
  const uploads: SessionUpload[] = [];
  const offences: string[] = [];
  let [ended, troubled, turn] = [false, 0, 0];

  /** An answer, or undefined where the connection failed or the server could not say. */
  async function request(send: (url: string) => Promise<Answer>): Promise<Answer | undefined> {
    const all = urls();
    const answer = await send(all[turn++ % all.length] as string).catch(() => undefined);
    if (answer !== undefined && answer.status < 500 && answer.status !== 423) return answer;
    troubled++;
    await sleep(pauseMs);
    return undefined;
  }

  async function uploadOne(): Promise<void> {
    const number = uploads.length;
    const size = random.chance(0.2) ? random.between(5_000_000, 12_000_000) : random.between(70, 200_000);
    const fields = { fileName: `${number}.txt`, folder: "/sessions", useUniqueFileName: "false" };
    const content = sealedContent(`session ${number}`, size);
    const upload: SessionUpload = {
      path: `/sessions/${number}.txt`,
      content,
      session: undefined,
      acknowledged: 0,
      answer: undefined,
    };
    uploads.push(upload);
    const first = random.chance(0.3) ? { body: content.subarray(0, random.between(1, content.length)) } : {};
    const token = mint(fields, { expiresIn: 3600 });
    const created = await request((url) => create(url, fields, { token, length: content.length, ...first }));
    if (created?.status !== 201) {
      if (created !== undefined) offences.push(`a creation was answered ${JSON.stringify(created.body)}`);
      return;
    }
    upload.session = new URL(created.headers.get("location") ?? "").pathname;
    upload.acknowledged = Number(created.headers.get("upload-offset") ?? 0);
    while (upload.answer === undefined && offences.length === 0) await goOn(upload);
  }

  async function goOn(upload: SessionUpload): Promise<void> {
    const { content, session } = upload;
    const head = await request((url) => tus("HEAD", url + session));
    if (head === undefined) return;
    const offset = Number(head.headers.get("upload-offset"));
    if (head.status !== 200) offences.push(`${upload.path}: HEAD was answered ${head.status}`);
    else if (offset < upload.acknowledged) {
      offences.push(`${upload.path}: ${upload.acknowledged} bytes were acknowledged, and ${offset} are there`);
    } else if (offset === content.length) {
      const answer = await request((url) => tus("GET", url + session));
      if (answer?.status === 200) upload.answer = answer.body;
      else if (answer !== undefined && answer.status !== 202) offences.push(`${upload.path}: GET ${answer.status}`);
    } else {
      const size = random.chance(0.5) ? content.length - offset : random.between(1, 4_000_000);
      const piece = content.subarray(offset, offset + size);
      const answer = await request((url) => patch(url + session, offset, piece));
      if (answer?.status === 204) upload.acknowledged = Number(answer.headers.get("upload-offset"));
      else if (answer !== undefined && answer.status !== 409) {
        offences.push(`${upload.path}: PATCH was answered ${answer.status} ${JSON.stringify(answer.body)}`);
      }
    }
  }

  const running = Promise.all(
    Array.from({ length: clients }, async () => {
      while (!ended && offences.length === 0) await uploadOne();
    }),
  );
  return {
    uploads,
    offences,
    get troubled() {
      return troubled;
    },
    async end() {
      ended = true;
      await running;
    },
  };
}

/** Expects each upload that ended to be stored once with its bytes, and no other file to be there. */
export async function expectStoredOnce(url: string, uploads: readonly SessionUpload[]): Promise<void> {
  const byPath = new Map<string, { fileId: string; size: number; url: string }>();
  for (let page = 0; ; page++) {
    const { body } = await call(url, "GET", `/v1/files?path=/sessions&limit=1000&skip=${page * 1000}`);
    for (const file of body) byPath.set(file.filePath, file);
    if (body.length < 1000) break;
  }
  const done = uploads.filter(({ answer }) => answer !== undefined);
  for (const { path, content, answer } of done) {
    const file = byPath.get(path);
    expect(file, path).toMatchObject({ fileId: answer.fileId, size: content.length });
    const { body: versions } = await call(url, "GET", `/v1/files/${answer.fileId}/versions`);
    expect(versions, path).toHaveLength(1);
    const target = new URL(answer.url);
    const { status, bytes } = await deliver(original(url + target.pathname + target.search));
    expect([status, bytes.equals(content)], path).toEqual([200, true]);
    byPath.delete(path);
  }
  // A creation with all of its bytes may have been carried out though its answer was lost. That file is whole as well.
  const unanswered = new Map(uploads.filter(({ session }) => session === undefined).map((one) => [one.path, one]));
  for (const [path, { url: fileUrl }] of byPath) {
    const target = new URL(fileUrl);
    const { bytes } = await deliver(original(url + target.pathname + target.search));
    expect(unanswered.get(path)?.content.equals(bytes), `${path} is a file of nobody`).toBe(true);
  }
}
