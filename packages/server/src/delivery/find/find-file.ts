import type { DeliverySwitches } from "../../accounts/delivery-switches.ts";
import type { Connection } from "../../database/database.ts";
import type { DeliverableRow } from "../../database/repositories/deliverables.ts";
import { DeliveryRefusal } from "../refusals/refusal.ts";
import type { DeliveryUrl } from "../url/delivery-url.ts";
import { type Asker, isThere, mayShow, refuseUnshown } from "./access.ts";
import { findByPath, findVersionOfUrl } from "./find-version.ts";

/** The version that a URL asks for, drafts and private files included, and what the URL wants made of the file. */
export interface Asked {
  readonly asked: DeliverableRow | undefined;
  readonly suffixes: DeliveryUrl["suffixes"];
}

/**
 * Finds the version that a URL asks for. A virtual suffix may be a file's own name where no file is in front of it. A URL
 * with another URL in the place of its path asks for nothing of the library.
 */
export async function findAsked(reader: Connection, accountId: string, url: DeliveryUrl): Promise<Asked> {
  if (url.remote !== undefined) return { asked: undefined, suffixes: url.suffixes };
  for (let names = 0; names <= url.suffixes.length; names += 1) {
    const segments = [...url.segments, ...url.suffixes.slice(0, names)];
    const asked = await findVersionOfUrl(reader, accountId, { ...url, segments });
    if (asked !== undefined) return { asked, suffixes: url.suffixes.slice(names) };
  }
  return { asked: undefined, suffixes: url.suffixes };
}

/**
 * Finds the default image that replaces a missing file or version (docs/protocol/delivery.md §10). If the client may
 * not see the default image, that counts as missing as well.
 * @throws DeliveryRefusal NOT_FOUND, PRIVATE
 */
export async function findInstead(
  reader: Connection,
  { accountId, switches }: { readonly accountId: string; readonly switches: DeliverySwitches },
  url: DeliveryUrl,
  defaultImage: string | undefined,
  asker: Asker,
): Promise<DeliverableRow> {
  if (url.objectVersion !== undefined) {
    // A client that may not see a file isn't told which versions the file has.
    const { asked: current } = await findAsked(reader, accountId, { ...url, objectVersion: undefined });
    if (isThere(current)) refuseUnshown(switches, current, asker);
  }
  const version = defaultImage === undefined ? undefined : await findByPath(reader, accountId, defaultImage);
  if (!isThere(version) || !mayShow(switches, version, asker)) throw new DeliveryRefusal("NOT_FOUND");
  return version;
}
