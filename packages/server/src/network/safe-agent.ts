import type { LookupAddress } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { Agent, buildConnector } from "undici";
import type { OutboundRules } from "./outbound-rules.ts";
import { ForbiddenAddress } from "./remote-error.ts";

export interface SafeAgentOptions {
  readonly rules: OutboundRules;
  /** The time for resolving, connecting and the TLS handshake together. */
  readonly connectMs: number;
  /** Ends every connection, including one that is still being made, for which undici by itself would wait. */
  readonly signal: AbortSignal;
}

/**
 * Connects to nothing that the rules refuse, whatever leads there: a literal address, a name, a redirect, or a name
 * that resolves to something else the next time (docs/architecture.md §7). Names are resolved inside the connection
 * attempt, which goes to the very addresses that were checked. No proxy is used, whatever the environment says.
 * Requests fail with ForbiddenAddress, or with the error of the resolver, the socket or undici.
 */
export function createSafeAgent({ rules, connectMs, signal }: SafeAgentOptions): Agent {
  const connect = buildConnector({ lookup: checkedLookup(rules), timeout: connectMs, signal, allowH2: false });
  return new Agent({
    allowH2: false,
    connect: (options, callback) => {
      const { hostname } = options;
      // No lookup is made for a literal address.
      if (isIP(hostname) !== 0 && !rules.mayConnect(hostname)) {
        queueMicrotask(() => callback(new ForbiddenAddress(hostname, hostname), null));
        return;
      }
      // The certificate has to be that of the URL's host. Undici would take the name from a `Host` header.
      const { servername: _, ...others } = options;
      const named = isIP(hostname) === 0 ? { ...others, servername: hostname } : others;
      connect(named, (...[error, socket]) => {
        if (error !== null) {
          callback(error, null);
          return;
        }
        // The last check, in case anything has gone around the lookup. Without an address the peer has already left.
        const { remoteAddress } = socket;
        if (remoteAddress === undefined || rules.mayConnect(remoteAddress)) callback(null, socket);
        else {
          socket.destroy();
          callback(new ForbiddenAddress(hostname, remoteAddress), null);
        }
      });
    },
  });
}

function checkedLookup(rules: OutboundRules): LookupFunction {
  return (hostname, { all }, callback) => {
    checkedAddresses(rules, hostname).then(
      (addresses) => {
        if (all === true) callback(null, addresses);
        else callback(null, addresses[0].address, addresses[0].family);
      },
      (error: Error) => callback(error, ""),
    );
  };
}

/** One forbidden address is enough to refuse a name: which of its addresses is tried first can't be relied on. */
async function checkedAddresses(
  { resolve, mayConnect }: OutboundRules,
  hostname: string,
): Promise<[LookupAddress, ...LookupAddress[]]> {
  const [first, ...others] = await resolve(hostname);
  if (first === undefined) throw Object.assign(new Error(`${hostname} has no address`), { code: "ENODATA" });
  for (const { address } of [first, ...others]) {
    if (!mayConnect(address)) throw new ForbiddenAddress(hostname, address);
  }
  return [first, ...others];
}
