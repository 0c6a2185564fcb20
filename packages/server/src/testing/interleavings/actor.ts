import { Footprint } from "./footprint.ts";

interface Parked {
  readonly label: string;
  readonly touches: Footprint;
  readonly allowed: () => boolean;
  readonly letGo: () => void;
}

/**
 * One of several concurrent actors. While an actor plays a part, it stops before each step until the schedule lets it
 * go.
 */
export class Actor {
  readonly name: string;
  /** Called whenever the actor has stopped or ended. */
  onRest: () => void = () => undefined;
  /** The resources that the actor has touched since it was last let go. */
  touched = new Footprint();
  /** The PostgreSQL process that runs a statement for the actor, which may have to wait for a lock. */
  statementIn: number | undefined;
  /** All PostgreSQL processes that have run a statement for the actor. */
  readonly processes = new Set<number>();
  /** Whether a transaction of the actor runs or is about to run. */
  inTransaction = false;
  /** An error that no transaction should have met. */
  failure: unknown;
  #parked: Parked | undefined;
  #ended = true;

  constructor(name: string) {
    this.name = name;
  }

  get label(): string {
    return this.#parked?.label ?? "end";
  }

  get ended(): boolean {
    return this.#ended;
  }

  get atRest(): boolean {
    return this.#ended || this.#parked !== undefined;
  }

  /** Whether the schedule may let the actor go now. */
  get ready(): boolean {
    return this.#parked?.allowed() === true;
  }

  /** Plays a part from its first step to its end. */
  async play<Result>(part: () => Promise<Result>): Promise<Result> {
    this.#ended = false;
    this.failure = undefined;
    try {
      await this.step("begin", new Footprint());
      return await part();
    } finally {
      this.#ended = true;
      this.onRest();
    }
  }

  /** Stops the actor here. The code that follows, up to the next call of this function, is one step. */
  async step(label: string, touches: Footprint, allowed: () => boolean = () => true): Promise<void> {
    if (this.#ended) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#parked = { label, touches, allowed, letGo: resolve };
    this.onRest();
    await promise;
  }

  letGo(): void {
    const parked = this.#parked;
    if (parked === undefined) throw new Error(`${this.name} is not waiting to be let go`);
    this.#parked = undefined;
    this.touched = new Footprint().include(parked.touches);
    parked.letGo();
  }

  /** Lets the actor play to its end without stopping. */
  abandon(): void {
    this.#ended = true;
    this.#parked?.letGo();
  }

  /** @param pid the process that may have to wait for a lock */
  async inStatement<Result>(pid: number, statement: () => Promise<Result>): Promise<Result> {
    this.statementIn = pid;
    this.processes.add(pid);
    try {
      return await statement();
    } finally {
      this.statementIn = undefined;
    }
  }
}
