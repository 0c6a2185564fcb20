import { SluiceError } from "@sluice/protocol";
import type { VersionRow } from "../../database/repositories/files.ts";
import { invalidParameter, ParameterProblem } from "../../text/parameter.ts";
import {
  checkTags,
  maxTagsLength,
  parseBoolean,
  parseCoordinates,
  parseDescription,
  parseTags,
} from "../parameters/values.ts";

/** Parses the tags in a change of a file. @returns null where the change unsets them */
function parseChangedTags(value: unknown): readonly string[] | null {
  if (value === null) return null;
  if (!Array.isArray(value) || !value.every((tag) => typeof tag === "string")) {
    throw invalidParameter("tags", "It must be an array of strings, or null to unset the tags.");
  }
  const tags = value.map((tag) => tag.trim()).filter(Boolean);
  if ([...tags.join("")].length > maxTagsLength) throw new SluiceError("TAGS_TOO_LONG");
  return tags.length === 0 ? null : checkTags(tags);
}

/**
 * Parses a text in a change of a file. An empty text unsets the value like null, because uploads can't set it either.
 */
export function parseChangedText(parse: (text: string) => string): (value: unknown) => string | null {
  return (value) => {
    if (value === null || value === "") return null;
    if (typeof value !== "string") throw new ParameterProblem("It must be a string, or null to unset the value.");
    return parse(value);
  };
}

/** Everything about an upload parameter that is stored with the version, in its own column. */
export interface StoredParameter {
  readonly column: keyof VersionRow;
  /** Parses the form field. @throws ParameterProblem */
  readonly parse: (text: string) => unknown;
  /** The value if the upload leaves the parameter out. */
  readonly default: unknown;
  /** Turns the value into the column's value. */
  readonly write: (value: never) => VersionRow[keyof VersionRow];
  /** Turns the column's value into the value that answers and file objects show. */
  readonly read: (column: never) => unknown;
  /** The flag of an upload that, set to false, lets a new version keep the value of the version before. */
  readonly keptUnless?: `overwrite${string}`;
  /** Whether the value says who may see the version. A pair that may only upload never changes it for a file that is there. */
  readonly isVisibility?: true;
  /** The condition under which an upload's answer shows the value. */
  readonly inAnswer: "on request" | "if set";
  /** The condition under which a file object of the media API or of an event shows the value. */
  readonly inFile: "always" | "if set";
  /** Parses the member of a file change; null unsets the value. Absent where the value never changes. */
  readonly change?: "published" | ((value: unknown) => unknown);
}

/**
 * A new stored parameter needs an entry here, its column, and its members in the protocol's schemas
 * (docs/protocol/upload.md §5, CONTRIBUTING.md).
 */
export const storedParameters = {
  tags: {
    column: "tags",
    parse: parseTags,
    default: undefined,
    write: (tags?: readonly string[]) => (tags === undefined || tags.length === 0 ? null : JSON.stringify(tags)),
    read: (column: string | null) => (column === null ? null : (JSON.parse(column) as string[])),
    keptUnless: "overwriteTags",
    inAnswer: "on request",
    inFile: "always",
    change: parseChangedTags,
  },
  customCoordinates: { ...text("custom_coordinates", parseCoordinates), inAnswer: "on request", inFile: "always" },
  isPrivateFile: {
    ...flag("is_private_file", false),
    isVisibility: true,
    inAnswer: "on request",
    inFile: "always",
  },
  isPublished: {
    ...flag("is_published", true),
    isVisibility: true,
    inAnswer: "on request",
    inFile: "always",
    change: "published",
  },
  description: {
    ...text("description", parseDescription),
    keptUnless: "overwriteDescription",
    inAnswer: "if set",
    inFile: "if set",
  },
} as const satisfies Record<string, StoredParameter>;

function text<Column extends keyof VersionRow>(column: Column, parse: (text: string) => string) {
  return {
    column,
    parse,
    default: undefined,
    write: (value?: string) => value ?? null,
    read: (value: string | null) => value,
    change: parseChangedText(parse),
  } as const;
}

function flag<Column extends keyof VersionRow>(column: Column, standard: boolean) {
  return {
    column,
    parse: parseBoolean,
    default: standard,
    write: (value: boolean) => (value ? 1 : 0),
    read: (value: number) => value === 1,
  } as const;
}

export type Stored = typeof storedParameters;
export type StoredName = keyof Stored;

/** The names of the stored parameters whose `Property` is a `Kind`. */
export type StoredNames<Property extends keyof StoredParameter, Kind> = {
  [Name in StoredName]: Stored[Name] extends { readonly [P in Property]: Kind } ? Name : never;
}[StoredName];

/** The stored parameters' values in an upload, with defaults for missing ones. */
export type StoredValues = {
  readonly [Name in StoredName]: Stored[Name]["default"] | ReturnType<Stored[Name]["parse"]>;
};

/** The stored parameters' values in a change of a file. Null unsets a value, and an absent one stays unchanged. */
export type ChangedValues = {
  readonly [Name in StoredNames<"change", (value: unknown) => unknown>]?: ReturnType<Stored[Name]["change"]>;
};

type ColumnsOf<Name extends StoredName> = {
  readonly [N in Name as Stored[N]["column"]]: VersionRow[Stored[N]["column"]];
};

export type StoredColumns = ColumnsOf<StoredName>;
export type ChangeableColumns = ColumnsOf<StoredNames<"change", unknown>>;
