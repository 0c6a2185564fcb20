import type { Refusal } from "./sessions/session.ts";

/** An upload that was refused after its session had been created. Whoever asks gets the same refusal again. */
export class RefusedUpload extends Error {
  override readonly name = "RefusedUpload";
  readonly status: number;
  readonly body: unknown;

  constructor({ status, body }: Refusal) {
    super("The upload was refused.");
    this.status = status;
    this.body = body;
  }
}
