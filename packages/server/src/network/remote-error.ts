import { isIP } from "node:net";

/** The rules do not allow this address. The message is for the log only. */
export class ForbiddenAddress extends Error {
  override readonly name = "ForbiddenAddress";
  /** The host as it is in the URL: a name or an address. */
  readonly hostname: string;

  constructor(hostname: string, address: string) {
    super(`${hostname} is at ${address}, to which no connection is allowed`);
    this.hostname = hostname;
  }
}

/**
 * The reason why nothing could be fetched. The message is a sentence for the caller, which names no address and quotes
 * no answer.
 */
export class RemoteError extends Error {
  override readonly name = "RemoteError";
  /** Whether the URL is one that is never fetched, rather than one whose server failed. */
  readonly forbidden: boolean;

  constructor(
    problem: string,
    { forbidden = false, ...options }: ErrorOptions & { readonly forbidden?: boolean } = {},
  ) {
    super(problem, options);
    this.forbidden = forbidden;
  }
}

const unresolvable = "The name of its host does not lead to an address that this server may connect to.";

/** The errors of the resolver, the sockets and undici, by their codes or, where they have no code, by their names. */
const problems: readonly (readonly [codes: RegExp, problem: string])[] = [
  [/^(ENOTFOUND|ENODATA|EAI_\w+)$/, unresolvable],
  [/^ECONNREFUSED$/, "Its server refused the connection."],
  [/^(ETIMEDOUT|EHOST\w+|ENET\w+|EADDRNOTAVAIL|EACCES|UND_ERR_CONNECT_TIMEOUT)$/, "Its server could not be reached."],
  [/CERT|^(ERR_SSL|ERR_TLS|UNABLE_TO)_|^EPROTO$/, "Its server offers no secure connection that can be trusted."],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, "Its server closed the connection before the whole file had come."],
  [/^UND_ERR_RES_CONTENT_LENGTH_MISMATCH$/, "Its server did not send as many bytes as it had announced."],
  [/^UND_ERR_BODY_TIMEOUT$/, "Its server stopped sending."],
  [/^(HTTPParserError$|HPE_|UND_ERR_HEADERS_OVERFLOW)/, "Its server does not answer in proper HTTP."],
];

/** @param subject what the sentence calls the URL: the caller's own, or one that a redirect led to */
export function toRemoteError(error: unknown, subject: string): RemoteError {
  if (error instanceof RemoteError) return error;
  if (error instanceof ForbiddenAddress) return refusedAddress(error, subject);
  const problem = problems.find(([codes]) => codes.test(codeOf(error)))?.[1] ?? "The download failed.";
  return new RemoteError(problem, { cause: error });
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}

/**
 * An internal name that exists is answered like a name that does not exist. Otherwise anyone who holds a token could
 * find out the names in this server's network.
 */
function refusedAddress(cause: ForbiddenAddress, subject: string): RemoteError {
  const evident = isIP(cause.hostname) !== 0 || /(^|\.)localhost\.?$/.test(cause.hostname);
  if (!evident) return new RemoteError(unresolvable, { cause });
  const problem = `${subject} leads to an address that is not public, which the operator of this server does not allow.`;
  return new RemoteError(problem, { cause, forbidden: true });
}
