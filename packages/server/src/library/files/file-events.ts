import type { Connection } from "../../database/database.ts";
import type { AssetRow } from "../../database/repositories/assets.ts";
import type { EventContext } from "../../events/event-context.ts";
import type { EventType } from "../../events/event-types.ts";
import { isTold, recordEvents } from "../../events/record-event.ts";
import { findThumbnailKey } from "./asset-url.ts";
import { fileObject } from "./file-object.ts";

type FileEventType = Extract<EventType, "file.created" | "file.updated" | "file-version.created">;

/**
 * Records events in the transaction of a change. The events show the file as `GET` details shows it from now on
 * (docs/protocol/webhooks-and-extensions.md §5).
 * @param at Unix milliseconds: the events' `created_at`
 */
export async function recordFileEvents(
  connection: Connection,
  context: EventContext | undefined,
  types: readonly FileEventType[],
  asset: AssetRow,
  at: number = asset.updated_at,
): Promise<void> {
  if (context === undefined || !types.some((type) => isTold(context, type))) return;
  const thumbnailKey = await findThumbnailKey(connection, context.accountId, [asset], at);
  const data = () => fileObject(asset, { ...context, thumbnailKey });
  await recordEvents(
    connection,
    context,
    types.map((type) => ({ type, data })),
    at,
  );
}
