import { type RefusalEntry, refusals } from "./refusal-table.ts";

export type RefusalReason = keyof typeof refusals;

export interface RefusalOptions extends ErrorOptions {
  /** Replaces the table's rule for caches in this case. */
  readonly cache?: RefusalEntry["cache"];
  /** Replaces the table's message in this case. Visible ASCII only, because the message becomes part of a header. */
  readonly message?: string;
}

/** A refused delivery. Its `headers` are sent with the refusal, and its message in `ik-error`. */
export class DeliveryRefusal extends Error {
  override readonly name = "DeliveryRefusal";
  readonly reason: RefusalReason;
  readonly headers: Readonly<Record<string, string>>;
  readonly cache: RefusalEntry["cache"];

  constructor(reason: RefusalReason, headers: Readonly<Record<string, string>> = {}, options: RefusalOptions = {}) {
    const { message = refusals[reason].message, cache = refusals[reason].cache, ...rest } = options;
    super(message, rest);
    this.cache = cache;
    this.reason = reason;
    this.headers = headers;
  }
}

/** Forbids caches to store the refusal that the work may end with. */
export async function withoutCaching<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof DeliveryRefusal)) throw error;
    const { reason, headers, message } = error;
    throw new DeliveryRefusal(reason, headers, { message, cache: "never", cause: error });
  }
}

/**
 * The body of the refusal. For a bad request, the body also says what was wrong, on a line of its own, because a person
 * who opens the URL in a browser sees no headers.
 */
export function bodyOf({ reason, message }: DeliveryRefusal): string {
  const { status, body } = refusals[reason];
  if (typeof body !== "string") return JSON.stringify(body);
  return status === 400 ? `${body}\n${message}\n` : body;
}

/** For jobs: a refusal is told to whoever asks for the URL. A job has nothing to add. */
export function passOverRefusal(error: unknown): undefined {
  if (error instanceof DeliveryRefusal) return undefined;
  throw error;
}
