import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, Server as NetServer, type Socket } from "node:net";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import type { Logger } from "pino";
import type { Config } from "../config/config.ts";
import { urlOfAddress } from "../network/url-of-address.ts";
import { AnswersUnderWay } from "./answers-under-way.ts";
import { type Answer, HeldRequests } from "./held-requests.ts";
import { boundConnections } from "./plugins/bound-connections.ts";
import { endConnection, type MalformedRequests, malformedRequests } from "./plugins/malformed-requests.ts";
import { spareSendingConnections } from "./spare-sending-connections.ts";
import { createStartingApp } from "./starting-app.ts";

/** The requests that may wait on a connection. Browsers and proxies send the next one when they have the answer. */
const maxWaiting = 100;

/**
 * Carries out the requests of each connection one after another, as their answers leave. A client can write thousands of
 * requests at once (a pipeline). All of them would be carried out before any other client's next request, and their
 * answers would take memory and files until the client reads them.
 */
class RequestQueue {
  readonly #waiting = new WeakMap<Socket, number>();

  /**
   * Calls back when the request is to be carried out. What waits when its connection ends is forgotten. A connection on
   * which too many requests wait is cut: its client may send those again that have no answer (RFC 9112 §9.3.2).
   */
  take(request: IncomingMessage, reply: ServerResponse, carryOut: () => void): void {
    // Node gives an answer its connection at once where it waits for no other.
    if (reply.socket !== null) {
      carryOut();
      return;
    }
    const { socket } = request;
    if (this.#change(socket, 1) > maxWaiting) socket.destroy();
    reply.once("socket", () => {
      // The connection has the time limit of the answer before.
      socket.setTimeout(0);
      // Other connections have their turn first.
      setImmediate(() => {
        this.#change(socket, -1);
        if (socket.writableEnded || socket.destroyed) request.resume();
        else carryOut();
      });
    });
  }

  /** @returns the number of requests that wait from now on */
  #change(socket: Socket, by: 1 | -1): number {
    const waiting = (this.#waiting.get(socket) ?? 0) + by;
    this.#waiting.set(socket, waiting);
    return waiting;
  }
}

/**
 * Longer than proxies in front usually keep a connection: if the server closed first, a request in flight would be
 * lost.
 */
const keepAliveMs = 72_000;

/**
 * The address that a server listens on. The listener can listen before there is an app, so a start that can't have its
 * address has made and changed nothing. Requests wait for the app then. When it takes longer, they are told that the
 * server is starting.
 */
export class Listener {
  readonly server: Server;
  readonly answers = new AnswersUnderWay();
  readonly malformed: MalformedRequests;
  readonly #config: Config;
  readonly #logger: Logger;
  /** Known once the server listens. It stays known while the server closes, because clients are still told it then. */
  #address: AddressInfo | undefined;
  #starting: FastifyInstance | undefined;
  #held: HeldRequests | undefined;
  #answer: Answer | undefined;

  constructor(config: Config, logger: Logger) {
    this.#config = config;
    this.#logger = logger;
    const { answers } = this;
    const turns = new RequestQueue();
    this.malformed = malformedRequests(logger, answers);
    this.server = createServer(httpOptions(config));
    this.server.keepAliveTimeout = keepAliveMs;
    const answer: Answer = (request, reply) => {
      const { socket } = request;
      // The request would be carried out, a token used up for example, and nobody would hear of it.
      if (socket.writableEnded || socket.destroyed || answers.takesNoMore(socket)) {
        request.resume();
        return;
      }
      answers.add(reply);
      if (asksForUpgrade(request)) {
        answers.takeNoMore(socket);
        reply.shouldKeepAlive = false;
      }
      turns.take(request, reply, () => this.#answer?.(request, reply));
    };
    // Node itself would answer the last two. But an upload's credentials are checked before its body is asked for, and
    // RFC 9110 §10.1.1 leaves unknown expectations to the server.
    for (const event of ["request", "checkContinue", "checkExpectation"]) this.server.on(event, answer);
    this.server.on("clientError", (error, socket: Socket) => this.malformed.answer(error, socket));
    boundConnections(this.server, config.limits.connections);
    spareSendingConnections(this.server);
    refuseTunnels(this.server, answers);
  }

  /** The port, or 0 until the server listens. */
  get port(): number {
    return this.#address?.port ?? 0;
  }

  /** The URL at which clients reach the server, without a trailing slash. It is empty until it is known. */
  get url(): string {
    return this.#config.publicUrl ?? this.address;
  }

  /** The URL of the address that is listened on, without a trailing slash. It is empty until the server listens. */
  get address(): string {
    return this.#address === undefined ? "" : urlOfAddress({ ...this.#config, port: this.port });
  }

  /** Rejects when the address can't be listened on. `close()` must be called all the same. */
  async listen(): Promise<void> {
    if (this.#address !== undefined) return;
    if (this.#answer === undefined) {
      this.#starting = createStartingApp(this.#config, this);
      await this.#starting.ready();
      const held = new HeldRequests(this.#starting.routing, this.#config.limits.waitMs);
      this.#held = held;
      this.#answer = (request, reply) => held.take(request, reply);
    }
    const { host, port } = this.#config;
    // Listen on one address even where the name has two: the other one could be another program's.
    this.server.listen({ host: host === "localhost" ? (await lookup("localhost")).address : host, port });
    await once(this.server, "listening");
    this.#address = this.server.address() as AddressInfo;
    if (this.#starting === undefined) this.#logger.info(this.#address, "listening");
    else this.#logger.debug(this.#address, "listening; the server is starting");
  }

  /** Hands over to the app, which must be ready and answers all requests from now on. */
  async handOver(app: FastifyInstance): Promise<void> {
    this.#answer = app.routing;
    this.#held?.release(app.routing);
    await this.#closeStarting();
    if (this.#address !== undefined) this.#logger.info(this.#address, "listening");
  }

  /**
   * Takes no more connections, and lets the open ones end by themselves. Resolves when all have ended, and after
   * `waitMs` at the latest. Idle connections stay open meanwhile, since their clients may be about to send a request.
   */
  async leave(waitMs: number): Promise<void> {
    await quietTurn();
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    // A server for HTTP would close its idle connections as well.
    NetServer.prototype.close.call(this.server, () => resolve());
    const waited = new AbortController();
    const late = sleep(waitMs, undefined, { signal: waited.signal }).catch(() => undefined);
    await Promise.race([ended, late]);
    waited.abort();
  }

  /**
   * Takes no more connections, and resolves when the open ones have ended. Idle ones are ended, and those still open
   * after the given time are cut.
   */
  async close(patienceMs: number): Promise<void> {
    await this.#closeStarting();
    const cut = setTimeout(() => this.server.closeAllConnections(), patienceMs);
    try {
      await new Promise<void>((resolve) => {
        // An error means that the server was not listening.
        this.server.close(() => resolve());
      });
    } finally {
      clearTimeout(cut);
    }
  }

  async #closeStarting(): Promise<void> {
    const starting = this.#starting;
    this.#starting = undefined;
    if (starting !== undefined) this.#held?.release(starting.routing);
    this.#held = undefined;
    await starting?.close();
  }
}

/**
 * Waits for a moment in which the event loop has just taken the connections that had come. The system resets
 * connections that it has accepted and the process has not yet taken when the process stops listening.
 */
async function quietTurn(): Promise<void> {
  for (let turn = 0; turn < maxTurns; turn++) {
    await nextTurn();
    const began = performance.now();
    await nextTurn();
    if (performance.now() - began < quietTurnMs) return;
  }
}

const maxTurns = 50;
const quietTurnMs = 0.5;

function httpOptions({ limits }: Config) {
  return {
    // Node compares requestTimeout with headersTimeout.
    requestTimeout: limits.requestMs,
    // Headers must arrive at once; slow bodies are bounded where they are read.
    headersTimeout: limits.headersMs,
    connectionsCheckingInterval: checkingInterval(limits.headersMs),
    // The parser knows no routes; boundHeaders holds each route to its own limit.
    maxHeaderSize: Math.max(limits.headerBytes, limits.resumableHeaderBytes),
    requireHostHeader: false,
  };
}

/** By default Node looks for late headers only every half minute, however short the time is that they are allowed. */
function checkingInterval(headersMs: number): number {
  return Math.min(Math.max(headersMs / 4, 100), 5_000);
}

/**
 * Whether Node's parser stops at the end of this request because another protocol is to begin there. This server never
 * changes protocols, and Node throws away what it has read beyond that end. What it reads next may be the middle of a
 * request.
 */
function asksForUpgrade({ headers }: IncomingMessage): boolean {
  return headers.upgrade !== undefined && /\bupgrade\b/i.test(headers.connection ?? "");
}

/**
 * Ends connections on which a client asks for a tunnel. CONNECT gets no answer, as Node has it by default. But Node would
 * also cut off the answers to requests before it.
 */
function refuseTunnels(server: Server, answers: AnswersUnderWay): void {
  server.on("connect", (_request, socket: Socket) => {
    if (answers.of(socket).length === 0) {
      socket.destroy();
      return;
    }
    // Node has let go of the connection. These listeners do what the answers need of Node's own ones.
    socket.on("error", () => undefined);
    socket.on("timeout", () => socket.destroy());
    socket.on("drain", () => {
      for (const reply of answers.of(socket)) if (reply.socket === socket) reply.emit("drain");
    });
    socket.on("close", () => {
      for (const reply of answers.of(socket)) reply.destroy();
    });
    answers.onceOut(socket, () => endConnection(socket));
  });
}
