/** Tags that several files gain or lose alike. */
export interface TagChange {
  readonly fileIds: readonly string[];
  readonly tags: readonly string[];
}

/**
 * What has to be taken back when tags are added to files or removed from them: a file that had a tag before keeps it, and
 * one that never had it doesn't get it.
 */
export function tagsChanged(
  files: readonly { readonly fileId: string; readonly tags: readonly string[] | null }[],
  tags: readonly string[],
  how: "add" | "remove",
): readonly TagChange[] {
  const byTags = new Map<string, { readonly fileIds: string[]; readonly tags: readonly string[] }>();
  for (const { fileId, tags: before } of files) {
    const changed = tags.filter((tag) => (before ?? []).includes(tag) === (how === "remove"));
    if (changed.length === 0) continue;
    const key = JSON.stringify(changed);
    const group = byTags.get(key) ?? { fileIds: [], tags: changed };
    group.fileIds.push(fileId);
    byTags.set(key, group);
  }
  return [...byTags.values()];
}
