/** The calls of a traced program on files and sockets, ordered by when each call ended. Failed calls are left out. */
export type Trace = readonly TraceEvent[];

export type TraceEvent = Action & {
  /**
   * Places in the trace. An event that ended before another began was over by then. The order of overlapping events is
   * unknown.
   */
  readonly begin: number;
  readonly end: number;
};

/** One thing that a program did. Paths are absolute. */
export type Action =
  | { readonly kind: "write"; readonly path: string; readonly offset: number; readonly bytes: Buffer }
  | { readonly kind: "truncate"; readonly path: string; readonly length: number }
  /** fsync or fdatasync, of a file or of a folder. */
  | { readonly kind: "sync"; readonly path: string }
  /** Opening with O_CREAT. */
  | { readonly kind: "create"; readonly path: string }
  | { readonly kind: "make folder"; readonly path: string }
  | { readonly kind: "link"; readonly from: string; readonly to: string }
  | { readonly kind: "rename"; readonly from: string; readonly to: string }
  | { readonly kind: "remove"; readonly path: string }
  /** Bytes handed to a TCP connection. */
  | { readonly kind: "send"; readonly bytes: Buffer };

export type EventOf<Kind extends Action["kind"]> = Extract<TraceEvent, { readonly kind: Kind }>;

export function isKind<Kind extends Action["kind"]>(kind: Kind) {
  return (event: TraceEvent): event is EventOf<Kind> => event.kind === kind;
}
