import { toNfc } from "@sluice/grammar";
import { type Viewer, viewerOfServer } from "../../access/viewer.ts";
import type { DeliverySwitches } from "../../accounts/delivery-switches.ts";
import type { Connection } from "../../database/database.ts";
import { type DeliverableRow, findDeliverable } from "../../database/repositories/deliverables.ts";
import { DeliveryRefusal } from "../refusals/refusal.ts";
import type { DeliveryUrl } from "../url/delivery-url.ts";
import { type Asker, isThere, mayShow, refuseUnshown } from "./access.ts";

/**
 * Finds the version that the URL means, drafts and private files included.
 * @returns undefined where there is none
 */
async function findVersionOfUrl(
  connection: Connection,
  viewer: Viewer,
  url: Pick<DeliveryUrl, "segments" | "seo" | "objectVersion">,
): Promise<DeliverableRow | undefined> {
  if (url.objectVersion === undefined || objectVersionShape.test(url.objectVersion)) {
    for (const path of candidatePaths(url)) {
      const version = await findDeliverable(connection, viewer, splitPath(path), url.objectVersion);
      if (version !== undefined) return version;
    }
  }
  return undefined;
}

/**
 * Finds the current version of the file that a transformation names.
 * @param path the path's segments joined by `/` (docs/protocol/delivery.md §10)
 */
export async function findByPath(
  connection: Connection,
  viewer: Viewer,
  path: string,
): Promise<DeliverableRow | undefined> {
  return findVersionOfUrl(connection, viewer, { segments: path.split("/"), seo: false, objectVersion: undefined });
}

/** The characters and the length of an object version (docs/protocol/delivery.md §7). */
const objectVersionShape = /^[A-Za-z0-9_.-]{1,256}$/;

/**
 * The paths that the URL may mean. Each is also tried in NFC, since names are stored in NFC and clients on Macs send
 * NFD.
 */
function candidatePaths({ segments, seo }: Pick<DeliveryUrl, "segments" | "seo">): Set<string> {
  const paths = (seo ? withoutSeoName(segments) : [segments]).map((path) => path.join("/"));
  return new Set(paths.flatMap((path) => [path, toNfc(path)]));
}

/** `dir/name/what-it-shows.jpg` is `dir/name.jpg`, or `dir/name` (docs/protocol/delivery.md §10). */
function withoutSeoName(segments: readonly string[]): string[][] {
  const path = segments.slice(0, -1);
  const name = path.pop();
  if (name === undefined) return [];
  const extension = /\.[^.]*$/.exec(segments.at(-1) ?? "")?.[0] ?? "";
  return [
    [...path, name + extension],
    [...path, name],
  ];
}

function splitPath(path: string): { readonly folder: string; readonly name: string } {
  const slash = path.lastIndexOf("/");
  return { folder: `/${path.slice(0, Math.max(slash, 0))}`, name: path.slice(slash + 1) };
}

/** The version that a URL asks for, drafts and private files included, and what the URL wants made of the file. */
interface Asked {
  readonly asked: DeliverableRow | undefined;
  readonly suffixes: DeliveryUrl["suffixes"];
}

/**
 * Finds the version that a URL asks for. A virtual suffix may be a file's own name where no file is in front of it. A URL
 * with another URL in the place of its path asks for nothing of the library.
 */
export async function findAsked(reader: Connection, viewer: Viewer, url: DeliveryUrl): Promise<Asked> {
  if (url.remote !== undefined) return { asked: undefined, suffixes: url.suffixes };
  for (let names = 0; names <= url.suffixes.length; names += 1) {
    const segments = [...url.segments, ...url.suffixes.slice(0, names)];
    const asked = await findVersionOfUrl(reader, viewer, { ...url, segments });
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
  const viewer = viewerOfServer(accountId);
  if (url.objectVersion !== undefined) {
    // A client that may not see a file isn't told which versions the file has.
    const { asked: current } = await findAsked(reader, viewer, { ...url, objectVersion: undefined });
    if (isThere(current)) refuseUnshown(switches, current, asker);
  }
  const version = defaultImage === undefined ? undefined : await findByPath(reader, viewer, defaultImage);
  if (!isThere(version) || !mayShow(switches, version, asker)) throw new DeliveryRefusal("NOT_FOUND");
  return version;
}
