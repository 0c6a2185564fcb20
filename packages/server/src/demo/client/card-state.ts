import type { UploadResponse } from "@sluice/protocol";
import { formatSize } from "./format-size.ts";
import { codeOf, type Refusal } from "./refusal.ts";

/** What the upload answers, as far as the page shows it. */
export type StoredFile = Pick<
  UploadResponse,
  "fileId" | "name" | "url" | "size" | "fileType" | "width" | "height" | "versionInfo"
>;

/** Where an upload stands. `again` marks the second presentation of its token, `late` that every byte was sent. */
export type CardState =
  | { readonly phase: "waiting" | "token" }
  | { readonly phase: "sending"; readonly sent: number; readonly total: number; readonly again: boolean }
  | { readonly phase: "processing"; readonly again: boolean }
  | { readonly phase: "stored"; readonly file: StoredFile; readonly text: string }
  | { readonly phase: "cancelled"; readonly late: boolean }
  | { readonly phase: "refused"; readonly refusal: Refusal; readonly spent: boolean };

export type CardAction = "cancel" | "retry" | "replay";

export function describeState(state: CardState): string {
  switch (state.phase) {
    case "waiting":
      return "Waiting for its turn";
    case "token":
      return "Asking for a token";
    case "sending":
      return `${state.again ? "Same token again" : "Sending"} · ${progressOf(state)}`;
    case "processing":
      return state.again ? "Same token again · processing" : "Processing on the server";
    case "stored":
      return "Stored";
    case "refused":
      return `${state.refusal.status === 0 ? "Failed" : "Refused"} · ${codeOf(state.refusal)}`;
    case "cancelled":
      return state.late ? "Cancelled · it may be stored all the same" : "Cancelled";
  }
}

/** What can be done about an upload. Only a token that has arrived with an answer is worth presenting again. */
export function actionsOf(state: CardState): ReadonlySet<CardAction> {
  switch (state.phase) {
    case "stored":
      return new Set(["replay"]);
    case "refused":
      return new Set(state.spent ? ["retry", "replay"] : ["retry"]);
    case "cancelled":
      return new Set(["retry"]);
    default:
      return new Set(["cancel"]);
  }
}

/** Of 1; undefined while nobody can tell. */
export function fractionOf(state: CardState): number | undefined {
  switch (state.phase) {
    case "sending":
      return state.total > 0 ? state.sent / state.total : 0;
    case "stored":
      return 1;
    case "processing":
      return undefined;
    default:
      return 0;
  }
}

function progressOf({ sent, total }: { readonly sent: number; readonly total: number }): string {
  const percent = total > 0 ? Math.floor((sent / total) * 100) : 0;
  return `${percent} % of ${formatSize(total)}`;
}
