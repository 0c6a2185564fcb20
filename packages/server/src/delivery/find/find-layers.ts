import type { DeliverySwitches } from "../../accounts/delivery-switches.ts";
import { maxLayers } from "../../config/limits.ts";
import type { Connection } from "../../database/database.ts";
import type { DeliverableRow } from "../../database/repositories/deliverables.ts";
import { missingLayer, undecodableLayer } from "../../media/image/render/layers/layer-source.ts";
import { sourceFormatOf } from "../../media/image/render/read-source.ts";
import { DeliveryRefusal } from "../refusals/refusal.ts";
import { type Asker, mayDraw } from "./access.ts";
import { findByPath } from "./find-version.ts";

/** The current versions of the files that layers draw, by the paths that the transformation names. */
export type LayerVersions = ReadonlyMap<string, DeliverableRow>;

export const noLayers: LayerVersions = new Map();

/**
 * Finds the files that layers draw. A file that the client may not see counts as missing, so that the answer doesn't
 * tell that it is there.
 * @param paths the segments of each path joined by `/`
 * @throws DeliveryRefusal LAYER_NOT_FOUND, TRANSFORMATION_LIMIT
 */
export async function findLayers(
  reader: Connection,
  { accountId, switches }: { readonly accountId: string; readonly switches: DeliverySwitches },
  paths: ReadonlySet<string>,
  asker: Asker,
): Promise<LayerVersions> {
  if (paths.size === 0) return noLayers;
  if (paths.size > maxLayers) {
    const message = `The transformation has more than ${maxLayers} layers`;
    throw new DeliveryRefusal("TRANSFORMATION_LIMIT", {}, { message });
  }
  const versions = new Map<string, DeliverableRow>();
  for (const path of paths) {
    const version = await findByPath(reader, accountId, path);
    if (version === undefined || !mayDraw(switches, version, asker)) throw refusal(missingLayer(path));
    if (sourceFormatOf(version.mime) === undefined) throw refusal(undecodableLayer(path));
    versions.set(path, version);
  }
  return versions;
}

function refusal(message: string): DeliveryRefusal {
  return new DeliveryRefusal("LAYER_NOT_FOUND", {}, { message });
}
