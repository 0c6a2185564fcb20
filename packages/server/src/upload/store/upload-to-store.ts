import type { SessionHold } from "../../database/repositories/upload-sessions.ts";
import type { TokenKey } from "../../database/repositories/used-tokens.ts";
import type { SpooledFile } from "../../spool/spool-file.ts";
import type { UploadNeeds } from "../needs.ts";
import type { UploadPlan } from "../resolve/resolve-upload.ts";

/** The parts that storing a file needs. */
export type StoreNeeds = Omit<UploadNeeds, "accountsByKey" | "admission" | "unknownParameters" | "uploadsUnderWay">;

/** A whole file, with the plan by which it is stored. */
export interface UploadToStore {
  readonly plan: UploadPlan;
  /** The file is lent. Its owner discards it, at `onStored` at the earliest and as late as the owner wants to. */
  readonly file: SpooledFile;
  /** The file's first bytes, enough to tell its type. */
  readonly head: Uint8Array;
  /** The token that the upload was let in with. */
  readonly token: TokenKey | undefined;
  /** The session that the file came by, if it is a resumable upload. */
  readonly session?: SessionHold | undefined;
  /** The client's network, as `clientNetwork` returns it. */
  readonly client: string;
  /** Names the upload in the answer and in the events of its transformations. */
  readonly requestId: string;
  /** Awaited when the answer waits for extensions, once the version is stored and nothing reads the file any more. */
  readonly onStored: () => Promise<void>;
}
