/** The state of the views for operators, as their addresses keep it. */

export interface WebhooksState {
  /** The endpoint whose deliveries are shown, or none for those to webhookUrl. */
  readonly endpoint?: string | undefined;
  /** The attempt that is shown beside the list. */
  readonly attempt?: string | undefined;
}

export function webhooksState({ endpoint, attempt }: Readonly<Record<string, unknown>>): WebhooksState {
  return {
    ...(isText(endpoint) && { endpoint }),
    ...(isText(attempt) && { attempt }),
  };
}

const jobStates = ["failed", "waiting", "running"] as const;
export type JobState = (typeof jobStates)[number];

export interface JobsState {
  readonly state?: JobState | undefined;
  readonly kind?: string | undefined;
}

export function jobsState({ state, kind }: Readonly<Record<string, unknown>>): JobsState {
  const known = jobStates.find((one) => one === state);
  return { ...(known !== undefined && { state: known }), ...(isText(kind) && { kind }) };
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
