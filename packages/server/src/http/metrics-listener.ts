import { hash, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { SluiceError } from "@sluice/protocol";
import type { Logger } from "pino";
import type { Config } from "../config/config.ts";

export interface MetricsSource {
  readonly contentType: string;
  metrics(): Promise<string>;
}

/** Scrapers are few. */
const maxConnections = 64;
const requestMs = 10_000;

/** The port of its own that `/metrics` has with `--metrics-port`. Without that setting it does nothing. */
export class MetricsListener {
  readonly #config: Pick<Config, "metricsListen" | "metricsToken">;
  readonly #logger: Pick<Logger, "error">;
  readonly #server = createServer({ requestTimeout: requestMs, headersTimeout: requestMs }, (request, reply) => {
    void this.#answer(request, reply);
  });
  #source: MetricsSource | undefined;
  #url: string | undefined;

  constructor(config: Pick<Config, "metricsListen" | "metricsToken">, logger: Pick<Logger, "error">) {
    this.#config = config;
    this.#logger = logger;
    this.#server.maxConnections = maxConnections;
  }

  /** The URL of the metrics, known once the port is listened on. */
  get url(): string | undefined {
    return this.#url;
  }

  /** Rejects when the address can't be listened on. Until `serve()` is called, requests are answered 503. */
  async listen(): Promise<void> {
    const at = this.#config.metricsListen;
    if (at === undefined) return;
    this.#server.listen(at);
    await once(this.#server, "listening");
    // A close that another part's failure prevents must not keep the process.
    this.#server.unref();
    const { address, family, port } = this.#server.address() as AddressInfo;
    this.#url = `http://${family === "IPv6" ? `[${address}]` : address}:${port}/metrics`;
  }

  serve(source: MetricsSource): void {
    this.#source = source;
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }

  async #answer({ method, url, headers }: IncomingMessage, reply: ServerResponse): Promise<void> {
    reply.setHeader("cache-control", "no-store");
    try {
      const isThere = /^\/metrics\/?(?:\?|$)/.test(url ?? "") && (method === "GET" || method === "HEAD");
      if (!isThere) throw new SluiceError("ROUTE_NOT_FOUND");
      if (!mayReadMetrics(headers.authorization, this.#config.metricsToken))
        throw new SluiceError("METRICS_TOKEN_WRONG");
      const source = this.#source;
      if (source === undefined) throw new SluiceError("SERVER_STARTING");
      const text = await source.metrics();
      reply.setHeader("content-type", source.contentType).end(text);
    } catch (error) {
      if (!(error instanceof SluiceError)) this.#logger.error({ err: error }, "the metrics could not be collected");
      const refusal = error instanceof SluiceError ? error : new SluiceError("INTERNAL_ERROR", {}, { cause: error });
      if (refusal.status === 401) reply.setHeader("www-authenticate", "Bearer");
      if (refusal.status === 503) reply.setHeader("retry-after", "1");
      reply.writeHead(refusal.status, { "content-type": "application/json; charset=utf-8" });
      reply.end(JSON.stringify(refusal));
    }
  }
}

/** Whether a request may read the metrics: anybody's where the operator has set no token, else one that has the token. */
export function mayReadMetrics(authorization: string | undefined, token: string | undefined): boolean {
  return token === undefined || bearsToken(authorization, token);
}

/** Compares hashes, so that the time taken reveals neither the length nor the content of the token. */
function bearsToken(authorization: string | undefined, token: string): boolean {
  const [, given] = /^Bearer +(\S+)$/i.exec(authorization ?? "") ?? [];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return hash("sha256", text, "buffer");
}
