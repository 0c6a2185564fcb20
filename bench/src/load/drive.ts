import {
  Agent,
  type ClientRequest,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from "node:http";
import { percentile } from "../report/statistics.ts";
import { endpoints } from "./endpoint.ts";
import type { Latency, Protocol, Stretch } from "./plan.ts";
import type { UploadBody } from "./upload-body.ts";

export interface Target {
  readonly port: number;
  readonly protocol: Protocol;
  readonly fileBytes: number;
}

export interface Drive {
  /** The latency of each upload in milliseconds, in the order of completion. */
  readonly latencies: number[];
  readonly seconds: number;
}

/** The latency percentiles in seconds, from latencies in milliseconds. */
export function latencyOf(latencies: readonly number[]): Latency {
  return { p50: percentile(latencies, 0.5) / 1000, p99: percentile(latencies, 0.99) / 1000 };
}

/** Sends uploads over as many connections as there are bodies. Each connection sends one upload after another. */
export class Driver {
  readonly #target: Target;
  readonly #bodies: readonly UploadBody[];
  readonly #tokens: Iterator<string>;
  readonly #agent: Agent;
  readonly #options: RequestOptions;
  #sent = 0;

  constructor(target: Target, bodies: readonly UploadBody[], tokens: Iterable<string>) {
    this.#target = target;
    this.#bodies = bodies;
    this.#tokens = tokens[Symbol.iterator]();
    this.#agent = new Agent({ keepAlive: true, maxSockets: bodies.length });
    const { port } = target;
    this.#options = {
      agent: this.#agent,
      host: "127.0.0.1",
      port,
      method: "POST",
      path: endpoints[target.protocol].path,
    };
  }

  /** @throws Error for the first answer that doesn't say that the upload was kept */
  async run({ seconds, uploads }: Stretch): Promise<Drive> {
    const latencies: number[] = [];
    const start = performance.now();
    const end = start + seconds * 1000;
    let left = uploads;
    const work = async (body: UploadBody): Promise<void> => {
      for (let now = performance.now(); now < end && left > 0; now = performance.now()) {
        left -= 1;
        await this.#upload(body);
        latencies.push(performance.now() - now);
      }
    };
    await Promise.all(this.#bodies.map(work));
    return { latencies, seconds: (performance.now() - start) / 1000 };
  }

  close(): void {
    this.#agent.destroy();
  }

  async #upload(body: UploadBody): Promise<void> {
    const { value: token, done } = this.#tokens.next();
    if (done) throw new Error("there are too few tokens");
    body.renew((this.#sent++).toString(16), token);
    const request = httpRequest({ ...this.#options, headers: body.headers });
    const [, answer] = await Promise.all([body.send(request), answerTo(request)]);
    const { status, accepts } = endpoints[this.#target.protocol];
    if (answer.status !== status || !accepts(answer.text, this.#target.fileBytes)) {
      throw new Error(`an upload was answered ${answer.status}: ${answer.text.slice(0, 500)}`);
    }
  }
}

function answerTo(request: ClientRequest): Promise<{ readonly status: number | undefined; readonly text: string }> {
  return new Promise((resolve, reject) => {
    request.once("error", reject);
    request.once("response", (response: IncomingMessage) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.once("end", () => resolve({ status: response.statusCode, text }));
      response.once("error", reject);
    });
  });
}
