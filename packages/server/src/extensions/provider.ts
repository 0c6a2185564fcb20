import type { Readable } from "node:stream";
import type { AssetRow } from "../database/repositories/assets.ts";
import type { ExtensionError } from "../events/record-event.ts";
import type { Endpoint } from "../library/files/file-object.ts";
import type { SpooledFile } from "../spool/spool-file.ts";
import type { Extension } from "./extension.ts";
import type { Scalar } from "./parse/ai-tasks.ts";

/** What a provider is given to do. */
export interface ExtensionTask {
  /** The same on every attempt: a provider that charges for its work can tell a repetition by it. */
  readonly runId: string;
  readonly extension: Extension;
  /** The version that the extension was asked for, with its file and folder. */
  readonly asset: AssetRow;
  /** Under which address the files of the asset's account are delivered, without a trailing slash. */
  readonly endpoint: Endpoint;
  /** Whether an answer waits for the result: what takes long is better left to the job, which has the time. */
  readonly awaited: boolean;
  /** Opens the version's bytes; read them to their end or destroy the stream. */
  readonly read: (signal: AbortSignal) => Promise<Readable>;
}

export interface AiTag {
  readonly name: string;
  /** 0 to 100. */
  readonly confidence: number;
}

/** What is to become of the asset. What is absent stays as it is. */
export interface ExtensionResult {
  /** Replaces what this extension had found before; the highest confidence first. */
  readonly aiTags?: readonly AiTag[];
  readonly addTags?: readonly string[];
  readonly removeTags?: readonly string[];
  readonly description?: string;
  /** By field; null unsets. Held against the account's fields before it is applied. */
  readonly customMetadata?: Readonly<Record<string, unknown>>;
  /** Values chosen for fields: several for one that takes several, one for any other. */
  readonly selections?: Readonly<Record<string, readonly Scalar[]>>;
  /** Bytes of a new version; whoever made the result discards them once it is applied. */
  readonly version?: { readonly file: SpooledFile; readonly head: Uint8Array };
}

/**
 * Does the work of extensions. It may be asked for the same task again after it has answered (at least once).
 * Throws ExtensionFailure where trying again would come to the same; anything else is tried again, within bounds.
 */
export interface ExtensionProvider {
  /** @param use applies the result; what the provider holds for it is released when that is over */
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

/** Who does which extension, by its name. */
export interface ExtensionProviders {
  find(name: string): ExtensionProvider | undefined;
  close(): Promise<void>;
}
