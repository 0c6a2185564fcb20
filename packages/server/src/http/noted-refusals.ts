import type { FastifyRequest } from "fastify";

/** The part of a refusal that its answer tells. */
export interface NotedRefusal {
  /** A code: it holds nothing that the client sent. */
  readonly reason: string;
  readonly message: string;
  readonly help?: string | undefined;
  /** The parameter that the refusal names. */
  readonly parameter?: string | undefined;
}

export interface NotedAccount {
  readonly id: string;
  /** Whether the request has proved that it speaks for the account. */
  readonly isProven: boolean;
}

const refusals = new WeakMap<FastifyRequest, NotedRefusal>();
const accounts = new WeakMap<FastifyRequest, NotedAccount>();

/** Keeps the refusal for the answer's log line, and for the account's recent refusals. */
export function noteRefusal(request: FastifyRequest, refusal: NotedRefusal): void {
  refusals.set(request, refusal);
}

/** Returns why the request was refused; undefined if it wasn't. */
export function refusalOf(request: FastifyRequest): NotedRefusal | undefined {
  return refusals.get(request);
}

/** Keeps the account that the request speaks for, or says it does, in case the request is refused. */
export function noteAccount(request: FastifyRequest, id: string, isProven: boolean): void {
  accounts.set(request, { id, isProven });
}

export function accountOf(request: FastifyRequest): NotedAccount | undefined {
  return accounts.get(request);
}
