import type { TagGroups, TagValue } from "./read-tags.ts";
import { nameOfTag } from "./tag-names.ts";
import { userComment, windowsText } from "./tag-texts.ts";

export type NamedTags = Readonly<Record<string, TagValue>>;

/** The raw EXIF values by their names. A group without values is there, but empty (docs/protocol/media-api.md §2.3). */
export type ExifGroups = { readonly [Group in keyof TagGroups]: NamedTags } & {
  /** Always empty: the data that manufacturers keep there is documented nowhere. */
  readonly makernote: NamedTags;
};

export function exifGroups(groups: TagGroups | undefined): ExifGroups {
  const named = (group: keyof TagGroups) => namedTags(group, groups);
  return {
    image: named("image"),
    thumbnail: named("thumbnail"),
    exif: named("exif"),
    gps: named("gps"),
    interoperability: named("interoperability"),
    makernote: {},
  };
}

function namedTags(group: keyof TagGroups, groups: TagGroups | undefined): NamedTags {
  const named = new Map<string, TagValue>();
  for (const [tag, value] of groups?.[group] ?? []) {
    const name = nameOfTag(group, tag);
    if (name !== undefined && !named.has(name))
      named.set(name, windowsText(tag, value) ?? userComment(tag, value) ?? value);
  }
  return Object.fromEntries(named);
}
