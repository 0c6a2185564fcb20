import { expect } from "vitest";
import { fetchOriginal, listFiles } from "./library.ts";
import { call } from "./media-api.ts";
import { type Answer, uploadBasic } from "./upload.ts";

const folders = ["/storm", "/storm/a", "/storm/b", "/other"];
const names = ["1.txt", "2.txt", "3.txt", "4.txt", "5.txt", "6.txt"];

/** The counts of a storm's requests, by operation, status and reason. A request without an answer has the status 0. */
export type StormAnswers = Map<string, number>;

export interface Storm {
  readonly answers: StormAnswers;
  /** Answers that no client may get. */
  readonly offences: string[];
}

/** 503s that are documented: others hold the same files, or a process has just died. */
const busy: ReadonlySet<string> = new Set(["SERVER_BUSY", "SERVER_STARTING", "STORAGE_UNAVAILABLE", "OUTCOME_UNKNOWN"]);

const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(Math.random() * items.length)] as Item;
const anyPath = () => `${pick(folders)}/${pick(names)}`;

/** The operations of the clients, all in the same few folders and under the same few names. */
const operations: Readonly<Record<string, (url: string) => Promise<Answer>>> = {
  upload: (url) => {
    const fields = { folder: pick(folders), fileName: pick(names), useUniqueFileName: "false" };
    return uploadBasic(url, `content ${Math.floor(Math.random() * 1000)}`, fields);
  },
  copy: (url) => {
    const places = { sourceFilePath: anyPath(), destinationPath: pick(folders) };
    return call(url, "POST", "/v1/files/copy", { body: { ...places, includeFileVersions: Math.random() < 0.3 } });
  },
  move: (url) =>
    call(url, "POST", "/v1/files/move", { body: { sourceFilePath: anyPath(), destinationPath: pick(folders) } }),
  rename: (url) =>
    call(url, "PUT", "/v1/files/rename", {
      body: { filePath: anyPath(), newFileName: pick(names), purgeCache: Math.random() < 0.2 },
    }),
  delete: async (url) =>
    call(url, "POST", "/v1/files/batch/deleteByFileIds", { body: { fileIds: await someIds(url) } }),
  deleteOne: async (url) => call(url, "DELETE", `/v1/files/${pick(await someIds(url))}`),
  restore: async (url) => call(url, "POST", "/_sluice/trash/restore", { body: { fileIds: await someTrashedIds(url) } }),
  empty: async (url) =>
    call(url, "POST", "/_sluice/trash/empty", {
      body: Math.random() < 0.1 ? { all: true } : { fileIds: (await someTrashedIds(url)).slice(0, 1) },
    }),
  addTags: async (url) =>
    call(url, "POST", "/v1/files/addTags", { body: { fileIds: await someIds(url), tags: [pick(names)] } }),
  removeTags: async (url) =>
    call(url, "POST", "/v1/files/removeTags", { body: { fileIds: await someIds(url), tags: [pick(names)] } }),
};

async function someIds(url: string): Promise<string[]> {
  const { status, body } = await call(url, "GET", `/v1/files?limit=8&skip=${Math.floor(Math.random() * 8)}`);
  return someOf(status === 200 ? body : []);
}

async function someTrashedIds(url: string): Promise<string[]> {
  const { status, body } = await call(url, "GET", "/_sluice/trash?limit=8");
  return someOf(status === 200 ? body.files : []);
}

function someOf(files: readonly { readonly fileId: string }[]): string[] {
  const ids = files.map(({ fileId }) => fileId);
  return ids.length === 0 ? ["0".repeat(24)] : ids.slice(0, 1 + Math.floor(Math.random() * 3));
}

interface StormOptions {
  readonly clients?: number;
  /** Whether processes die meanwhile, so that a request may get no answer. */
  readonly lossy?: boolean;
  /** The kinds of requests for which the storm goes on, because a busy machine has done none of them yet. */
  readonly awaited?: readonly string[];
  /** Ends the storm before its time, because its server has gone. */
  readonly gone?: AbortSignal;
}

/** The time for which a storm goes on at most. */
const patienceMs = 20_000;

/** Runs clients that organise the same files for some time. */
export async function runStorm(
  url: string,
  ms: number,
  { clients = 32, lossy = false, awaited = [], gone }: StormOptions = {},
): Promise<Storm> {
  const storm: Storm = { answers: new Map(), offences: [] };
  const begun = performance.now();
  const goesOn = (): boolean => {
    if (gone?.aborted === true) return false;
    const passed = performance.now() - begun;
    return passed < ms || (passed < patienceMs && !awaited.every((kind) => kindsDone(storm).has(kind)));
  };
  const uploads = Array<string>(4).fill("upload");
  const kinds = [...uploads, ...Object.keys(operations)];
  const client = async (): Promise<void> => {
    while (goesOn()) {
      const kind = pick(kinds);
      const outcome = await (operations[kind]?.(url) ?? Promise.reject()).then(
        ({ status, body }) => ({ status, reason: String(body?.reason ?? "") }),
        () => ({ status: 0, reason: "no answer" }),
      );
      const { status, reason } = outcome;
      const key = `${kind} ${status}${reason === "" ? "" : ` ${reason}`}`;
      storm.answers.set(key, (storm.answers.get(key) ?? 0) + 1);
      const lost = status === 0 && lossy;
      const isBusy = status === 503 && (lossy ? busy.has(reason) : reason === "SERVER_BUSY");
      if ((status === 0 || status >= 500) && !lost && !isBusy) storm.offences.push(key);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return storm;
}

/** Checks what has to hold of the library, whatever a storm did. `sluice fsck` checks the rest. */
export async function expectSound(url: string): Promise<void> {
  const files = await listFiles(url);
  const trashed: { fileId: string }[] = (await call(url, "GET", "/_sluice/trash?limit=1000")).body.files;
  const ids = [...files, ...trashed].map(({ fileId }) => fileId);
  expect(ids).toEqual([...new Set(ids)]);
  const paths = files.map(({ filePath }) => filePath);
  expect(paths).toEqual([...new Set(paths)]);
  for (const { fileId, url: fileUrl } of files) {
    const versions: { type: string; versionInfo: { id: string; name: string } }[] = (
      await call(url, "GET", `/v1/files/${fileId}/versions`)
    ).body;
    expect(versions.map(({ type }) => type)).toEqual(["file", ...versions.slice(1).map(() => "file-version")]);
    const numbers = versions.map(({ versionInfo }) => versionInfo.name);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(versions.length).toBeLessThanOrEqual(100);
    expect((await fetchOriginal(url, fileUrl)).toString()).toMatch(/^content \d+$/);
  }
}

/** The kinds of requests of which at least one was done. */
function kindsDone({ answers }: Storm): Set<string> {
  return new Set([...answers.keys()].filter((key) => / 2\d\d/.test(key)).map((key) => key.split(" ")[0] ?? ""));
}

/** Expects that at least one request of each kind was done, so that a storm shows something of each. */
export function expectEveryKind(storm: Storm, kinds = Object.keys(operations)): void {
  expect([...kindsDone(storm)]).toEqual(expect.arrayContaining(kinds));
}
