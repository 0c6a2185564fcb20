import { availableParallelism } from "node:os";
import { performance } from "node:perf_hooks";

/**
 * How much of what it can do the process has had to do between two looks: of its event loop's time, or of the cores that
 * it may use, whichever is more. Where there is one core for all of its threads, the loop is idle while the others run.
 */
export class ProcessLoad {
  readonly #cores = availableParallelism();
  #loop = performance.eventLoopUtilization();
  #cpu = process.cpuUsage();
  #at = performance.now();

  /** From 0 to 1, since the last look. */
  look(): number {
    const loop = performance.eventLoopUtilization();
    const cpu = process.cpuUsage();
    const at = performance.now();
    const { utilization } = performance.eventLoopUtilization(loop, this.#loop);
    const used = (cpu.user + cpu.system - this.#cpu.user - this.#cpu.system) / 1000;
    const could = (at - this.#at) * this.#cores;
    this.#loop = loop;
    this.#cpu = cpu;
    this.#at = at;
    return Math.max(utilization, could > 0 ? Math.min(used / could, 1) : 0);
  }
}
