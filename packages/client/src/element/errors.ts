import type { UploadError } from "../upload-error.ts";
import { parseSize } from "./parse-size.ts";
import type { TextKey } from "./texts.ts";
import type { Words } from "./words.ts";

/** Texts for users, by the reason of an error. The client's own errors for users carry their own text. */
const textByReason: { readonly [reason: string]: TextKey | undefined } = {
  CHECKS_FAILED: "notAccepted",
  FILE_ALREADY_EXISTS: "exists",
  FILE_INFECTED: "infected",
  FILE_MISSING: "empty",
  FILE_TOO_LARGE: "tooBig",
  INTERRUPTED: "interrupted",
  NETWORK: "unreachable",
  NOT_AUTHORIZED: "signedOut",
  STALLED: "unreachable",
  STORAGE_LIMIT_EXCEEDED: "full",
};

/** Reasons of the client and of `uploadTokenHandler` that a user can't cause. Their messages are for developers. */
const isTechnical =
  /^(INTERRUPTED|NETWORK|STALLED|TOKEN_ENDPOINT|OPTIONS_|NOT_AUTHORIZED|BODY_|UPLOAD_PAYLOAD|PARAMETER_|FILE_NAME|EXPIRE_|PUBLIC_KEY|METHOD_|INTERNAL_)/;

/** Whether users see what is wrong. They see a text of the table, or the app's own words for reasons of its own. */
export function isForUsers({ source, reason }: UploadError): boolean {
  return !isTechnical.test(reason) && (source !== "server" || reason in textByReason);
}

/** Whether another attempt may succeed. With status 401, the user may have signed in meanwhile. */
export function isWorthRetrying({ retryable, status, reason }: UploadError): boolean {
  return retryable || status === 401 || reason === "OUTCOME_UNKNOWN";
}

/**
 * Describes an error in a sentence for users.
 * @param isLast whether this was the last of several attempts, with a file that is larger than a proxy may take
 */
export function errorText(error: UploadError, words: Words, isLast = false): string {
  const { reason, message, help, status, retryable } = error;
  const text = `${reason} ${message} ${help}`;
  const [, bytes, size = ""] = brokenLimit.exec(text) ?? [];
  const types = typesOf(text);
  // The units in checks are powers of 1024.
  const max = parseSize(bytes ?? size.replace(/b$/i, "iB"));
  const values = { message, max: words.size(max), types: words.types(types) };
  const isOwn = isForUsers(error) && !(reason in textByReason);
  let key = textByReason[reason] ?? (retryable ? "unavailable" : "notUploaded");
  if (status === 413 && reason === "ANSWER_INVALID") key = "tooBig";
  if (max) key = "tooLarge";
  if (types) key = "wrongType";
  if (isLast && key === "interrupted") key = "interruptedAgain";
  return words.say(reason, values, isOwn ? message : words.say(key, values));
}

/**
 * Finds, in the server's message, the limit that a file exceeds: the server's own limit in bytes, or one of the app's
 * `checks`.
 */
const brokenLimit = /^FILE_TOO.* (\d+) bytes|^CHECKS_F.*: "file\.size" <=? "?([\w. ]+)/;

/** A condition of the app's `checks` that names the types that are taken, and asks for nothing else. */
const typeCondition = /^CHECKS_F.*: ((?:(?: OR )?"file\.mime" (?:: "\w+\/"|(?:=|IN) [^A-Z…]+?))+)$/;

/** Returns the types that a broken condition names, as `accept` would name them. */
function typesOf(text: string): string | undefined {
  const types = typeCondition.exec(text)?.[1]?.match(/\w+\/[^"]*/g);
  return types?.map((type) => type.replace(/\/$/, "/*")).join();
}
