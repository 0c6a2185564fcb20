import { MediaError } from "../media-error.ts";
import type { Refused } from "./child-calls.ts";

/** @param exhausted whether it is the picture's own fault, and not that of a machine that is busy */
export function tooLate(exhausted: boolean): MediaError {
  return new MediaError("ETIME", "The image took too long to render", { exhausted });
}

export function tooLarge(): MediaError {
  return new MediaError("ELIMIT", "The image takes more memory than it may", { exhausted: true });
}

export function undecodable(): MediaError {
  return new MediaError("EINVALID", "The image cannot be decoded");
}

/** The system ends processes where the memory of the machine is short. That says nothing of the picture. */
export function killedBySystem(): MediaError {
  return new MediaError("EBUSY", "The process that made the image was ended");
}

/** The process has ended before it had begun with its task. Another one can do the task. */
export class LostProcessError extends MediaError {
  constructor() {
    super("EBUSY", "The process ended before it made the image");
  }
}

/** A process has refused its task, and goes on. */
export class Refusal extends Error {
  readonly code: Refused["code"];
  readonly cpuMs: number;

  constructor({ code, message }: Refused, cpuMs: number) {
    super(message);
    this.code = code;
    this.cpuMs = cpuMs;
  }

  toMediaError(exhausted: boolean): MediaError {
    return new MediaError(this.code, this.message, { exhausted });
  }
}
