import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import type { Config } from "../config/config.ts";
import { asksForUpgrade } from "./asks-for-upgrade.ts";
import { boundConnections } from "./plugins/bound-connections.ts";
import { type MalformedRequests, malformedRequests } from "./plugins/malformed-requests.ts";
import { createStartingApp } from "./starting-app.ts";

type Answer = (request: IncomingMessage, reply: ServerResponse) => void;

/** Longer than the proxies in front usually keep a connection: one that closed first would lose a request in flight. */
const keepAliveMs = 72_000;

/**
 * The address that a server listens on. It can be listened on before there is an app: then every request is told that
 * the server is starting, and a start that can't have its address has made and changed nothing.
 */
export class Listener {
  readonly server: Server;
  readonly malformed: MalformedRequests;
  readonly #config: Config;
  readonly #logger: Logger;
  /** Known from when it listens on, and what clients are told while it closes as well. */
  #address: AddressInfo | undefined;
  #starting: FastifyInstance | undefined;
  #answer: Answer | undefined;

  constructor(config: Config, logger: Logger) {
    this.#config = config;
    this.#logger = logger;
    this.malformed = malformedRequests(logger);
    this.server = createServer(httpOptions(config));
    this.server.keepAliveTimeout = keepAliveMs;
    const ending = new WeakSet<Socket>();
    const answer: Answer = (request, reply) => {
      const { socket } = request;
      // What it asks for would be done, such as using a token up, and nobody would hear of it.
      if (socket.writableEnded || ending.has(socket) || this.malformed.isAmbiguous(socket)) {
        request.resume();
        return;
      }
      if (asksForUpgrade(request)) {
        ending.add(socket);
        reply.shouldKeepAlive = false;
      }
      this.#answer?.(request, reply);
    };
    // The last two would be answered by Node itself: an upload's credentials are looked at before its body is asked for,
    // and RFC 9110 §10.1.1 leaves unknown expectations to the server.
    for (const event of ["request", "checkContinue", "checkExpectation"]) this.server.on(event, answer);
    this.server.on("clientError", this.malformed.answer);
    boundConnections(this.server, config.limits.connections);
    // Each request in a pipeline listens to its connection; how many there may be is bounded by their number, not here.
    this.server.on("connection", (socket) => socket.setMaxListeners(0));
  }

  /** 0 until it listens. */
  get port(): number {
    return this.#address?.port ?? 0;
  }

  /** Where clients reach it, without a trailing slash; empty until that is known. */
  get url(): string {
    const { publicUrl, host } = this.#config;
    if (publicUrl !== undefined) return publicUrl;
    return this.#address === undefined ? "" : `http://${host.includes(":") ? `[${host}]` : host}:${this.port}`;
  }

  /** Rejects when the address can't be listened on; `close()` is due all the same. */
  async listen(): Promise<void> {
    if (this.#address !== undefined) return;
    if (this.#answer === undefined) {
      this.#starting = createStartingApp(this.#config, this);
      await this.#starting.ready();
      this.#answer = this.#starting.routing;
    }
    const { host, port } = this.#config;
    // One address even where the name has two: the other one could be another program's.
    this.server.listen({ host: host === "localhost" ? (await lookup("localhost")).address : host, port });
    await once(this.server, "listening");
    this.#address = this.server.address() as AddressInfo;
    if (this.#starting === undefined) this.#logger.info(this.#address, "listening");
    else this.#logger.debug(this.#address, "listening; the server is starting");
  }

  /** From now on the app, which must be ready, answers all requests. */
  async handOver(app: FastifyInstance): Promise<void> {
    this.#answer = app.routing;
    await this.#closeStarting();
    if (this.#address !== undefined) this.#logger.info(this.#address, "listening");
  }

  /** Takes no more connections, and resolves when those there are have ended; after the time given they are cut. */
  async close(patienceMs: number): Promise<void> {
    await this.#closeStarting();
    const cut = setTimeout(() => this.server.closeAllConnections(), patienceMs);
    try {
      await new Promise<void>((resolve) => {
        // An error says that it was not listening.
        this.server.close(() => resolve());
      });
    } finally {
      clearTimeout(cut);
    }
  }

  async #closeStarting(): Promise<void> {
    const starting = this.#starting;
    this.#starting = undefined;
    await starting?.close();
  }
}

function httpOptions({ limits }: Config) {
  return {
    // Node holds the two against each other.
    requestTimeout: limits.requestMs,
    // Headers must arrive at once; slow bodies are bounded where they are read.
    headersTimeout: limits.headersMs,
    connectionsCheckingInterval: checkingInterval(limits.headersMs),
    maxHeaderSize: limits.headerBytes,
    requireHostHeader: false,
  };
}

/** Node looks for late headers every half minute by default, however short their time is. */
function checkingInterval(headersMs: number): number {
  return Math.min(Math.max(headersMs / 4, 100), 5_000);
}
