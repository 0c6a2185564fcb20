export type { ExtensionError, ExtensionStatus, ExtensionStatuses } from "@sluice/protocol/schemas";

/**
 * One entry of the parameter `extensions`, as JSON. The entry's own members have been checked
 * (docs/protocol/webhooks-and-extensions.md §1).
 */
export interface Extension {
  readonly name: string;
  /** The extension's options, under the protocol's names. */
  readonly options: Readonly<Record<string, unknown>>;
}
