export interface Disturbed {
  readonly othersCpu: number;
  readonly seconds: number;
}

/** A run is repeated if other programs take more than this share of the server's core. */
const calmShare = 0.15;
const attempts = 3;

/** Returns the first undisturbed run, or else the least disturbed of several. The measured result plays no part. */
export async function calmly<Run extends Disturbed>(measure: () => Promise<Run>): Promise<Run> {
  let calmest: Run | undefined;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const run = await measure();
    if (calmest === undefined || disturbance(run) < disturbance(calmest)) calmest = run;
    if (disturbance(calmest) <= calmShare) return calmest;
  }
  if (calmest === undefined) throw new Error("nothing was measured");
  return calmest;
}

/** The share of the server's core that other programs took. */
export function disturbance({ othersCpu, seconds }: Disturbed): number {
  return othersCpu / seconds;
}
