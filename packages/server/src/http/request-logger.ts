import type { FastifyBaseLogger } from "fastify";

type Bindings = Parameters<FastifyBaseLogger["child"]>;
type Entry = Parameters<FastifyBaseLogger["info"]>;

/**
 * A request's logger, made once there is something to log. Most requests log nothing, and making a logger for each
 * request's id costs more than finding its route.
 */
export function requestLogger(logger: FastifyBaseLogger, ...bindings: Bindings) {
  return new RequestLogger(logger, bindings) as FastifyBaseLogger;
}

class RequestLogger {
  readonly #parent: FastifyBaseLogger;
  readonly #bindings: Bindings;
  #logger: FastifyBaseLogger | undefined;

  constructor(parent: FastifyBaseLogger, bindings: Bindings) {
    this.#parent = parent;
    this.#bindings = bindings;
  }

  get level(): string {
    return this.#made().level;
  }

  child(...bindings: Bindings): FastifyBaseLogger {
    return this.#made().child(...bindings);
  }

  fatal(...entry: Entry): void {
    this.#made().fatal(...entry);
  }

  error(...entry: Entry): void {
    this.#made().error(...entry);
  }

  warn(...entry: Entry): void {
    this.#made().warn(...entry);
  }

  info(...entry: Entry): void {
    this.#made().info(...entry);
  }

  debug(...entry: Entry): void {
    this.#made().debug(...entry);
  }

  trace(...entry: Entry): void {
    this.#made().trace(...entry);
  }

  silent(...entry: Entry): void {
    this.#made().silent(...entry);
  }

  #made(): FastifyBaseLogger {
    this.#logger ??= this.#parent.child(...this.#bindings);
    return this.#logger;
  }
}
