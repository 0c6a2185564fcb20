/**
 * One entry of the parameter `extensions`, its own members checked: JSON (docs/protocol/webhooks-and-extensions.md §1).
 */
export interface Extension {
  readonly name: string;
  /** What it is to do, in the protocol's names. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** How an extension ended, or that it has not ended yet (docs/protocol/webhooks-and-extensions.md §2). */
export type ExtensionStatus = "success" | "failed" | "pending";

export type ExtensionStatuses = Readonly<Record<string, ExtensionStatus>>;

/** Why an extension came to nothing for good: what the receiver of `webhookUrl` is told. */
export interface ExtensionError {
  /** A stable code. */
  readonly reason: string;
  /** A sentence. */
  readonly message: string;
}
