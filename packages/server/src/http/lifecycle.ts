/** The state of a server that ends, or that gives its connections to another process. */
export interface Lifecycle {
  /** Whether `/health` asks load balancers to send requests elsewhere. Everything is still answered. */
  draining: boolean;
  /**
   * `leaving` ends each connection with an answer that says so. Its client sends the next request on another
   * connection, so none is lost. `closing` also ends a connection whose answer could not say so any more: the client may
   * have sent the next request by then, but the server has no time to wait for it.
   */
  connections: "kept" | "leaving" | "closing";
}

export function newLifecycle(): Lifecycle {
  return { draining: false, connections: "kept" };
}
