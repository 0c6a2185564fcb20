import type { Connection } from "../../database/database.ts";
import {
  type Hold,
  type OtherHold,
  releaseHold,
  renewHold,
  takeHold,
} from "../../database/repositories/content-holds.ts";
import { assertAllNodesKnow, type OlderNode, restrictingFeatures } from "../../nodes/restricting-features.ts";

/**
 * The sweep of a server that doesn't know holds would delete contents all the same.
 * @returns the hold of somebody else or such a server, or undefined if the hold was taken
 */
export async function takeContentHold(connection: Connection, input: Hold): Promise<OtherHold | OlderNode | undefined> {
  await assertAllNodesKnow(connection, restrictingFeatures.contentHolds, input.now);
  return takeHold(connection, input);
}

takeContentHold.makesRoom = true;

/** @returns false when the hold is lost */
export async function renewContentHold(connection: Connection, input: Hold): Promise<boolean> {
  return renewHold(connection, input);
}

renewContentHold.makesRoom = true;

export async function releaseContentHold(connection: Connection, input: { readonly holder: string }): Promise<void> {
  await releaseHold(connection, input.holder);
}

releaseContentHold.makesRoom = true;
