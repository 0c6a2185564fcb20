import { type ErrorReason, errorCatalogue } from "./error-catalogue.ts";
import type { ErrorBody } from "./schemas/error-body.ts";

type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

/** The details that an entry's message and help need, by name. */
export type ErrorDetails<Reason extends ErrorReason> = Record<
  Placeholders<(typeof errorCatalogue)[Reason]["message"] | (typeof errorCatalogue)[Reason]["help"]>,
  string | number
>;

export type ErrorArguments<Reason extends ErrorReason> = keyof ErrorDetails<Reason> extends never
  ? [details?: Record<never, never>, options?: SluiceErrorOptions]
  : [details: ErrorDetails<Reason>, options?: SluiceErrorOptions];

export interface SluiceErrorOptions extends ErrorOptions {
  /** What is wrong with each of several members, by member name. */
  readonly errors?: Readonly<Record<string, string>>;
}

/** A refusal from the catalogue. Its message and help are for the caller; its `cause` is only for the log. */
export class SluiceError<Reason extends ErrorReason = ErrorReason> extends Error {
  override readonly name = "SluiceError";
  readonly reason: Reason;
  readonly status: number;
  readonly help: string;
  readonly errors: Readonly<Record<string, string>> | undefined;

  constructor(reason: Reason, ...[details, options]: ErrorArguments<Reason>) {
    const entry = errorCatalogue[reason];
    super(fill(entry.message, details), options);
    this.reason = reason;
    this.status = entry.status;
    this.help = fill(entry.help, details);
    this.errors = options?.errors;
  }

  toJSON(): ErrorBody {
    const { message, help, reason, errors } = this;
    return { message, help, reason, ...(errors === undefined ? {} : { errors }) };
  }
}

function fill(template: string, details: Readonly<Record<string, unknown>> | undefined): string {
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(details?.[name] ?? ""));
}
