import { type ErrorReason, errorCatalogue, wireReasonOf } from "./error-catalogue.ts";
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
  /** The problem of each of several members, by member name. */
  readonly errors?: Readonly<Record<string, string>>;
  /** The ids of a bulk request that no file has. */
  readonly missingFileIds?: readonly string[];
}

/**
 * A refusal from the catalogue. Its `reason` is the entry's key, which the body may call otherwise. Its message and
 * help are for the caller; its `cause` is only for the log.
 */
export class SluiceError<Reason extends ErrorReason = ErrorReason> extends Error {
  override readonly name = "SluiceError";
  readonly reason: Reason;
  readonly status: number;
  readonly help: string;
  readonly errors: Readonly<Record<string, string>> | undefined;
  readonly missingFileIds: readonly string[] | undefined;
  /** The parameter that the refusal is about, where its details name one. */
  readonly parameter: string | undefined;

  constructor(reason: Reason, ...[details, options]: ErrorArguments<Reason>) {
    const entry = errorCatalogue[reason];
    super(fill(entry.message, details), options);
    this.reason = reason;
    this.status = entry.status;
    this.help = fill(entry.help, details);
    this.errors = options?.errors;
    this.missingFileIds = options?.missingFileIds;
    this.parameter = parameterIn(details);
  }

  toJSON(): ErrorBody {
    const { message, help, errors, missingFileIds } = this;
    return {
      message,
      help,
      reason: wireReasonOf(this.reason),
      ...(errors === undefined ? {} : { errors }),
      ...(missingFileIds === undefined ? {} : { missingFileIds: [...missingFileIds] }),
    };
  }
}

function parameterIn(details: Readonly<Record<string, unknown>> | undefined): string | undefined {
  return typeof details?.parameter === "string" ? details.parameter : undefined;
}

function fill(template: string, details: Readonly<Record<string, unknown>> | undefined): string {
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(details?.[name] ?? ""));
}
