import type { Latency, Stretch, Usage } from "../load/plan.ts";

/** What the load client of the delivery is told, as JSON on its standard input. */
export interface DeliveryPlan {
  readonly server: { readonly pid: number; readonly port: number; readonly core: number };
  /** The client's own. */
  readonly core: number;
  readonly keys: { readonly publicKey: string; readonly privateKey: string };
  /** Uploaded before anything is asked for, where the server has none of its own. */
  readonly upload: { readonly picturePath: string; readonly fileName: string } | undefined;
  readonly asks: Asks | undefined;
  /** Small files that are stored meanwhile; measured instead of the answers, where there are any. */
  readonly stores: { readonly picturePath: string; readonly fileBytes: number; readonly atOnce: number } | undefined;
  readonly warmUp: Stretch;
  readonly measured: Stretch;
}

export interface Asks {
  /** `{n}` becomes six hexadecimal digits: another number for each request, until `distinct` are through. */
  readonly path: string;
  readonly distinct: number;
  readonly atOnce: number;
  readonly accepts: readonly number[];
}

/** What it answers, as JSON on its standard output. Times are seconds, memory is bytes, of the measured stretch alone. */
export interface DeliveryResult extends Usage {
  /** Answers or, where files are stored, uploads. */
  readonly done: number;
  /** Whether it is uploads that were measured. */
  readonly stored: boolean;
  readonly seconds: number;
  readonly latency: Latency;
  /** Requests by how they were answered. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Of an answer with 200, at the median. */
  readonly bytes: number;
}
