import examples from "./recorded-examples.json" with { type: "json" };

/** An example of an operation or of an event: what a test got from a server. */
export interface RecordedExample {
  readonly request?: unknown;
  /** Bodies by status. */
  readonly answers: Readonly<Record<string, unknown>>;
}

/** Answers of a server to `acceptance/src/schemas.test.ts`, written by `npm run examples`. */
export const recordedExamples: Readonly<Record<string, RecordedExample>> = examples;
