/** A family that ships with the package. */
export interface Family {
  /** The name in a URL (`ff`), as ImageKit writes it. */
  readonly name: string;
  /** The name in the font files, where it is another one. */
  readonly inFiles?: string;
  /** The last part of the name of the npm package that has the font files. */
  readonly from: string;
}

/** The built-in families, in the order of the alphabet. */
export const families: readonly Family[] = [
  { name: "AbrilFatFace", inFiles: "Abril Fatface", from: "abril-fatface" },
  { name: "Amaranth", from: "amaranth" },
  { name: "Arvo", from: "arvo" },
  { name: "Audiowide", from: "audiowide" },
  { name: "Chivo", from: "chivo" },
  { name: "Crimson Text", from: "crimson-text" },
  { name: "exo", inFiles: "Exo", from: "exo" },
  { name: "Fredoka One", from: "fredoka-one" },
  { name: "Gravitas One", from: "gravitas-one" },
  { name: "Kanit", from: "kanit" },
  { name: "Lato", from: "lato" },
  { name: "Lobster", from: "lobster" },
  { name: "Lora", from: "lora" },
  { name: "Monoton", from: "monoton" },
  { name: "Montserrat", from: "montserrat" },
  { name: "Old Standard", inFiles: "Old Standard TT", from: "old-standard-tt" },
  { name: "Open Sans", from: "open-sans" },
  { name: "PT Mono", from: "pt-mono" },
  { name: "PT_Serif", inFiles: "PT Serif", from: "pt-serif" },
  { name: "Roboto", from: "roboto" },
  { name: "Ubuntu", from: "ubuntu" },
  { name: "Vollkorn", from: "vollkorn" },
];

/** The family of texts that name none, or one that doesn't exist. */
export const standardFamily = "Open Sans";

/**
 * The families from which a character is taken that the text's own family doesn't have, in this order. Characters that
 * Chinese and Japanese share get their Japanese shape.
 */
export const fallbacks: readonly Family[] = [
  { name: "Noto Sans Hebrew", from: "noto-sans-hebrew" },
  { name: "Noto Sans Arabic", from: "noto-sans-arabic" },
  { name: "Noto Sans Devanagari", from: "noto-sans-devanagari" },
  { name: "Noto Sans Thai", from: "noto-sans-thai" },
  { name: "BIZ UDPGothic", from: "biz-udpgothic" },
  { name: "ZCOOL XiaoWei", from: "zcool-xiaowei" },
  { name: "Nanum Gothic", from: "nanum-gothic" },
  { name: "Noto Color Emoji", from: "noto-color-emoji" },
];

const byName: ReadonlyMap<string, string> = new Map(
  families.map(({ name, inFiles = name }) => [comparable(name), inFiles]),
);

/**
 * Finds a built-in family.
 * @param name it is compared without case, spaces and underscores
 * @returns its name in the font files; that of the standard family for a name that isn't built in
 */
export function findFamily(name: string): string {
  return byName.get(comparable(name)) ?? standardFamily;
}

function comparable(name: string): string {
  return name.replaceAll(/[ _]/g, "").toLowerCase();
}
