import { createHash } from "node:crypto";
import { deliver, original } from "../../harness/deliver.ts";
import { call } from "../../harness/media-api.ts";
import type { Cluster } from "./cluster.ts";
import { type Presentation, present, type TokenUpload } from "./token-upload.ts";

/** The counts that decide in the end. Each has to be 0. */
export interface Judgement {
  /** Uploads that were acknowledged but are not stored with their bytes. */
  readonly lost: number;
  /** Tokens that were answered with 200 twice, or whose upload is stored twice. */
  readonly acceptedTwice: number;
  /** Uploads that were refused with the promise that nothing was stored, but are stored all the same. */
  readonly storedThoughRefused: number;
  /** Versions that belong to no upload, or have other bytes. */
  readonly strange: number;
}

const lanes = 8;

/** Presents every token once more, then reads every version, each through another node than the one that took it. */
export async function judge(
  { urls }: Pick<Cluster, "urls">,
  uploads: readonly TokenUpload[],
): Promise<{ readonly judgement: Judgement; readonly presentations: readonly Presentation[] }> {
  const urlOf = (node: number): string => urls[node % urls.length] as string;
  const presentations: Presentation[] = [];
  await inLanes(uploads, async (upload) => {
    const node = (upload.acceptances[0]?.node ?? 0) + 1;
    presentations.push(await present(upload, node % urls.length, urlOf(node)));
  });

  const takenBy = new Map(uploads.map((upload) => [keyOf(upload), upload.acceptances[0]?.node ?? 0]));
  const there = new Map<string, number>();
  await inLanes(await listPaths(urlOf(0)), async ({ fileId, filePath }) => {
    const { body: versions } = await call(urlOf(1), "GET", `/v1/files/${fileId}/versions`);
    for (const version of versions) {
      const { pathname, search } = new URL(version.url);
      let key = "";
      // The bytes show which node took the version. If it was the node just asked, read once more through another.
      for (let node = 0; node < 2; node++) {
        const { status, bytes } = await deliver(original(urlOf(node) + pathname + search));
        key = `${filePath} ${status === 200 ? sha256(bytes) : `status ${status}`}`;
        if (takenBy.get(key) !== node) break;
      }
      there.set(key, (there.get(key) ?? 0) + 1);
    }
  });

  const count = (isSo: (upload: TokenUpload, copies: number) => boolean): number =>
    uploads.filter((upload) => isSo(upload, there.get(keyOf(upload)) ?? 0)).length;
  const judgement = {
    lost: count(({ acceptances }, copies) => acceptances.length > 0 && copies === 0),
    acceptedTwice: count(({ acceptances }, copies) => acceptances.length > 1 || copies > 1),
    storedThoughRefused: count(
      ({ acceptances, isUnclear }, copies) => acceptances.length === 0 && !isUnclear && copies > 0,
    ),
    strange: [...there.keys()].filter((key) => !takenBy.has(key)).length,
  };
  return { judgement, presentations };
}

function keyOf({ fields, content }: TokenUpload): string {
  return `${fields.folder}/${fields.fileName} ${sha256(content)}`;
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

async function listPaths(url: string): Promise<{ readonly fileId: string; readonly filePath: string }[]> {
  const files = [];
  for (;;) {
    const { body } = await call(url, "GET", `/v1/files?limit=1000&skip=${files.length}`);
    files.push(...body);
    if (body.length < 1000) return files;
  }
}

async function inLanes<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const rest = items.values();
  const lane = async (): Promise<void> => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
