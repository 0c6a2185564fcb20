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

  constructor(
    message: string,
    facts: { status: number; reason?: string; help?: string; requestId?: string; cause?: unknown },
  ) {
    super(message, { cause: facts.cause });
    this.name = "Problem";
    this.status = facts.status;
    this.reason = facts.reason;
    this.help = facts.help;
    this.requestId = facts.requestId;
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
  const body = (await answer.json().catch(() => ({}))) as { message?: unknown; help?: unknown; reason?: unknown };
  const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
  const requestId = answer.headers.get("x-request-id") ?? undefined;
  const [help, reason] = [text(body.help), text(body.reason)];
  return new Problem(text(body.message) ?? texts.problem.ofStatus(answer.status), {
    status: answer.status,
    ...(help !== undefined && { help }),
    ...(reason !== undefined && { reason }),
    ...(requestId !== undefined && { requestId }),
  });
}
