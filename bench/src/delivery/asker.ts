import { Agent, get, type IncomingMessage } from "node:http";
import type { Stretch } from "../load/plan.ts";
import type { Asks } from "./plan.ts";

export interface Asked {
  /** The latency of each answer in milliseconds, in the order of completion. */
  readonly latencies: number[];
  readonly sizes: number[];
  readonly statuses: Record<string, number>;
  readonly seconds: number;
}

/** Requests pictures over `atOnce` connections. Each connection sends one request after another. */
export class Asker {
  readonly #asks: Asks;
  readonly #agent: Agent;
  readonly #port: number;
  #asked = 0;

  constructor(port: number, asks: Asks) {
    this.#asks = asks;
    this.#port = port;
    this.#agent = new Agent({ keepAlive: true, maxSockets: asks.atOnce });
  }

  /** @throws Error for the first answer whose status is not accepted */
  async run({ seconds, uploads: maxUploads }: Stretch, signal?: AbortSignal): Promise<Asked> {
    const asked: Asked = { latencies: [], sizes: [], statuses: {}, seconds: 0 };
    const start = performance.now();
    const end = start + seconds * 1000;
    let left = maxUploads;
    const work = async (): Promise<void> => {
      for (let now = performance.now(); now < end && left > 0 && signal?.aborted !== true; now = performance.now()) {
        left -= 1;
        const { status, size } = await this.#ask();
        asked.latencies.push(performance.now() - now);
        asked.statuses[status] = (asked.statuses[status] ?? 0) + 1;
        if (status === 200) asked.sizes.push(size);
      }
    };
    await Promise.all(Array.from({ length: this.#asks.atOnce }, work));
    return { ...asked, seconds: (performance.now() - start) / 1000 };
  }

  close(): void {
    this.#agent.destroy();
  }

  async #ask(): Promise<{ readonly status: number; readonly size: number }> {
    const { path: template, distinct, accepts } = this.#asks;
    const path = template.replace("{n}", (this.#asked++ % distinct).toString(16).padStart(6, "0"));
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { accept: "image/webp,*/*" };
      get({ agent: this.#agent, host: "127.0.0.1", port: this.#port, path, headers }, resolve).once("error", reject);
    });
    let size = 0;
    for await (const chunk of answer as AsyncIterable<Buffer>) size += chunk.length;
    const status = answer.statusCode ?? 0;
    if (!accepts.includes(status))
      throw new Error(`${path} was answered ${status} ${answer.headers["ik-error"] ?? ""}`);
    return { status, size };
  }
}
