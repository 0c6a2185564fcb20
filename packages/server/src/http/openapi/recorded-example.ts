/** An example of an operation or of an event: what a test got from a server. */
export interface RecordedExample {
  readonly request?: unknown;
  /** Bodies by status. */
  readonly answers: Readonly<Record<string, unknown>>;
}
