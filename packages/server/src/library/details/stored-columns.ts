import type { VersionRow } from "../../database/repositories/files.ts";
import {
  type ChangeableColumns,
  type ChangedValues,
  type Stored,
  type StoredColumns,
  type StoredName,
  type StoredNames,
  type StoredParameter,
  type StoredValues,
  storedParameters,
} from "./stored-parameters.ts";

// The types of `storedParameters` say what belongs to which name. This file reads all entries in the same way.
interface Readable extends Omit<StoredParameter, "read" | "write"> {
  readonly read: (column: unknown) => unknown;
  readonly write: (value: unknown) => unknown;
}
const all = Object.entries(storedParameters) as unknown as readonly (readonly [StoredName, Readable])[];

type KeptUnless = Extract<Stored[StoredName], { readonly keptUnless: string }>["keptUnless"];

/** The values that an upload gives, and the flags that keep the previous version's values. */
export type GivenValues = StoredValues & Readonly<Record<KeptUnless, boolean>>;

const givenNames = all.flatMap(([name, { keptUnless }]) =>
  keptUnless === undefined ? [name] : [name, keptUnless],
) as readonly (keyof GivenValues)[];

/** Picks the stored values and their flags from an upload's parameters. */
export function givenValues(request: GivenValues): GivenValues {
  return Object.fromEntries(givenNames.map((name) => [name, request[name]])) as unknown as GivenValues;
}

/**
 * The columns of an uploaded version, with those that it takes over from the previous one (docs/protocol/upload.md §8).
 */
export function columnsOfUpload(given: GivenValues, previous: VersionRow | undefined): StoredColumns {
  const columns = all.map(([name, stored]) => {
    const { column, write } = stored;
    const takes = previous !== undefined && isKept(given, name, stored);
    return [column, takes ? previous[column] : write(given[name])];
  });
  return Object.fromEntries(columns);
}

/** The names of the parameters that say who may see a version. */
export type VisibilityName = StoredNames<"isVisibility", true>;

export const visibilityNames: readonly VisibilityName[] = all
  .filter(([, { isVisibility }]) => isVisibility)
  .map(([name]) => name as VisibilityName);

export const visibilityColumns = Object.fromEntries(
  visibilityNames.map((name) => [name, storedParameters[name].column]),
) as { readonly [Name in VisibilityName]: Stored[Name]["column"] };

/** The stored parameters that a new version takes over from the previous one because the upload keeps their values. */
export function keptNames(given: GivenValues): StoredName[] {
  return all.filter(([name, stored]) => isKept(given, name, stored)).map(([name]) => name);
}

function isKept(given: GivenValues, name: StoredName, { keptUnless }: Readable): boolean {
  return given[name] === undefined && keptUnless !== undefined && !given[keptUnless as KeptUnless];
}

/** The columns of a version, for another version that takes them over. */
export function columnsOfVersion(version: StoredColumns): StoredColumns {
  return Object.fromEntries(all.map(([, { column }]) => [column, version[column as keyof StoredColumns]])) as never;
}

/** The columns that a change of a file changes. */
export function columnsOfChange(changed: ChangedValues): Partial<ChangeableColumns> {
  const values: Readonly<Record<string, unknown>> = changed;
  const given = all.filter(([name]) => values[name] !== undefined);
  return Object.fromEntries(given.map(([name, { column, write }]) => [column, write(values[name] ?? undefined)]));
}

/** The parsers for the members of a change. */
export const changeParsers = Object.fromEntries(
  all.flatMap(([name, { change }]) => (typeof change === "function" ? [[name, change]] : [])),
) as { readonly [Name in keyof ChangedValues]-?: (value: unknown) => ChangedValues[Name] };

/** The columns of a version whose upload gives no values. */
export const defaultColumns = Object.fromEntries(
  all.map(([, { column, default: standard, write }]) => [column, write(standard)]),
) as StoredColumns;

/** The columns that may change, each with its default value. */
export const changeableColumns = Object.fromEntries(
  all.flatMap(([, { change, column, default: standard, write }]) =>
    change === undefined ? [] : [[column, write(standard)]],
  ),
) as ChangeableColumns;

type Shown<Name extends StoredName> = ReturnType<Stored[Name]["read"]>;

export type StoredInFile = {
  -readonly [Name in StoredNames<"inFile", "always">]: Shown<Name>;
} & { -readonly [Name in StoredNames<"inFile", "if set">]?: NonNullable<Shown<Name>> };

/** The stored values that a file object of the media API or of an event shows. */
export function storedInFile(version: StoredColumns): StoredInFile {
  return shown(version, ({ inFile }) => inFile) as StoredInFile;
}

export type StoredInAnswer = {
  -readonly [Name in StoredNames<"inAnswer", "if set">]?: NonNullable<Shown<Name>>;
};

/** The stored values that an upload's answer shows without being asked for them. */
export function storedInAnswer(version: StoredColumns): StoredInAnswer {
  return shown(version, ({ inAnswer }) => (inAnswer === "if set" ? inAnswer : "never"));
}

export type StoredOnRequest = StoredNames<"inAnswer", "on request">;

const onRequest = all.filter(([, { inAnswer }]) => inAnswer === "on request");

/** Reads the stored values that `responseFields` asks for in an upload's answer. */
export const shownOnRequest = Object.fromEntries(
  onRequest.map(([name, { column, read }]) => [
    name,
    (version: StoredColumns) => read(version[column as keyof StoredColumns]),
  ]),
) as { readonly [Name in StoredOnRequest]: (version: StoredColumns) => Shown<Name> };

/** The response field for each column that an upload's answer can show. */
export const fieldOfColumn: ReadonlyMap<string, StoredOnRequest> = new Map(
  onRequest.map(([name, { column }]) => [column, name as StoredOnRequest]),
);

function shown(version: StoredColumns, when: (stored: Readable) => "always" | "if set" | "never"): object {
  const members = all.flatMap(([name, stored]) => {
    const value = stored.read(version[stored.column as keyof StoredColumns]);
    const condition = when(stored);
    const isShown = condition === "always" || (condition === "if set" && value !== null);
    return isShown ? [[name, value] as const] : [];
  });
  return Object.fromEntries(members);
}
