import type { LayerFiles } from "@sluice/grammar";
import { viewerOfServer } from "../../access/viewer.ts";
import type { DeliverySwitches } from "../../accounts/delivery-switches.ts";
import { maxLayers } from "../../config/limits.ts";
import type { Connection } from "../../database/database.ts";
import type { DeliverableRow } from "../../database/repositories/deliverables.ts";
import { missingLayer, undecodableLayer } from "../../media/image/plan/layer-steps.ts";
import { sourceFormatOf } from "../../media/image/plan/source-facts.ts";
import { DeliveryRefusal } from "../refusals/refusal.ts";
import { type Asker, mayDraw } from "./access.ts";
import { findByPath } from "./find-file.ts";

/**
 * The current versions of the files that layers show, and of the fonts in which they are written, by the paths that the
 * transformation names.
 */
export type LayerVersions = ReadonlyMap<string, DeliverableRow>;

export const noLayers: LayerVersions = new Map();

/**
 * Finds the files that layers show and write with. A file that the client may not see counts as missing, so that the
 * answer doesn't tell that it is there. A font that is missing is left out: its text is written in the standard one.
 * @throws DeliveryRefusal LAYER_NOT_FOUND, TRANSFORMATION_LIMIT
 */
export async function findLayers(
  reader: Connection,
  { accountId, switches }: { readonly accountId: string; readonly switches: DeliverySwitches },
  { pictures, videos, subtitles, fonts }: LayerFiles,
  asker: Asker,
): Promise<LayerVersions> {
  const wanted = pictures.size + videos.size + subtitles.size + fonts.size;
  if (wanted === 0) return noLayers;
  if (wanted > maxLayers) {
    const message = `The transformation has more than ${maxLayers} layers`;
    throw new DeliveryRefusal("TRANSFORMATION_LIMIT", {}, { message });
  }
  const versions = new Map<string, DeliverableRow>();
  const find = async (path: string): Promise<DeliverableRow | undefined> => {
    const version = await findByPath(reader, viewerOfServer(accountId), path);
    return version !== undefined && mayDraw(switches, version, asker) ? version : undefined;
  };
  const shown = [
    [pictures, ({ mime }: DeliverableRow) => sourceFormatOf(mime) !== undefined],
    [videos, isFilm],
    [subtitles, ({ mime }: DeliverableRow) => subtitleTypes.has(mime)],
  ] as const;
  for (const [paths, isOfKind] of shown) {
    for (const path of paths) {
      const version = versions.get(path) ?? (await find(path));
      if (version === undefined) throw refusal(missingLayer(path));
      if (!isOfKind(version)) throw refusal(undecodableLayer(path));
      versions.set(path, version);
    }
  }
  for (const path of fonts) {
    const version = await find(path);
    if (version === undefined) continue;
    if (!fontTypes.has(version.mime)) throw refusal(undecodableLayer(path));
    versions.set(path, version);
  }
  return versions;
}

/** An animated GIF may be played as a video (docs/protocol/transformations.md §7). */
function isFilm({ kind, mime }: DeliverableRow): boolean {
  return kind === "video" || mime === "image/gif";
}

const subtitleTypes: ReadonlySet<string> = new Set(["application/x-subrip", "text/vtt"]);

/** The types of fonts that the renderer of texts can read. They don't include those that are compressed for the web. */
const fontTypes: ReadonlySet<string> = new Set(["font/ttf", "font/otf", "font/collection"]);

function refusal(message: string): DeliveryRefusal {
  return new DeliveryRefusal("LAYER_NOT_FOUND", {}, { message });
}
