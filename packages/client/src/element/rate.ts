/**
 * Returns the bytes per second over the last few seconds. It is 0 in the first second and while no bytes are moving.
 */
export type Rate = (loaded: number) => number;

/** @param now milliseconds */
export function makeRate(now = () => performance.now()): Rate {
  let [before, since, rate] = [0, 0, 0];

  return (loaded) => {
    const seconds = (now() - since) / 1000;
    // Users can't read figures that change more often than once a second.
    if (seconds < 1) return rate;
    const current = Math.max(0, loaded - before) / seconds;
    // After a pause the average starts anew.
    if (seconds > 5) rate = 0;
    else rate = current && rate ? rate + ((current - rate) * seconds) / 5 : current;
    [before, since] = [loaded, now()];
    return rate;
  };
}
