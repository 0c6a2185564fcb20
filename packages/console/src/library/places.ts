import { onSignOut } from "../door/session.ts";
import type { FileChain } from "./file-chain.ts";
import type { TopItem } from "./rows.ts";

/** The place at which a view was left. */
export interface Place {
  readonly first: TopItem;
  /** The key of the item that had the keyboard. */
  readonly focused: string | undefined;
}

/** The places of more steps back than this are forgotten. */
const maxPlaces = 100;
/** The files of further lists are loaded again. */
const maxChains = 6;

/** Where views were left, by the entry of the browser's history. */
const places = new Map<string, { readonly list: string; readonly place: Place }>();
/** The lists that were shown, so that a step back shows their files at once. */
const chains = new Map<string, FileChain>();

onSignOut(() => {
  places.clear();
  chains.clear();
});

export function leave(entry: string, list: string, place: Place): void {
  putLast(places, entry, { list, place }, maxPlaces);
}

/**
 * The place at which the view of an entry was left. A link makes another entry, which leads to the beginning.
 * @param list says which list the view shows
 */
export function placeOf(entry: string, list: string): Place | undefined {
  const left = places.get(entry);
  return left?.list === list ? left.place : undefined;
}

/**
 * The files of a list. Where it is shown at the place at which it was left, they are those that were loaded then.
 * @param create makes a list that is loaded from the index of a file on
 */
export function chainOf(list: string, place: Place | undefined, create: (first: number) => FileChain): FileChain {
  const known = place && chains.get(list);
  const chain = known ?? create(place === undefined || place.first.isFolder ? 0 : place.first.index);
  putLast(chains, list, chain, maxChains);
  return chain;
}

/** Puts an entry at the end of a map, and takes the oldest one out where there are too many. */
function putLast<Value>(map: Map<string, Value>, key: string, value: Value, max: number): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > max && oldest !== undefined) map.delete(oldest);
}
