/** What came instead of a token or of an upload's answer: worded by the server, or here when nothing came at all. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  /** The answer's HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly reason: string;
  readonly help: string;
  /** The answer as it came. */
  readonly text: string;

  constructor(status: number, { message, reason, help }: Record<"message" | "reason" | "help", string>, text = "") {
    super(message);
    this.status = status;
    this.reason = reason;
    this.help = help;
    this.text = text;
  }
}

export function readRefusal(status: number, text: string): Refusal {
  const { message, reason, help } = parseObject(text) ?? {};
  const words = {
    message: typeof message === "string" ? message : "The server's answer can't be read.",
    reason: typeof reason === "string" ? reason : "",
    help: typeof help === "string" ? help : "",
  };
  return new Refusal(status, words, text);
}

/** The connection ended without an answer, or the file could not be read. */
export function unreachable(): Refusal {
  return new Refusal(0, {
    message: "The server could not be reached, or the file could not be read.",
    reason: "NO_ANSWER",
    help: "Check that Sluice is running and that the file is still where it was chosen.",
  });
}

/** `400 TOKEN_USED` */
export function codeOf({ status, reason }: Refusal): string {
  return [status || "", reason].filter(Boolean).join(" ");
}

export function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}
