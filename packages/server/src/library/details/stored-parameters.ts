import type { VersionRow } from "../../database/repositories/files.ts";
import { parseBoolean, parseCoordinates, parseDescription, parseTags } from "../parameters/values.ts";
import { parseChangedTags, parseChangedText } from "./changed-values.ts";

/** All that there is to know of an upload's parameter that is stored with its version, in a column of its own. */
export interface StoredParameter {
  readonly column: keyof VersionRow;
  /** Reads the form's field. @throws ParameterProblem */
  readonly parse: (text: string) => unknown;
  /** Stands in when the upload leaves the parameter out. */
  readonly default: unknown;
  /** The column's value. */
  readonly write: (value: never) => VersionRow[keyof VersionRow];
  /** What answers and files show. */
  readonly read: (column: never) => unknown;
  /** The flag of an upload that, set to false, lets a new version keep the value of the version before. */
  readonly keptUnless?: `overwrite${string}`;
  /** When an upload's answer shows it. */
  readonly inAnswer: "on request" | "if set";
  /** When a file of the media API, or of an event, shows it. */
  readonly inFile: "always" | "if set";
  /** Reads the member of a change of a file; null unsets the value. Absent where the value never changes. */
  readonly change?: "published" | ((value: unknown) => unknown);
}

/** The only place that a new one needs beside its column: docs/protocol/upload.md §5, CONTRIBUTING. */
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
  isPrivateFile: { ...flag("is_private_file", false), inAnswer: "on request", inFile: "always" },
  isPublished: { ...flag("is_published", true), inAnswer: "on request", inFile: "always", change: "published" },
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

/** The names of those of which `Property` is a `Kind`. */
export type StoredNames<Property extends keyof StoredParameter, Kind> = {
  [Name in StoredName]: Stored[Name] extends { readonly [P in Property]: Kind } ? Name : never;
}[StoredName];

/** What an upload says of them, with the defaults. */
export type StoredValues = {
  readonly [Name in StoredName]: Stored[Name]["default"] | ReturnType<Stored[Name]["parse"]>;
};

/** What a change of a file says of them; null unsets one, and what is absent stays. */
export type ChangedValues = {
  readonly [Name in StoredNames<"change", (value: unknown) => unknown>]?: ReturnType<Stored[Name]["change"]>;
};

type ColumnsOf<Name extends StoredName> = {
  readonly [N in Name as Stored[N]["column"]]: VersionRow[Stored[N]["column"]];
};

export type StoredColumns = ColumnsOf<StoredName>;
export type ChangeableColumns = ColumnsOf<StoredNames<"change", unknown>>;
