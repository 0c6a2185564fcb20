/** Whether the last request got an answer from the server. */
let isReached = true;
const listeners = new Set<() => void>();

/** A proxy answers with these while the server behind it is away. */
const absent: readonly number[] = [502, 503, 504];

export const reach = {
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  current: (): boolean => isReached,
};

/** @param reason the server's own code for a refusal, which no proxy sends */
export function noteAnswer(status: number, reason?: string): void {
  note(status !== 0 && (!absent.includes(status) || reason !== undefined));
}

function note(isAnswered: boolean): void {
  if (isReached === isAnswered) return;
  isReached = isAnswered;
  for (const listener of listeners) listener();
}
