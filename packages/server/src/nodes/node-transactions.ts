import type { Connection } from "../database/database.ts";
import {
  deleteNode,
  forgetSilentNodes,
  type NodeFloor,
  type NodeToRecord,
  recordNode,
  shareFloor,
} from "../database/repositories/nodes.ts";

/**
 * Records that a server lives: at its start, and again and again. Both look at the floor, because a server that was
 * silent for a while counts as dead, and a feature that it doesn't know may have been switched on meanwhile.
 * @returns the floor, if the server is below it and must not serve
 */
export async function tellNode(connection: Connection, node: NodeToRecord): Promise<NodeFloor | undefined> {
  const floor = await shareFloor(connection);
  if (floor.level > node.level) {
    await deleteNode(connection, node.id);
    return floor;
  }
  await recordNode(connection, node);
  await forgetSilentNodes(connection, node.now);
  return undefined;
}

tellNode.makesRoom = true;

export async function endNode(connection: Connection, { id }: { readonly id: string }): Promise<void> {
  await deleteNode(connection, id);
}

endNode.makesRoom = true;
