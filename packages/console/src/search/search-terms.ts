import type { Format, SearchField, SearchOperator } from "@sluice/grammar";
import type { Answer } from "../api/routes.ts";
import { texts } from "../texts/texts.ts";
import { quoted } from "./search-query.ts";

export type CustomField = Answer<"GET /v1/customMetadataFields">[number];

/** A field of queries with its operators, and the values that are offered for it. */
export interface Term {
  /** As it stands in a query, with quotes where it needs them. */
  readonly field: string;
  readonly label: string;
  readonly operators: readonly SearchOperator[];
  /** `tags`: those of the library that begin so. */
  readonly values: readonly Value[] | "tags";
}

interface Value {
  /** As it stands in a query, with quotes where it needs them. */
  readonly text: string;
  readonly hint?: string;
}

const equal: readonly SearchOperator[] = ["=", "NOT =", "IN", "NOT IN"];
const order: readonly SearchOperator[] = ["=", "<", "<=", ">", ">="];
/** These take an age, which is a moment that nothing is equal to. */
const ageOrder: readonly SearchOperator[] = ["<", "<=", ">", ">="];
const presence: readonly SearchOperator[] = ["EXISTS", "NOT EXISTS"];

const truth: readonly Value[] = [{ text: "true" }, { text: "false" }];
const ages = Object.entries(texts.complete.ages).map(([age, hint]) => ({ text: quoted(age), hint }));
const formats: readonly Format[] = [
  "jpg",
  "png",
  "webp",
  "gif",
  "svg",
  "avif",
  "mp4",
  "webm",
  "mov",
  "pdf",
  "txt",
  "css",
  "js",
  "woff2",
];

/** The fields that every library has. Each of the grammar's fields that people search by is here. */
const fields = {
  name: { operators: [...equal, ":", "HAS"], values: [] },
  tags: { operators: ["IN", "NOT IN", "HAS", ...presence], values: "tags" },
  size: { operators: order, values: ["100kb", "1mb", "10mb", "100mb"].map((size) => ({ text: quoted(size) })) },
  format: { operators: ["=", "IN"], values: formats.map((format) => ({ text: quoted(format) })) },
  createdAt: { operators: ageOrder, values: ages },
  updatedAt: { operators: ageOrder, values: ages },
  width: { operators: order, values: ["640", "1920", "3840"].map((text) => ({ text })) },
  height: { operators: order, values: ["480", "1080", "2160"].map((text) => ({ text })) },
  duration: { operators: order, values: ["10", "60", "600", "3600"].map((text) => ({ text })) },
  bitRate: { operators: order, values: ["1000000", "5000000", "20000000"].map((text) => ({ text })) },
  videoCodec: { operators: equal, values: ["h264", "hevc", "vp9", "av1"].map((codec) => ({ text: quoted(codec) })) },
  audioCodec: { operators: equal, values: ["aac", "mp3", "opus", "flac"].map((codec) => ({ text: quoted(codec) })) },
  path: { operators: [":", "=", "NOT ="], values: [] },
  private: { operators: ["="], values: truth },
  published: { operators: ["="], values: truth },
  transparency: { operators: ["="], values: truth },
  "embeddedMetadata.Keywords": { operators: ["IN", "NOT IN", ...presence], values: [] },
  "embeddedMetadata.DateTimeOriginal": { operators: [...ageOrder, ...presence], values: ages },
  "embeddedMetadata.LocationTaken": { operators: ["=", ...presence], values: [] },
} as const satisfies {
  readonly [Name in Exclude<SearchField, "type" | "id" | "createdBy">]: Omit<Term, "field" | "label">;
};

const operatorsOf: Readonly<Record<CustomField["schema"]["type"], readonly SearchOperator[]>> = {
  Text: [...equal, ":", "HAS", ...presence],
  Textarea: [...equal, ":", "HAS", ...presence],
  Number: [...order, ...presence],
  Date: [...ageOrder, ...presence],
  Boolean: ["=", ...presence],
  SingleSelect: [...equal, ...presence],
  MultiSelect: ["IN", "NOT IN", ...presence],
};

/** Every field that a query may name in this library. */
export function searchTerms(custom: readonly CustomField[]): readonly Term[] {
  const own = Object.entries(fields).map(
    ([name, { operators, values }]): Term => ({
      field: name.includes(".") ? quoted(name) : name,
      label: texts.complete.fields[name as keyof typeof fields],
      operators,
      values,
    }),
  );
  return [...own, ...custom.map(customTerm)];
}

export function customFieldText(name: string): string {
  return quoted(`customMetadata.${name}`);
}

/** A value as it stands in a query. */
export function literal(value: string | number | boolean): string {
  return typeof value === "string" ? quoted(value) : String(value);
}

function customTerm({ name, label, schema }: CustomField): Term {
  const { type, selectOptions = [] } = schema;
  const options = selectOptions.map((option) => ({ text: literal(option) }));
  const values = type === "Boolean" ? truth : type === "Date" ? ages : options;
  return { field: customFieldText(name), label, operators: operatorsOf[type], values };
}
