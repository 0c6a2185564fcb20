import type { UploadOutcome } from "@sluice/protocol/schemas";
import type { Services } from "../../app/services.ts";
import type { SpooledFile } from "../../spool/spool-file.ts";
import type { UploadFixture } from "../upload-fixture.ts";
import type { Actor } from "./actor.ts";
import type { Control } from "./control.ts";
import type { FileNames } from "./statement-footprint.ts";

/** A node, which plays a part. Each step of its services is a step of its actor. */
export interface Node {
  readonly actor: Actor;
  readonly services: Pick<Services, "blobs" | "config" | "database" | "freeSpace" | "now">;
  readonly fixture: UploadFixture;
  readonly history: History;
  readonly fileNames: FileNames;
  /** A received file with this content. */
  spooled(content: string): SpooledFile;
  /**
   * Moves the clock that all nodes share, which stands still otherwise. The clock never moves while a transaction runs,
   * because a transaction takes no time.
   */
  passTime(ms: number, allowed?: () => boolean): Promise<void>;
}

/** The promises that the nodes have made to clients, and the things that they have removed at a client's request. */
export interface History {
  readonly acknowledged: AcknowledgedVersion[];
  /** The tokens that were accepted, one entry for each acceptance. */
  readonly admissions: string[];
  /** The outcomes told to clients that asked for an upload's outcome. */
  readonly told: UploadOutcome["outcome"][];
  /** The ids of removed files and versions. */
  readonly removed: Set<string>;
}

export interface AcknowledgedVersion {
  readonly versionId: string;
  readonly fileId: string;
  readonly fileName: string;
  readonly content: string;
}

export type Part = (node: Node) => Promise<unknown>;

export interface Scenario {
  /** Prepares the state before the parts begin. */
  readonly before?: Part;
  /** The parts, by the names of their actors. */
  readonly parts: Readonly<Record<string, Part>>;
  /** The reasons for which a part may be refused. Anything else that a part throws fails the test. */
  readonly refusals?: readonly string[];
  /** Checks what must hold after each interleaving, beyond what always must. */
  readonly after?: (control: Control) => Promise<void>;
}
