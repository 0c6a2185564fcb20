import type { UploadOutcome } from "@sluice/protocol/schemas";
import type { Services } from "../../app/services.ts";
import type { SpooledFile } from "../../spool/spool-file.ts";
import type { UploadFixture } from "../upload-fixture.ts";
import type { Actor } from "./actor.ts";
import type { FileNames } from "./statement-footprint.ts";

/** What a part is played with: the services of a node, each of whose steps is one of its actor's. */
export interface Node {
  readonly actor: Actor;
  readonly services: Pick<Services, "blobs" | "config" | "database" | "freeSpace" | "now">;
  readonly fixture: UploadFixture;
  readonly history: History;
  readonly fileNames: FileNames;
  /** A file with this content, received. */
  spooled(content: string): SpooledFile;
  /** Moves the clock of all, which stands still otherwise. Not while a transaction runs: it takes no time. */
  passTime(ms: number, allowed?: () => boolean): Promise<void>;
}

/** What was promised to somebody, and what was taken back at somebody's wish. */
export interface History {
  readonly acknowledged: AcknowledgedVersion[];
  /** The tokens with which somebody was let in. */
  readonly admissions: string[];
  /** What those who asked for an upload's outcome were told. */
  readonly told: UploadOutcome["outcome"][];
  /** Ids of files and of versions. */
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
  /** Makes what there is before the parts begin. */
  readonly before?: Part;
  /** By the actors' names. */
  readonly parts: Readonly<Record<string, Part>>;
  /** The reasons for which a part may be refused; anything else that a part throws fails the test. */
  readonly refusals?: readonly string[];
}
