import { SluiceError } from "@sluice/protocol";
import type { SpooledFile } from "../../spool/spool-file.ts";
import { chooseBlob, FreshCopy } from "./choose-blob.ts";
import type { ContentNeeds } from "./needs.ts";
import type { ContentToSecure, UnsecuredContent } from "./secure-blob.ts";

/** The number of times that a commit starts again because others changed the rows that it had read. */
const maxAttempts = 10;

/** Bytes, and the account that they belong to. */
export interface IncomingContent {
  readonly accountId: string;
  readonly spooled: SpooledFile;
}

/** The content for the transaction of one attempt, as plain data. */
export interface ContentToEnter extends ContentToSecure {
  readonly now: number;
}

/** The outcomes after which another attempt may succeed. */
type Unfinished = UnsecuredContent | { readonly outcome: "start again" };

/**
 * Makes bytes durable, and then the rows that refer to them (docs/architecture.md decision 2). An attempt starts again
 * when others stored, swept or replaced the same content meanwhile.
 * @param commit runs the transaction, which calls `secureBlob`. Its outcome is `stored` where rows refer to the content now
 * @returns the outcome of the transaction; nothing is stored unless it is `stored`
 * @throws SluiceError STORAGE_UNAVAILABLE, nothing is stored then; what `commit` throws: the outcome is unknown then
 */
export async function enterContent<Outcome extends { readonly outcome: string }>(
  needs: ContentNeeds,
  { accountId, spooled }: IncomingContent,
  commit: (content: ContentToEnter) => Promise<Outcome | Unfinished>,
  signal: AbortSignal,
): Promise<Outcome> {
  const { config, now } = needs;
  const { sha256, size } = spooled;
  const copy = new FreshCopy(needs, spooled, signal);
  let copyIsNobodys = true;
  let adopted: string | undefined;
  try {
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      const blob = await chooseBlob(needs, accountId, copy, signal);
      const content = { blob, sha256, size, sweepGraceMs: config.limits.sweepGraceMs, madeAt: Date.now() };
      copyIsNobodys = false;
      const result = await commit({ ...content, now: now() });
      const outcome: string = result.outcome;
      adopted = outcome === "stored" && blob.kind === "adopt" ? blob.storageKey : undefined;
      copyIsNobodys = outcome !== "stored" || adopted !== undefined;
      // Another attempt can't help: an object that the sweep may already be looking at does not get younger.
      if (outcome === "blob too old") throw unavailable("its object is too old for the sweep's grace period");
      if (outcome !== "blob changed" && outcome !== "start again") return result as Outcome;
    }
    throw unavailable(`others changed the same content ${maxAttempts} times`);
  } finally {
    // A copy that may have been committed after all is left to the sweep, which checks for references before it
    // deletes.
    if (copyIsNobodys) await copy.discard(adopted);
  }
}

function unavailable(why: string): SluiceError {
  return new SluiceError("STORAGE_UNAVAILABLE", {}, { cause: new Error(`a content was not stored: ${why}`) });
}
