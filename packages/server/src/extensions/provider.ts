import type { Readable } from "node:stream";
import type { AssetRow } from "../database/repositories/assets.ts";
import type { ExtensionError } from "../events/record-event.ts";
import type { Endpoint } from "../library/files/asset-url.ts";
import type { SpooledFile } from "../spool/spool-file.ts";
import type { Extension } from "./extension.ts";
import type { Scalar } from "./parse/ai-tasks.ts";

/** A task for a provider. */
export interface ExtensionTask {
  /** The same on every attempt, so that a provider that charges for its work can recognise a repetition. */
  readonly runId: string;
  readonly extension: Extension;
  /** The version that the extension was asked for, with its file and folder. */
  readonly asset: AssetRow;
  /** The address under which the files of the asset's account are delivered, without a trailing slash. */
  readonly endpoint: Endpoint;
  /** Whether an answer waits for the result. Long work is better left to the job, which has the time. */
  readonly awaited: boolean;
  /** Opens the version's bytes; read them to their end or destroy the stream. */
  readonly read: (signal: AbortSignal) => Promise<Readable>;
}

export interface AiTag {
  readonly name: string;
  /** A number from 0 to 100. */
  readonly confidence: number;
}

/** The changes that a provider wants made to the asset. Absent members change nothing. */
export interface ExtensionResult {
  /** Replaces the tags that this extension found before. The highest confidence comes first. */
  readonly aiTags?: readonly AiTag[];
  readonly addTags?: readonly string[];
  readonly removeTags?: readonly string[];
  readonly description?: string;
  /**
   * Values by field name; null unsets a value. They are checked against the account's fields before they are applied.
   */
  readonly customMetadata?: Readonly<Record<string, unknown>>;
  /** Chosen values by field name: several for a field that takes several, one for any other field. */
  readonly selections?: Readonly<Record<string, readonly Scalar[]>>;
  /** The bytes of a new version. The provider that made the result discards them once the result is applied. */
  readonly version?: { readonly file: SpooledFile; readonly head: Uint8Array };
}

/**
 * Does the work of extensions. A provider may get the same task again after it has answered (at least once).
 * It throws ExtensionFailure where a retry would fail in the same way. After any other error the task is retried,
 * within bounds.
 */
export interface ExtensionProvider {
  /** @param use applies the result; afterwards the provider releases what it holds for the result */
  run<Outcome>(
    task: ExtensionTask,
    use: (result: ExtensionResult) => Promise<Outcome>,
    signal: AbortSignal,
  ): Promise<Outcome>;
}

export class ExtensionFailure extends Error {
  override readonly name = "ExtensionFailure";
  readonly reason: string;

  /** @param message a sentence for the receiver of `webhookUrl` */
  constructor(reason: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }

  toJSON(): ExtensionError {
    return { reason: this.reason, message: this.message };
  }
}

/** The providers of extensions, by the extensions' names. */
export interface ExtensionProviders {
  find(name: string): ExtensionProvider | undefined;
  close(): Promise<void>;
}
