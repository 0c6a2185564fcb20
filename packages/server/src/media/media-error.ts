/** The `ik-error` codes of spec/delivery.md §12 that rendering can end in; `EBUSY` is ours and asks for a retry. */
export type MediaErrorCode = "EINVALID" | "ELIMIT" | "EBUSY";

/** An image that could not be rendered: not an image we decode, beyond a limit, or no room in the queue. */
export class MediaError extends Error {
  override readonly name = "MediaError";
  readonly code: MediaErrorCode;

  constructor(code: MediaErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
