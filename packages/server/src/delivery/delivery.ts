import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import type { DeliverySwitches } from "../accounts/delivery-switches.ts";
import type { Party } from "../concurrency/fair-line.ts";
import type { DeliverableRow } from "../database/repositories/deliverables.ts";
import type { DeliveryAddress, DeliveryState } from "../database/repositories/delivery-states.ts";
import type { ToldRequest } from "../events/video-events.ts";
import type { LayerVersions } from "./find/find-layers.ts";
import type { Cacheability } from "./headers/cache-control.ts";
import type { DeliveryUrl } from "./url/delivery-url.ts";
import type { RequestedRendition } from "./url/requested-rendition.ts";

export interface DeliveryRequest {
  /** The request target in origin form, byte for byte as it was sent. */
  readonly target: string;
  readonly method: "GET" | "HEAD";
  readonly headers: IncomingHttpHeaders;
  /** The client; undefined where the server itself asks. */
  readonly client?: Client;
  /** The id of the request, as its answer states it. */
  readonly requestId?: string;
  /** Is told the account that answers the request, or refuses it. */
  readonly onAccount?: (accountId: string) => void;
}

/** The facts about a client that the URL and the headers don't tell. */
export interface Client {
  readonly address: string;
  /** The country as the trusted proxy in front states it. */
  readonly country: string | undefined;
}

/**
 * The meaning of the URL, before it is answered. The access rules for the URL have been checked; `find/access.ts` has
 * one more rule, for stored bytes.
 */
export interface Delivery {
  readonly version: DeliverableRow;
  readonly url: DeliveryUrl;
  readonly rendition: RequestedRendition;
  /** The files that layers of the rendition draw. The client may see each of them. */
  readonly layers: LayerVersions;
  readonly signed: boolean;
  /** Whether the URL's transformation is one named transformation alone. */
  readonly oneName: boolean;
  readonly switches: DeliverySwitches;
  readonly method: DeliveryRequest["method"];
  readonly requestHeaders: IncomingHttpHeaders;
  /** The request for a video, as webhooks tell of it. Absent where the server itself asks. */
  readonly request?: Pick<ToldRequest, "requestId" | "url" | "assetUrl" | "publicUrl">;
  /** Rendering time is shared fairly among these parties. */
  readonly party: Party;
  readonly cacheability: Cacheability;
  /** An answer without a body carries these as well. */
  readonly headers: { readonly "cache-control": string; readonly "last-modified": string };
}

/** A miss is a derived file that had to be made. */
export type CacheOutcome = "hit" | "miss";

/** A delivery that is decided but not sent. The answer to HEAD is sent without its body. */
export interface Answer {
  readonly status: 200 | 206 | 302 | 304;
  readonly headers: Readonly<Record<string, string>>;
  /** The version whose stored bytes the answer carries or redirects to. */
  readonly stored?: DeliverableRow;
  /** The derived file, if the answer carries the whole of it. */
  readonly derived?: { readonly key: string; readonly digest: string };
  /** Whether the derived file was there, if the answer needs one. */
  readonly cache?: CacheOutcome | undefined;
  /** The answer to the same request stays valid while these facts are unchanged. */
  readonly validity?: AnswerValidity;
  /** The sender opens a body that is a function, and then reads the stream to its end or destroys it. */
  readonly body?: Uint8Array | ((signal: AbortSignal) => Promise<Readable>);
  /** The bytes that stay in memory until the body is sent, if they are more than the body. */
  readonly held?: Uint8Array;
}

/** The facts that an answer rests on, besides the URL and the headers of the request. */
export interface AnswerValidity {
  readonly accountId: string;
  readonly address: DeliveryAddress;
  readonly state: DeliveryState;
  /** The same facts about each file that a layer draws. */
  readonly layers: readonly { readonly address: DeliveryAddress; readonly state: DeliveryState }[];
  /** The key of the bytes in the derived image cache. */
  readonly key: string;
  readonly digest: string;
}
