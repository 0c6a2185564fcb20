/** The time between two looks whether the work is still wanted. */
const lookMs = 5000;

/**
 * Does work that takes long, and ends it once nobody wants its result any more.
 * @param isWanted looks that up. While it can't be told, the work goes on
 * @returns undefined for work that was ended
 * @throws what the work throws
 */
export async function whileWanted<Result>(
  isWanted: () => Promise<boolean>,
  work: (signal: AbortSignal) => Promise<Result>,
  signal: AbortSignal,
  everyMs = lookMs,
): Promise<Result | undefined> {
  const unwanted = new AbortController();
  const look = async (): Promise<void> => {
    if (!(await isWanted().catch(() => true))) unwanted.abort(new Error("nobody wants the result any more"));
  };
  const timer = setInterval(() => void look(), everyMs).unref();
  try {
    return await work(AbortSignal.any([signal, unwanted.signal]));
  } catch (error) {
    if (unwanted.signal.aborted && !signal.aborted) return undefined;
    throw error;
  } finally {
    clearInterval(timer);
  }
}
