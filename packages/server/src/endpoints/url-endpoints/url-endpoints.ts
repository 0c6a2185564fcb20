import { AccountMemory, type Measured } from "../../accounts/account-memory.ts";
import type { Connection } from "../../database/database.ts";
import { listUrlEndpoints } from "../../database/repositories/url-endpoints.ts";
import { type UrlEndpoint, withDefault } from "./url-endpoint.ts";

/** Limit for the remembered endpoints of all accounts together, in characters. */
const rememberedLength = 2 * 1024 * 1024;
/** The overhead of an account and of an endpoint, besides its texts. */
const entryLength = 200;

/** An account's endpoints by their prefixes. The default endpoint has the empty prefix. */
export type EndpointsByPrefix = ReadonlyMap<string, UrlEndpoint>;

/** Knows the current URL endpoints of all accounts. Every delivery asks for them. */
export class UrlEndpoints {
  readonly #memory: AccountMemory<EndpointsByPrefix>;

  constructor(reader: Connection) {
    this.#memory = new AccountMemory(reader, { read: readEndpoints, maxLength: rememberedLength });
  }

  /** @param revision the account's revision, if it has just been read */
  of(accountId: string, revision?: number): Promise<EndpointsByPrefix> {
    return this.#memory.of(accountId, revision);
  }
}

export async function findEndpoints(reader: Connection, accountId: string): Promise<EndpointsByPrefix> {
  return (await readEndpoints(reader, accountId)).value;
}

async function readEndpoints(reader: Connection, accountId: string): Promise<Measured<EndpointsByPrefix>> {
  const endpoints = withDefault(await listUrlEndpoints(reader, accountId));
  return {
    value: new Map(endpoints.map((endpoint) => [endpoint.urlPrefix, endpoint])),
    length: endpoints.reduce((sum, endpoint) => sum + entryLength + JSON.stringify(endpoint).length, entryLength),
  };
}
