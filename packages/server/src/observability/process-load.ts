import { availableParallelism } from "node:os";
import { performance } from "node:perf_hooks";

/**
 * The shortest measurement. In shorter ones the kernel's count of other threads says nothing, because it counts them at
 * its ticks.
 */
const windowMs = 40;

/**
 * The process's load between two measurements: the share of its event loop's time, or of the cores that it may use,
 * whichever is larger. Where all of its threads share one core, the loop is idle while the others run.
 */
export class ProcessLoad {
  readonly #cores = availableParallelism();
  #loop = performance.eventLoopUtilization();
  #cpu = process.cpuUsage();
  #at = performance.now();
  #last = 0;

  /** The load from 0 to 1 since the last measurement. Calls in quick succession get the first call's answer. */
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
