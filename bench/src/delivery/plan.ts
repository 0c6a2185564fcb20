import type { Latency, Stretch, Usage } from "../load/plan.ts";

/** The input of the delivery's load client, as JSON on its standard input. */
export interface DeliveryPlan {
  readonly server: { readonly pid: number; readonly port: number; readonly core: number };
  /** The client's own core. */
  readonly core: number;
  readonly keys: { readonly publicKey: string; readonly privateKey: string };
  /** The picture to upload before the first request, where the server doesn't have it already. */
  readonly upload: { readonly picturePath: string; readonly fileName: string } | undefined;
  readonly asks: Asks | undefined;
  /** Small files that are uploaded meanwhile. If present, the uploads are measured instead of the answers. */
  readonly stores: { readonly picturePath: string; readonly fileBytes: number; readonly atOnce: number } | undefined;
  readonly warmUp: Stretch;
  readonly measured: Stretch;
}

export interface Asks {
  /** `{n}` becomes six hexadecimal digits: a different number for each request, repeating after `distinct` requests. */
  readonly path: string;
  readonly distinct: number;
  readonly atOnce: number;
  readonly accepts: readonly number[];
}

/**
 * The client's result, as JSON on its standard output. Times are in seconds and memory in bytes. They cover only the
 * measured stretch.
 */
export interface DeliveryResult extends Usage {
  /** The number of answers or, where files are stored, of uploads. */
  readonly done: number;
  /** Whether uploads were measured. */
  readonly stored: boolean;
  readonly seconds: number;
  readonly latency: Latency;
  /** The number of requests by status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** The median size of an answer with 200. */
  readonly bytes: number;
}
