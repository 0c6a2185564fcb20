export type { ExtensionError, ExtensionStatus, ExtensionStatuses } from "@sluice/protocol/schemas";

/**
 * One entry of the parameter `extensions`, its own members checked: JSON (docs/protocol/webhooks-and-extensions.md §1).
 */
export interface Extension {
  readonly name: string;
  /** What it is to do, in the protocol's names. */
  readonly options: Readonly<Record<string, unknown>>;
}
