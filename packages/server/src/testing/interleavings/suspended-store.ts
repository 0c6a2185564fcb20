import type { BlobEntry, BlobStore } from "../../storage/blob-store.ts";
import type { Actor } from "./actor.ts";
import { Footprint } from "./footprint.ts";

/** The record that all actors' views of one store share. */
export interface StoreRecord {
  /**
   * The objects by key. Each has a name that is the same in every run, and its time of storage by the tests' clock, to
   * which no disk's clock can be set.
   */
  readonly objects: Map<string, { readonly name: string; readonly storedAt: number }>;
  readonly now: () => number;
  /** Called when an object has been deleted. */
  readonly onDelete: (key: string) => Promise<void>;
}

/** Makes the store's calls steps of the actor. A `put` has two steps: before the call, and before its answer. */
export function suspendStore(blobs: BlobStore, record: StoreRecord, actor: Actor): BlobStore {
  const { objects, now, onDelete } = record;
  const nameOf = (key: string) => objects.get(key)?.name ?? "an object of nobody's";
  const listing = "the listing";
  let puts = 0;
  return {
    partial: blobs.partial,
    async put(key, source, signal) {
      const name = `object ${++puts} of ${actor.name}`;
      await actor.step(`put ${name}`, new Footprint().changes(name).adds(listing));
      objects.set(key, { name, storedAt: now() });
      actor.touched.looks("the clock");
      await blobs.put(key, source, signal);
      await actor.step(`has put ${name}`, new Footprint());
    },
    async size(key, signal) {
      await actor.step(`size of ${nameOf(key)}`, new Footprint().looks(nameOf(key)));
      return blobs.size(key, signal);
    },
    async delete(key, signal) {
      await actor.step(`delete ${nameOf(key)}`, new Footprint().changes(nameOf(key)).adds(listing));
      await blobs.delete(key, signal);
      await onDelete(key);
    },
    async *list(signal) {
      await actor.step("list the store", new Footprint().looks(listing));
      const found = new Map<string, BlobEntry>();
      for await (const entry of blobs.list(signal)) found.set(entry.key, entry);
      // Lists the objects in the same order in every run, because the order of their keys differs.
      for (const [key, { storedAt }] of [...objects]) {
        const entry = found.get(key);
        if (entry !== undefined) yield { ...entry, modifiedAt: new Date(storedAt) };
      }
    },
    read: (key, range, signal) => blobs.read(key, range, signal),
    removeUnfinished: (startedBefore, spared, signal) => blobs.removeUnfinished(startedBefore, spared, signal),
    check: (signal) => blobs.check(signal),
    close: () => blobs.close(),
  };
}
