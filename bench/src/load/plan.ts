/**
 * The protocol of an upload: a form with a token, as browsers send it to Sluice; the bare bytes; the creation with
 * upload of tus; or a form beside a static token, as Directus takes it.
 */
export type Protocol = "form" | "raw" | "tus" | "directus";

/** The load client's input, as JSON on its standard input. */
export interface LoadPlan {
  readonly server: { readonly pid: number; readonly port: number; readonly core: number };
  /** The client's own core. */
  readonly core: number;
  readonly protocol: Protocol;
  /** The fields of forms and tokens, in addition to those that all of them have. */
  readonly fields: Readonly<Record<string, string>>;
  /** The key pair that tokens are signed with. */
  readonly keys: { readonly publicKey: string; readonly privateKey: string };
  /** A small JPEG, which is filled up to `fileBytes`. */
  readonly picturePath: string;
  readonly fileBytes: number;
  /** The number of uploads under way at once, each on its own connection. */
  readonly atOnce: number;
  readonly warmUp: Stretch;
  readonly measured: Stretch;
}

/** A part of a run. It ends when the first of the two bounds is reached. Uploads under way are completed and count. */
export interface Stretch {
  readonly seconds: number;
  readonly uploads: number;
}

/**
 * The load client's result, as JSON on its standard output. Times are in seconds and memory in bytes. They cover only
 * the measured stretch.
 */
export interface LoadResult extends Usage {
  readonly uploads: number;
  readonly seconds: number;
  /** The latency is the time from an upload's first byte to the end of its answer. */
  readonly latency: Latency;
}

export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/** Processor time and memory of the server and of the programs beside it. */
export interface Usage {
  readonly serverCpu: number;
  readonly clientCpu: number;
  /** The time that other programs and the kernel's own threads took on the server's core. */
  readonly othersCpu: number;
  /** The time that others took on the client's core: the database and the object store, where the server has them. */
  readonly besideClientCpu: number;
  readonly memory: {
    /** The server's memory when the stretch began. */
    readonly before: number;
    /** The server's peak during the stretch. */
    readonly peak: number;
    /** The server's peak since its start. */
    readonly peakEver: number;
  };
}
