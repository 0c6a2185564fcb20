/**
 * The errors of a rendering. The first two are `ik-error` codes of docs/protocol/delivery.md §12. `ETIME` is a limit as
 * well, but its verdict depends on what else the machine is doing. `ETRANSFORMATION` is for a transformation that
 * can't be applied to this image; its message is for the author of the transformation. `ELAYER` is for a layer whose
 * file is missing or can't be decoded. `EMISSING` is for a file that an optional package would read, if it were
 * installed, `EDETECTOR` for a search of a picture that one would make, and `EFONTS` for a text that one would write;
 * `EFFMPEG` is for a video where there is no FFmpeg. `EBUSY` asks for a retry.
 */
const codes = [
  "EINVALID",
  "ELIMIT",
  "ETIME",
  "ETRANSFORMATION",
  "ELAYER",
  "EMISSING",
  "EFFMPEG",
  "EDETECTOR",
  "EFONTS",
  "EBUSY",
] as const;

export type MediaErrorCode = (typeof codes)[number];

export function isMediaErrorCode(code: unknown): code is MediaErrorCode {
  return codes.some((known) => known === code);
}

/** An image that could not be rendered: not an image we decode, beyond a limit, or no room in the queue. */
export class MediaError extends Error {
  override readonly name = "MediaError";
  readonly code: MediaErrorCode;
  /** Whether the picture has used up its own processor time or memory, so that another attempt would as well. */
  readonly exhausted: boolean;

  constructor(code: MediaErrorCode, message: string, { exhausted = false, ...options }: MediaErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.exhausted = exhausted;
  }
}

interface MediaErrorOptions extends ErrorOptions {
  readonly exhausted?: boolean;
}

/** Whether the same rendering may succeed later: lack of time or room depends on what else the machine is doing. */
export function mayPass({ code }: Pick<MediaError, "code">): boolean {
  return code === "EBUSY" || code === "ETIME";
}

/** Whether the machine was busy, so that nothing is known of the picture. */
export function isMachinesFault({ code, exhausted }: Pick<MediaError, "code" | "exhausted">): boolean {
  return code === "EBUSY" || (code === "ETIME" && !exhausted);
}
