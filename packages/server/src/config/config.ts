import type { KeyPair } from "../accounts/key-pair.ts";
import type { FileSizeLimits } from "./plans.ts";

/** Everything that the server is told from outside: read once, frozen, passed as an argument. */
export interface Config {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly dataDir: string;
  /** Without a trailing slash; undefined means http://host:port. */
  readonly publicUrl: string | undefined;
  readonly imagekitId: string;
  readonly keyPair: KeyPair | undefined;
  readonly fileSize: FileSizeLimits;
  readonly demo: boolean;
  readonly limits: Limits;
}

/** Bounds on requests and work. Times in milliseconds, sizes in bytes. */
export interface Limits {
  /** A text field of an upload, and all of them together (spec/upload-v2.md §15.18). */
  readonly fieldBytes: number;
  readonly allFieldsBytes: number;
  readonly parts: number;
  /** A request's body may stand still this long. */
  readonly stallMs: number;
  /** A whole request; used tokens are remembered at least this long after they expire (design decision 3). */
  readonly requestMs: number;
  /** What is read and thrown away of a refused upload, so that its client gets to read the answer (design decision 10). */
  readonly drainMs: number;
  readonly drainBytesPerSecond: number;
  readonly drains: number;
  /** After SIGTERM, what is in flight may take this long. */
  readonly shutdownMs: number;
  /** An object that no row names is left alone for this long (design decision 1). */
  readonly sweepGraceMs: number;
  readonly sweepIntervalMs: number;
}

const minute = 60_000;
const hour = 60 * minute;

export const defaultLimits: Limits = {
  fieldBytes: 64 * 1024,
  allFieldsBytes: 256 * 1024,
  parts: 64,
  stallMs: minute,
  requestMs: 6 * hour,
  drainMs: minute,
  drainBytesPerSecond: 64 * 1024,
  drains: 64,
  shutdownMs: 30_000,
  sweepGraceMs: 24 * hour,
  sweepIntervalMs: hour,
};
