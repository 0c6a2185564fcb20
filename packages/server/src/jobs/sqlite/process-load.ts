import { availableParallelism } from "node:os";
import { performance } from "node:perf_hooks";

/** In shorter ones what the kernel has counted of other threads tells nothing: it counts them at its ticks. */
const windowMs = 40;

/**
 * How much of what it can do the process has had to do between two looks: of its event loop's time, or of the cores that
 * it may use, whichever is more. Where there is one core for all of its threads, the loop is idle while the others run.
 */
export class ProcessLoad {
  readonly #cores = availableParallelism();
  #loop = performance.eventLoopUtilization();
  #cpu = process.cpuUsage();
  #at = performance.now();
  #last = 0;

  /** From 0 to 1, since the last look; of looks in quick succession the first one's answer holds for all. */
  look(): number {
    const at = performance.now();
    if (at - this.#at < windowMs) return this.#last;
    const loop = performance.eventLoopUtilization();
    const cpu = process.cpuUsage();
    const { utilization } = performance.eventLoopUtilization(loop, this.#loop);
    const used = (cpu.user + cpu.system - this.#cpu.user - this.#cpu.system) / 1000;
    const share = used / (at - this.#at) / this.#cores;
    this.#loop = loop;
    this.#cpu = cpu;
    this.#at = at;
    this.#last = Math.max(utilization, Math.min(share, 1));
    return this.#last;
  }
}
