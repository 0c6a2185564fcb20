import { assertRoom, type RoomDeps } from "../../library/content/storage-room.ts";
import type { MediaFacts } from "../../media/inspect/media-facts.ts";
import type { SpooledFile } from "../../spool/spool-file.ts";
import type { UploadDeps } from "../deps.ts";
import type { ResolvedUpload } from "../resolve/resolve-upload.ts";

/** The times at which uploads pass their gates, with the facts that are known of an upload by then. */
interface FactsAt {
  /** Bytes have come into the spool: those that the client sent, and later those that `pre` has made of them. */
  readonly bytes: { readonly file: SpooledFile };
  /** A video would be kept until a job has transformed it. Its upload is answered with 202, and has no row yet. */
  readonly queue: { readonly plan: ResolvedUpload; readonly file: SpooledFile };
  /** The bytes that are to be stored are there. No row of them is written yet. */
  readonly store: { readonly plan: ResolvedUpload; readonly file: SpooledFile; readonly media: MediaFacts };
}

type GateDeps = RoomDeps & { readonly scanner: Pick<UploadDeps["scanner"], "scan"> };

/**
 * Something that may refuse an upload before it is stored: what it does at each time that it is asked.
 * @throws SluiceError to refuse the upload; the signal's reason
 */
type UploadGate = {
  readonly [Time in keyof FactsAt]?: (
    deps: GateDeps,
    facts: FactsAt[Time],
    signal: AbortSignal,
  ) => void | Promise<void>;
};

const assertStorage: UploadGate["queue"] = (deps, { plan, file }) => assertRoom(deps, plan.principal, file.size);

/**
 * The gates of uploads, in the order in which they are asked. All ways in pass by them: forms, URLs, sessions, and the
 * jobs that transform videos. What others commit meanwhile is left to the transaction.
 */
const gates = {
  "virus scan": { bytes: ({ scanner }, { file }, signal) => scanner.scan(file, signal) },
  checks: { store: (_needs, { plan, file, media }) => plan.checkFile({ size: file.size, media }) },
  "storage quota": { queue: assertStorage, store: assertStorage },
} as const satisfies Readonly<Record<string, UploadGate>>;

/** Has the upload pass the gates of this time, one after another. The first that refuses it is the one that is told. */
export async function passGates<Time extends keyof FactsAt>(
  time: Time,
  deps: GateDeps,
  facts: FactsAt[Time],
  signal: AbortSignal,
): Promise<void> {
  for (const gate of Object.values<UploadGate>(gates)) await gate[time]?.(deps, facts, signal);
}
