import { texts } from "../texts/texts.ts";

/** A request that was refused, or that got no answer. */
export class Problem extends Error {
  /** The answer's status; 0 if no answer came. */
  readonly status: number;
  /** The server's code for the refusal. */
  readonly reason: string | undefined;
  /** The server's advice. */
  readonly help: string | undefined;
  readonly requestId: string | undefined;
  /** The files of the request that are not in the library. */
  readonly missingFileIds: readonly string[];
  /** How long the server asks to wait before the request is sent again. */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    facts: {
      status: number;
      reason?: string;
      help?: string;
      requestId?: string;
      missingFileIds?: readonly string[];
      retryAfterMs?: number;
      cause?: unknown;
    },
  ) {
    super(message, { cause: facts.cause });
    this.name = "Problem";
    this.status = facts.status;
    this.reason = facts.reason;
    this.help = facts.help;
    this.requestId = facts.requestId;
    this.missingFileIds = facts.missingFileIds ?? [];
    this.retryAfterMs = facts.retryAfterMs;
  }

  /** Whether the session has ended, so that the user has to sign in again. */
  get isSignedOut(): boolean {
    return this.status === 401;
  }

  /** Whether the same request may succeed later. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** Describes whatever a request has thrown. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem(texts.problem.unexpected, { status: 0, cause: error });
}

/** Reads the refusal in an answer. Answers of proxies have no JSON. */
export async function problemIn(answer: Response): Promise<Problem> {
  const body = (await answer.json().catch(() => ({}))) as Partial<Record<string, unknown>>;
  const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
  const requestId = answer.headers.get("x-request-id") ?? undefined;
  const reason = text(body.reason);
  const missing = Array.isArray(body.missingFileIds) ? body.missingFileIds.map(String) : undefined;
  const words = texts.problem.reasons;
  const own = reason !== undefined && Object.hasOwn(words, reason) ? words[reason] : undefined;
  const help = own?.help ?? text(body.help);
  const message = own?.message ?? text(body.message) ?? texts.problem.ofStatus(answer.status);
  const retryAfterMs = Number(answer.headers.get("retry-after-ms") ?? 0);
  return new Problem(message, {
    status: answer.status,
    ...(retryAfterMs > 0 && { retryAfterMs }),
    ...(help !== undefined && { help }),
    ...(reason !== undefined && { reason }),
    ...(requestId !== undefined && { requestId }),
    ...(missing !== undefined && { missingFileIds: missing }),
  });
}
