/**
 * What a server takes: a form with a token, as browsers send it to Sluice; the bare bytes; tus's creation with upload; or a
 * form beside a static token, as Directus takes it.
 */
export type Protocol = "form" | "raw" | "tus" | "directus";

/** What the load client is told, as JSON on its standard input. */
export interface LoadPlan {
  readonly server: { readonly pid: number; readonly port: number; readonly core: number };
  /** The client's own. */
  readonly core: number;
  readonly protocol: Protocol;
  /** What forms and tokens say besides what all of them do. */
  readonly fields: Readonly<Record<string, string>>;
  /** The key pair that tokens are signed with. */
  readonly keys: { readonly publicKey: string; readonly privateKey: string };
  /** A small JPEG, which is filled up to `fileBytes`. */
  readonly picturePath: string;
  readonly fileBytes: number;
  /** Uploads under way at once, each on a connection of its own. */
  readonly atOnce: number;
  readonly warmUp: Stretch;
  readonly measured: Stretch;
}

/** Ends with whichever comes first; what is under way then is completed and counts. */
export interface Stretch {
  readonly seconds: number;
  readonly uploads: number;
}

/** What it answers, as JSON on its standard output. Times are seconds, memory is bytes, of the measured stretch alone. */
export interface LoadResult extends Usage {
  readonly uploads: number;
  readonly seconds: number;
  /** From an upload's first byte to the end of its answer. */
  readonly latency: Latency;
}

export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/** Processor time and memory, of the server and of what runs beside it. */
export interface Usage {
  readonly serverCpu: number;
  readonly clientCpu: number;
  /** What other programs and the kernel's own threads took of the server's core. */
  readonly othersCpu: number;
  /** What all others took of the client's core: the database and the object store, where the server has them. */
  readonly besideClientCpu: number;
  readonly memory: {
    /** The server's, when the stretch began. */
    readonly before: number;
    /** The most during the stretch. */
    readonly peak: number;
    /** The most since the server's start. */
    readonly peakEver: number;
  };
}
