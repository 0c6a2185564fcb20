import { toNfc } from "@sluice/grammar";
import type { Connection } from "../../database/database.ts";
import { type DeliverableRow, findDeliverable } from "../../database/repositories/deliverables.ts";
import type { DeliveryUrl } from "../url/delivery-url.ts";

/**
 * Finds the version that the URL means, drafts and private files included.
 * @returns undefined where there is none
 */
export async function findVersionOfUrl(
  connection: Connection,
  accountId: string,
  url: Pick<DeliveryUrl, "segments" | "seo" | "objectVersion">,
): Promise<DeliverableRow | undefined> {
  if (url.objectVersion === undefined || objectVersionShape.test(url.objectVersion)) {
    for (const path of candidatePaths(url)) {
      const version = await findDeliverable(connection, accountId, splitPath(path), url.objectVersion);
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
  accountId: string,
  path: string,
): Promise<DeliverableRow | undefined> {
  return findVersionOfUrl(connection, accountId, { segments: path.split("/"), seo: false, objectVersion: undefined });
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
