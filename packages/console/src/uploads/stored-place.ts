import { storedFileName, storedFolderName } from "@sluice/grammar";

interface Place {
  readonly folder: string;
  readonly name: string;
}

/** The place at which the library keeps what is uploaded to a place. */
export function storedPlace({ folder, name }: Place): Place {
  return { folder: folder.split("/").map(storedFolderName).join("/"), name: storedFileName(name) };
}

/**
 * Says where a file is stored, as far as that is elsewhere than it was to be.
 * @returns its name, its whole path if its folder has another name, or undefined
 */
export function differentPlace(wanted: Place, stored: Place): string | undefined {
  if (stored.folder !== wanted.folder) return `${stored.folder}/${stored.name}`.replace("//", "/");
  return stored.name === wanted.name ? undefined : stored.name;
}
