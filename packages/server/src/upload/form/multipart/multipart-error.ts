import { SluiceError } from "@sluice/protocol";

/**
 * `INVALID`: the bytes are not a form; `problem` is a sentence for the caller.
 * `INCOMPLETE`: the bytes ended before the closing boundary.
 * `LIMIT`: a limit of the parser was exceeded; `problem` is that limit in words ("64 parts").
 */
export type MultipartErrorCode = "INVALID" | "INCOMPLETE" | "LIMIT";

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
