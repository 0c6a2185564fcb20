import { SluiceError } from "@sluice/protocol";

/**
 * `INVALID`: the bytes are not a form; `problem` is a sentence for the caller.
 * `INCOMPLETE`: the bytes ended before the closing boundary.
 * `LIMIT`: a limit of the parser was exceeded; `problem` is that limit in words ("64 parts").
 */
type MultipartErrorCode = "INVALID" | "INCOMPLETE" | "LIMIT";

/** Thrown when a form is not well-formed multipart, before any rule about its fields applies. */
export class MultipartError extends Error {
  override readonly name = "MultipartError";
  readonly code: MultipartErrorCode;
  readonly problem: string;

  constructor(code: MultipartErrorCode, problem: string) {
    super(`${code}: ${problem}`);
    this.code = code;
    this.problem = problem;
  }
}

/** The refusal that the caller of the upload endpoint gets for a broken form. */
export function refuseForm(error: MultipartError): SluiceError {
  const options = { cause: error };
  switch (error.code) {
    case "INVALID":
      return new SluiceError("FORM_INVALID", { problem: error.problem }, options);
    case "INCOMPLETE":
      return new SluiceError("FORM_INCOMPLETE", {}, options);
    case "LIMIT":
      return new SluiceError("FORM_TOO_LARGE", { limit: error.problem }, options);
  }
}

/** The limits are inclusive. The reader of a body limits its size. */
export interface MultipartLimits {
  readonly parts: number;
  /** Bytes of one part's header lines, and bytes of blanks after one boundary. */
  readonly headerBytes: number;
  /** Bytes before the first boundary. They are ignored, as are the bytes after the last one. */
  readonly preambleBytes: number;
  /** Bytes after the closing boundary. */
  readonly epilogueBytes: number;
}

export const defaultMultipartLimits: MultipartLimits = Object.freeze({
  parts: 64,
  headerBytes: 16_384,
  preambleBytes: 16_384,
  epilogueBytes: 16_384,
});

export function enforceLimit(count: number, limit: number, unit: string): void {
  if (count > limit) throw new MultipartError("LIMIT", `${limit} ${unit}`);
}
