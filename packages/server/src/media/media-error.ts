/**
 * What rendering can end in: the first two are `ik-error` codes of docs/protocol/delivery.md §12. `ETIME` is a limit as
 * well, whose verdict depends on what else goes on. `ETRANSFORMATION` is said of a
 * transformation that can't be made of this image, and its message is for whoever wrote it; `EBUSY` asks for a retry.
 */
export type MediaErrorCode = "EINVALID" | "ELIMIT" | "ETIME" | "ETRANSFORMATION" | "EBUSY";

/** An image that could not be rendered: not an image we decode, beyond a limit, or no room in the queue. */
export class MediaError extends Error {
  override readonly name = "MediaError";
  readonly code: MediaErrorCode;

  constructor(code: MediaErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
