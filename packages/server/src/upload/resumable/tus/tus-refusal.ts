import { type ErrorReason, SluiceError } from "@sluice/protocol";
import { ERRORS } from "./library.ts";

/** The errors of the protocol's implementation, each with the refusal that it stands for. */
const refusals = new Map<unknown, () => SluiceError<ErrorReason>>([
  [ERRORS.MISSING_OFFSET, () => invalid("Upload-Offset", "Send the number of bytes that the upload has.")],
  [ERRORS.INVALID_CONTENT_TYPE, () => invalid("Content-Type", contentTypeProblem)],
  [
    ERRORS.INVALID_LENGTH,
    () =>
      invalid(
        "Upload-Length",
        "Send the length of the whole file in bytes with the creation, or Upload-Defer-Length: 1 there and the length, which is no less than what has come, with a later piece.",
      ),
  ],
  [ERRORS.INVALID_OFFSET, () => new SluiceError("UPLOAD_OFFSET_WRONG")],
  [ERRORS.ERR_SIZE_EXCEEDED, () => new SluiceError("PIECE_BEYOND_LENGTH")],
  [ERRORS.FILE_NOT_FOUND, () => new SluiceError("UPLOAD_SESSION_NOT_FOUND")],
  [ERRORS.FILE_NO_LONGER_EXISTS, () => new SluiceError("UPLOAD_SESSION_ENDED")],
  [
    ERRORS.UNSUPPORTED_CONCATENATION_EXTENSION,
    () =>
      new SluiceError("TUS_EXTENSION_UNSUPPORTED", {
        extension: "a concatenation of uploads (Upload-Concat)",
        instead: "Send the file as one upload: in tus-js-client, leave parallelUploads at 1.",
      }),
  ],
]);

const contentTypeProblem = "Send the bytes as application/offset+octet-stream.";

/** The problems of headers whose values the protocol's implementation refuses. */
const headerProblems: Readonly<Record<string, string>> = {
  "upload-offset": "It must be a number of bytes.",
  "upload-length": "It must be a number of bytes.",
  "upload-defer-length": "It can only be 1.",
  "upload-concat": "This server does not offer concatenation.",
  "content-type": contentTypeProblem,
};

/** The refusal for what the protocol's implementation has thrown; the error itself if it came from elsewhere. */
export function refusalOfError(error: unknown): unknown {
  return refusals.get(error)?.() ?? error;
}

/** The refusal for an answer that the protocol's implementation gave without an error. */
export function refusalOfAnswer(status: number, text: string): SluiceError {
  if (status === 412) return new SluiceError("TUS_VERSION_UNSUPPORTED");
  const [name] = /^Invalid (.+)$/m.exec(text)?.[1]?.split(" ") ?? [];
  if (status !== 400 || name === undefined) throw new Error(`the tus protocol answered ${status} for no known reason`);
  return invalid(spelled(name), headerProblems[name] ?? "Send it as the tus protocol says.");
}

export function invalid(header: string, problem: string): SluiceError {
  return new SluiceError("TUS_HEADER_INVALID", { header, problem });
}

/** `upload-offset` as `Upload-Offset`. */
function spelled(name: string): string {
  return name.replaceAll(/(?<=^|-)[a-z]/g, (letter) => letter.toUpperCase());
}
