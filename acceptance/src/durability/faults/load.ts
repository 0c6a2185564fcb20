import { setTimeout as sleep } from "node:timers/promises";
import { deliver, original } from "../../harness/deliver.ts";
import { seededRandom } from "../../harness/random.ts";
import { sealedContent } from "../../harness/sealed-content.ts";
import type { Cluster } from "./cluster.ts";
import { newTokenUpload, type Presentation, present, type TokenUpload } from "./token-upload.ts";

export interface Load {
  readonly uploads: readonly TokenUpload[];
  readonly presentations: readonly Presentation[];
  readonly reads: Reads;
  /** Lets each client finish its current request. @throws the first impossible result that a client met */
  end(): Promise<void>;
}

/** The results of the downloads under load. */
interface Reads {
  whole: number;
  refused: number;
  brokenOff: number;
  /** Downloads answered with 200 and anything but the file's bytes. */
  wrong: number;
}

const clients = 12;
const readers = 2;
/** Gives about 50 uploads a second where nothing is slow. */
const pauseMs = 250;
/** The most uploads in one load, however fast the machine. */
const maxUploads = 4000;

/**
 * Starts clients that upload through all nodes in turn, each upload with its own token. They retry with the same token
 * as long as the answer allows it. Other clients read acknowledged uploads meanwhile.
 */
export function startLoad({ urls }: { readonly urls: () => Cluster["urls"] }, seed: number): Load {
  const random = seededRandom(seed);
  const uploads: TokenUpload[] = [];
  const presentations: Presentation[] = [];
  const reads: Reads = { whole: 0, refused: 0, brokenOff: 0, wrong: 0 };
  const ended = new AbortController();
  let turn = 0;

  async function uploadOne(): Promise<void> {
    const upload = newTokenUpload(...nextUpload(uploads.length, random));
    uploads.push(upload);
    while (!ended.signal.aborted) {
      const node = turn++ % urls().length;
      const presentation = await present(upload, node, urls()[node] as string);
      presentations.push(presentation);
      if (upload.isBurnt) return;
      await sleep(pauseMs);
    }
  }

  async function readOne(): Promise<void> {
    const upload = uploads[random.between(0, uploads.length - 1)];
    const accepted = upload?.acceptances[0];
    // An upload that others overwrite soon has other bytes.
    if (upload === undefined || accepted === undefined || isOverwritten(upload)) return;
    const node = turn++ % urls().length;
    const url = new URL(new URL(accepted.url).pathname, urls()[node]);
    const { status, bytes } = await deliver(original(url.href)).catch(() => ({ status: 0, bytes: Buffer.alloc(0) }));
    if (status === 0) reads.brokenOff++;
    else if (status === 503) reads.refused++;
    else if (status === 200 && bytes.equals(upload.content)) reads.whole++;
    else reads.wrong++;
  }

  async function repeat(work: () => Promise<void>): Promise<void> {
    while (!ended.signal.aborted && uploads.length < maxUploads) {
      await work();
      await sleep(random.between(0, pauseMs));
    }
  }

  const running = Promise.all([
    ...Array.from({ length: clients }, () => repeat(uploadOne)),
    ...Array.from({ length: readers }, () => repeat(readOne)),
  ]);
  return {
    uploads,
    presentations,
    reads,
    async end() {
      ended.abort();
      await running;
    },
  };
}

/** New files and versions of shared ones, with unique and shared contents, small and of several parts. */
function nextUpload(
  number: number,
  random: ReturnType<typeof seededRandom>,
): [fields: Record<string, string>, content: Buffer] {
  const overwrites = number % 4 === 0;
  const isShared = !overwrites && random.chance(0.2);
  const size = random.chance(0.01) ? random.between(5_300_000, 6_000_000) : random.between(70, 60_000);
  const fields = {
    // A file can have a hundred versions.
    fileName: overwrites ? `over-${number >> 7}.txt` : `${number}.txt`,
    folder: `/load/${number % 3}`,
    useUniqueFileName: "false",
  };
  return [fields, isShared ? sealedContent(`shared ${number % 5}`, 30_000) : sealedContent(`own ${number}`, size)];
}

function isOverwritten({ fields }: TokenUpload): boolean {
  return fields.fileName?.startsWith("over-") === true;
}
